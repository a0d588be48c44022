"""boto3's resource API, as its tutorials use it."""

import boto3
from region import ENDPOINT, client, report

FAST = {"WaiterConfig": {"Delay": 1, "MaxAttempts": 40}}
session = boto3.session.Session("test", "test", region_name="ap-northeast-2")
ec2, sqs, iam = (session.resource(name, endpoint_url=ENDPOINT) for name in ("ec2", "sqs", "iam"))

vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")
vpc.wait_until_available(**FAST)
vpc.create_tags(Tags=[{"Key": "Name", "Value": "tutorial"}])
vpc.reload()
assert vpc.tags == [{"Key": "Name", "Value": "tutorial"}], vpc.tags
subnet = vpc.create_subnet(CidrBlock="10.7.1.0/24")
gateway = ec2.create_internet_gateway()
vpc.attach_internet_gateway(InternetGatewayId=gateway.id)
table = next(iter(vpc.route_tables.all()))
table.create_route(DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway.id)
group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc.id)
group.authorize_ingress(CidrIp="0.0.0.0/0", IpProtocol="tcp", FromPort=80, ToPort=80)
assert [rule["FromPort"] for rule in group.ip_permissions] == [80]

image = next(iter(ec2.images.filter(Owners=["amazon"])))
made = subnet.create_instances(
    ImageId=image.id, InstanceType="t3.micro", MinCount=2, MaxCount=2,
    SecurityGroupIds=[group.id])
for instance in made:
    instance.wait_until_running(**FAST)
    instance.reload()
    assert instance.state["Name"] == "running" and instance.vpc_id == vpc.id
    assert instance.private_ip_address.startswith("10.7.1.")
    assert instance.subnet.id == subnet.id and instance.image.id == image.id
    assert len(list(instance.volumes.all())) == 1
running = [{"Name": "instance-state-name", "Values": ["running"]}]
found = {one.id for one in ec2.instances.filter(Filters=running)}
assert found == {one.id for one in made}, found
assert {one.id for one in vpc.instances.all()} == found
address = ec2.VpcAddress(client("ec2").allocate_address(Domain="vpc")["AllocationId"])
address.associate(InstanceId=made[0].id)
made[0].reload()
assert made[0].public_ip_address == address.public_ip
ec2.instances.filter(InstanceIds=[one.id for one in made]).stop()
made[0].wait_until_stopped(**FAST)
made[0].modify_attribute(InstanceType={"Value": "t3.small"})
made[0].start()
made[0].wait_until_running(**FAST)
made[0].reload()
assert made[0].instance_type == "t3.small"
ec2.instances.filter(InstanceIds=[one.id for one in made]).terminate()
for instance in made:
    instance.wait_until_terminated(**FAST)

queue = sqs.create_queue(QueueName="tutorial", Attributes={"DelaySeconds": "0"})
queue.send_messages(Entries=[{"Id": str(n), "MessageBody": f"hello {n}"} for n in range(3)])
bodies = set()
while len(bodies) < 3:
    for message in queue.receive_messages(MaxNumberOfMessages=10, WaitTimeSeconds=2):
        bodies.add(message.body)
        message.delete()
assert bodies == {"hello 0", "hello 1", "hello 2"}
assert sqs.get_queue_by_name(QueueName="tutorial").url == queue.url
queue.delete()

user = iam.create_user(UserName="tutorial")
pair = user.create_access_key_pair()
who = client("sts", key=pair.id, secret=pair.secret).get_caller_identity()
assert who["Arn"].endswith(":user/tutorial"), who
assert [one.name for one in iam.users.all()] == ["tutorial"]
pair.delete()
user.delete()
report(done=True)
