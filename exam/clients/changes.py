"""Row 6: random creates, changes and deletes over every room, against a control plane that is
killed. A call without an answer is sent again with the same token, or, where the API has no
token, looked for by its name: it was done exactly once or not at all.

Arguments: seed, least number of acknowledged changes. Orders: `stop`, then `verify`.
"""

import random
import sys
import threading
import time

from region import AWAY, ClientError, client, code, orders, report

SEED, LEAST = int(sys.argv[1]), int(sys.argv[2])
chance = random.Random(SEED)
sqs, iam, ssm, ec2 = client("sqs"), client("iam"), client("ssm"), client("ec2")
lost = [0]
GONE = ("NotFound", "NonExistentQueue", "NoSuchEntity", "QueueDoesNotExist")
THERE = ("Duplicate", "AlreadyExists")
subnet = {}


def tags(kind, name):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def named(name):
    return [{"Name": "tag:Name", "Values": [name]}]


class Queue:
    def make(self, name):
        sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "31"})

    def find(self, name):
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return [(url, {k: got[k] for k in ("QueueArn", "VisibilityTimeout", "CreatedTimestamp")})]

    def change(self, id, value):
        sqs.set_queue_attributes(QueueUrl=id, Attributes={"VisibilityTimeout": str(value)})

    def changed(self, config, value):
        return dict(config, VisibilityTimeout=str(value))

    def remove(self, id):
        sqs.delete_queue(QueueUrl=id)


class User:
    def make(self, name):
        iam.create_user(UserName=name, Path="/exam/")

    def find(self, name):
        user = iam.get_user(UserName=name)["User"]
        return [(name, {k: str(user.get(k)) for k in ("Arn", "UserId", "Path", "CreateDate")})]

    change = None

    def remove(self, id):
        iam.delete_user(UserName=id)


class Role:
    TRUST = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    )

    def make(self, name):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=self.TRUST)

    def find(self, name):
        role = iam.get_role(RoleName=name)["Role"]
        return [(name, {k: str(role.get(k)) for k in ("Arn", "RoleId", "CreateDate")})]

    change = None

    def remove(self, id):
        iam.delete_role(RoleName=id)


class Profile:
    def make(self, name):
        iam.create_instance_profile(InstanceProfileName=name)

    def find(self, name):
        one = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
        return [(name, {k: str(one.get(k)) for k in ("Arn", "InstanceProfileId")})]

    change = None

    def remove(self, id):
        iam.delete_instance_profile(InstanceProfileName=id)


class Parameter:
    def make(self, name):
        ssm.put_parameter(Name="/" + name, Value="first", Type="String")

    def find(self, name):
        one = ssm.get_parameter(Name="/" + name)["Parameter"]
        return [(one["Name"], {k: str(one[k]) for k in ("ARN", "Value", "Type")})]

    def change(self, id, value):
        ssm.put_parameter(Name=id, Value=str(value), Type="String", Overwrite=True)

    def changed(self, config, value):
        return dict(config, Value=str(value))

    def remove(self, id):
        ssm.delete_parameter(Name=id)


class Tagged:
    """A kind of EC2 that is found by its Name tag and changed by another tag."""

    most = 99

    def find(self, name):
        found = self.describe(Filters=named(name))
        return [(one[self.id], self.config(one)) for one in found]

    def config(self, one):
        plain = {k: str(one[k]) for k in self.keep if k in one}
        values = {tag["Key"]: tag["Value"] for tag in one.get("Tags", one.get("TagSet", []))}
        return dict(plain, tags=values)

    def change(self, id, value):
        ec2.create_tags(Resources=[id], Tags=[{"Key": "value", "Value": str(value)}])

    def changed(self, config, value):
        return dict(config, tags=dict(config["tags"], value=str(value)))


def kind(id, list, call, keep, make, remove, most=99):
    class Kind(Tagged):
        pass

    Kind.id, Kind.keep, Kind.most = id, keep, most
    Kind.describe = lambda self, **filters: getattr(ec2, call)(**filters)[list]
    Kind.make = lambda self, name: make(name)
    Kind.remove = lambda self, id: remove(id)
    return Kind()


class Instance(Tagged):
    """What was launched is there, pending or running, until its end was asked for."""

    id, most = "InstanceId", 4
    keep = ["InstanceId", "ImageId", "InstanceType", "PrivateIpAddress", "SubnetId", "LaunchTime"]
    image = []

    def make(self, name):
        if not self.image:
            found = ec2.describe_images(
                Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-ami-*"]}]
            )
            self.image.append(found["Images"][0]["ImageId"])
        ec2.run_instances(
            ImageId=self.image[0],
            InstanceType="t2.micro",
            MinCount=1,
            MaxCount=1,
            ClientToken=name,
            TagSpecifications=tags("instance", name),
        )

    def describe(self, Filters):
        alive = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        found = ec2.describe_instances(Filters=Filters + alive)["Reservations"]
        return [one for reservation in found for one in reservation["Instances"]]

    def remove(self, id):
        ec2.terminate_instances(InstanceIds=[id])


