"""Every waiter of the models that concerns what is served: it must finish, as it does on AWS."""

import json
import pathlib
import time

from botocore import xform_name
from region import client, report

ec2, iam = client("ec2"), client("iam")
FAST = {"Delay": 1, "MaxAttempts": 40}
done = {}


def wait(service, name, **members):
    begun = time.monotonic()
    service.get_waiter(name).wait(WaiterConfig=FAST, **members)
    done[name] = round(time.monotonic() - begun, 2)


image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
wait(ec2, "image_exists", ImageIds=[image])
wait(ec2, "image_available", ImageIds=[image])
ec2.create_key_pair(KeyName="waited", KeyType="ed25519")
wait(ec2, "key_pair_exists", KeyNames=["waited"])

vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
wait(ec2, "vpc_exists", VpcIds=[vpc])
wait(ec2, "vpc_available", VpcIds=[vpc])
zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone=zone)
subnet = subnet["Subnet"]["SubnetId"]
wait(ec2, "subnet_available", SubnetIds=[subnet])
group = ec2.create_security_group(GroupName="waited", Description="w", VpcId=vpc)["GroupId"]
wait(ec2, "security_group_exists", GroupIds=[group])
gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
wait(ec2, "internet_gateway_exists", InternetGatewayIds=[gateway])
interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]
wait(ec2, "network_interface_available", NetworkInterfaceIds=[interface["NetworkInterfaceId"]])

ran = ec2.run_instances(
    ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet)
instance = ran["Instances"][0]["InstanceId"]
ids = {"InstanceIds": [instance]}
for name in ["instance_exists", "instance_running", "instance_status_ok", "system_status_ok"]:
    wait(ec2, name, **ids)

volume = ec2.create_volume(AvailabilityZone=zone, Size=1, VolumeType="gp3")["VolumeId"]
wait(ec2, "volume_available", VolumeIds=[volume])
snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
wait(ec2, "snapshot_completed", SnapshotIds=[snapshot])
ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
wait(ec2, "volume_in_use", VolumeIds=[volume])
ec2.detach_volume(VolumeId=volume)
wait(ec2, "volume_available", VolumeIds=[volume])
ec2.delete_volume(VolumeId=volume)
wait(ec2, "volume_deleted", VolumeIds=[volume])
own = ec2.create_image(InstanceId=instance, Name="waited", NoReboot=True)["ImageId"]
wait(ec2, "image_available", ImageIds=[own])
ec2.stop_instances(**ids)
wait(ec2, "instance_stopped", **ids)
ec2.start_instances(**ids)
wait(ec2, "instance_running", **ids)
ec2.terminate_instances(**ids)
wait(ec2, "instance_terminated", **ids)

trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",' \
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
iam.create_user(UserName="waited")
wait(iam, "user_exists", UserName="waited")
iam.create_role(RoleName="waited", AssumeRolePolicyDocument=trust)
wait(iam, "role_exists", RoleName="waited")
policy = iam.create_policy(PolicyName="waited", PolicyDocument=allow)["Policy"]["Arn"]
wait(iam, "policy_exists", PolicyArn=policy)
iam.create_instance_profile(InstanceProfileName="waited")
wait(iam, "instance_profile_exists", InstanceProfileName="waited")

api = pathlib.Path(__file__).resolve().parent.parent.parent / "api"
models = [json.loads((api / name / "waiters.json").read_text()) for name in ("ec2", "iam")]
names = [xform_name(name) for model in models for name in model["waiters"]]
report(done=done, missing=[name for name in names if name not in done])