def number(name):
    return int(name.rsplit("-", 1)[1])


KINDS = {
    "queue": Queue(),
    "instance": Instance(),
    "user": User(),
    "role": Role(),
    "profile": Profile(),
    "parameter": Parameter(),
    "vpc": kind(
        "VpcId",
        "Vpcs",
        "describe_vpcs",
        ["VpcId", "CidrBlock", "DhcpOptionsId"],
        lambda name: ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tags("vpc", name)),
        lambda id: ec2.delete_vpc(VpcId=id),
        3,
    ),
    "subnet": kind(
        "SubnetId",
        "Subnets",
        "describe_subnets",
        ["SubnetId", "SubnetArn", "CidrBlock", "VpcId", "AvailabilityZone"],
        lambda name: ec2.create_subnet(
            VpcId=subnet["VpcId"],
            # Each its own, of the part that the default subnets leave.
            CidrBlock=f"172.31.{64 + number(name) // 16 % 190}.{number(name) % 16 * 16}/28",
            TagSpecifications=tags("subnet", name),
        ),
        lambda id: ec2.delete_subnet(SubnetId=id),
        60,
    ),
    "group": kind(
        "GroupId",
        "SecurityGroups",
        "describe_security_groups",
        ["GroupId", "GroupName", "Description", "VpcId", "IpPermissionsEgress"],
        lambda name: ec2.create_security_group(
            GroupName=name,
            Description=name,
            VpcId=subnet["VpcId"],
            TagSpecifications=tags("security-group", name),
        ),
        lambda id: ec2.delete_security_group(GroupId=id),
    ),
    "table": kind(
        "RouteTableId",
        "RouteTables",
        "describe_route_tables",
        ["RouteTableId", "VpcId", "Routes"],
        lambda name: ec2.create_route_table(
            VpcId=subnet["VpcId"], ClientToken=name, TagSpecifications=tags("route-table", name)
        ),
        lambda id: ec2.delete_route_table(RouteTableId=id),
    ),
    "gateway": kind(
        "InternetGatewayId",
        "InternetGateways",
        "describe_internet_gateways",
        ["InternetGatewayId"],
        lambda name: ec2.create_internet_gateway(
            TagSpecifications=tags("internet-gateway", name)
        ),
        lambda id: ec2.delete_internet_gateway(InternetGatewayId=id),
        3,
    ),
    "acl": kind(
        "NetworkAclId",
        "NetworkAcls",
        "describe_network_acls",
        ["NetworkAclId", "VpcId", "Entries"],
        lambda name: ec2.create_network_acl(
            VpcId=subnet["VpcId"], ClientToken=name, TagSpecifications=tags("network-acl", name)
        ),
        lambda id: ec2.delete_network_acl(NetworkAclId=id),
    ),
    "interface": kind(
        "NetworkInterfaceId",
        "NetworkInterfaces",
        "describe_network_interfaces",
        ["NetworkInterfaceId", "PrivateIpAddress", "MacAddress", "SubnetId", "VpcId"],
        lambda name: ec2.create_network_interface(
            SubnetId=subnet["SubnetId"],
            ClientToken=name,
            TagSpecifications=tags("network-interface", name),
        ),
        lambda id: ec2.delete_network_interface(NetworkInterfaceId=id),
    ),
    "address": kind(
        "AllocationId",
        "Addresses",
        "describe_addresses",
        ["AllocationId", "PublicIp"],
        lambda name: ec2.allocate_address(
            Domain="vpc", TagSpecifications=tags("elastic-ip", name)
        ),
        lambda id: ec2.release_address(AllocationId=id),
        4,
    ),
    "pair": kind(
        "KeyPairId",
        "KeyPairs",
        "describe_key_pairs",
        ["KeyPairId", "KeyName", "KeyFingerprint"],
        lambda name: ec2.create_key_pair(
            KeyName=name, KeyType="ed25519", TagSpecifications=tags("key-pair", name)
        ),
        lambda id: ec2.delete_key_pair(KeyPairId=id),
    ),
    "template": kind(
        "LaunchTemplateId",
        "LaunchTemplates",
        "describe_launch_templates",
        ["LaunchTemplateId", "LaunchTemplateName", "CreateTime"],
        lambda name: ec2.create_launch_template(
            LaunchTemplateName=name,
            ClientToken=name,
            LaunchTemplateData={"InstanceType": "t2.micro"},
            TagSpecifications=tags("launch-template", name),
        ),
        lambda id: ec2.delete_launch_template(LaunchTemplateId=id),
    ),
    "volume": kind(
        "VolumeId",
        "Volumes",
        "describe_volumes",
        ["VolumeId", "Size", "VolumeType", "AvailabilityZone"],
        lambda name: ec2.create_volume(
            AvailabilityZone="ap-northeast-2a",
            Size=1,
            ClientToken=name,
            TagSpecifications=tags("volume", name),
        ),
        lambda id: ec2.delete_volume(VolumeId=id),
        6,
    ),
}

expected = {}  # name -> (kind, id, config); nothing: it must not exist
wrong = []
skipped = {}
acked = [0]


def insist(call, *words):
    """Calls until an answer comes. Whether an earlier call got none: it may have been done."""
    unsure = False
    while True:
        try:
            return call(*words), unsure
        except AWAY:
            pass
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                error.unsure = unsure
                raise
            wrong.append(f"{words}: {error}")
        unsure = True
        lost[0] += 1
        time.sleep(0.02)


def look(one, name):
    try:
        return insist(one.find, name)[0]
    except ClientError as error:
        if any(word in code(error) for word in GONE):
            return []
        raise


def make(what, name):
    one = KINDS[what]
    while True:
        try:
            one.make(name)
            break
        except AWAY:
            lost[0] += 1
            found = look(one, name)
            if len(found) > 1:
                wrong.append(f"{name}: one call, {len(found)} things")
            # With a token or a unique name the same call is sent again; else only if it is not there.
            if found and what in ("vpc", "subnet", "gateway", "address"):
                break
        except ClientError as error:
            if code(error) in ("NotImplemented", "InvalidAction"):
                skipped[what] = str(error)
                return
            if any(word in code(error) for word in THERE) and look(one, name):
                break
            raise
    found = look(one, name)
    if len(found) != 1:
        wrong.append(f"{name}: acknowledged, and {len(found)} are there")
        return
    expected[name] = (what, *found[0])
    acked[0] += 1


def change(name):
    what, id, config = expected[name]
    one = KINDS[what]
    if one.change is None:
        return
    value = chance.randrange(1, 40_000)
    insist(one.change, id, value)
    expected[name] = (what, id, one.changed(config, value))
    acked[0] += 1


def remove(name):
    what, id, _ = expected[name]
    try:
        insist(KINDS[what].remove, id)
    except ClientError as error:
        # Only where an earlier call without an answer can have done it.
        if not (error.unsure and any(word in code(error) for word in GONE)):
            raise
    expected[name] = None
    acked[0] += 1


def work(stop):
    count = 0
    while not stop.is_set() or acked[0] < LEAST:
        alive = [name for name, held in expected.items() if held]
        dice = chance.random()
        doing = "make"
        try:
            if dice < 0.55 or not alive:
                what = chance.choice([k for k in KINDS if k not in skipped])
                held = sum(1 for name in alive if expected[name][0] == what)
                if held < getattr(KINDS[what], "most", 99):
                    count += 1
                    doing = f"{what}-{count}"
                    make(what, f"{what}-{count}")
            elif dice < 0.8:
                doing = name = chance.choice(alive)
                change(name)
            else:
                doing = name = chance.choice(alive)
                remove(name)
        except ClientError as error:
            wrong.append(f"{doing}: {error}")
            if len(wrong) > 20:
                return


def verify():
    for name, held in expected.items():
        what = name.rsplit("-", 1)[0]
        found = look(KINDS[what], name)
        if held is None and found:
            wrong.append(f"{name}: its removal was acknowledged, and it is there")
        if held and found != [(held[1], held[2])]:
            wrong.append(f"{name}: was {held[1:]}, is {found}")


def main():
    first = insist(ec2.describe_subnets)[0]["Subnets"][0]
    subnet.update(first)
    report(ready=True)
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(stop,))
    worker.start()
    for order in orders():
        if order == "stop":
            stop.set()
            worker.join()
            report(acked=acked[0], lost=lost[0], skipped=skipped)
        if order == "verify":
            verify()
            held = [held for held in expected.values() if held]
            report(
                wrong=wrong,
                held=len(held),
                removed=len(expected) - len(held),
                instances=sorted(id for what, id, _ in held if what == "instance"),
                volumes=sorted(one["VolumeId"] for one in ec2.describe_volumes()["Volumes"]),
            )


main()
