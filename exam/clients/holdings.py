"""Row 8: fills a region with things whose every byte is known, and reads them back.

`fill` makes each thing once and never changes it, so that any part of history holds a part of the
things. `check` reports what each room serves: a map of items, or the code of its refusal.
"""

import sys

from botocore.exceptions import ClientError

from region import client, code, report


def fill():
    sqs, iam, ssm, ec2 = client("sqs"), client("iam"), client("ssm"), client("ec2")
    vpcs = []
    # In turns, so that every room's frames are spread over the whole journal.
    for number in range(12):
        url = sqs.create_queue(
            QueueName=f"queue-{number}",
            Attributes={"DelaySeconds": "0", "VisibilityTimeout": str(30 + number)},
        )["QueueUrl"]
        for part in range(4):
            body = f"message {number} {part} " + "m" * 50 * number
            sqs.send_message(QueueUrl=url, MessageBody=body)
        iam.create_user(UserName=f"user-{number}", Path=f"/path{number}/")
        ssm.put_parameter(Name=f"/parameter/{number}", Value=f"value {number}", Type="String")
        if number % 4 == 0:
            vpcs.append(ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"])
        ec2.create_security_group(
            GroupName=f"group-{number}", Description=f"about {number}", VpcId=vpcs[-1]
        )


    made = ec2.create_volume(AvailabilityZone="ap-northeast-2a", Size=1)["VolumeId"]
    ec2.get_waiter("volume_available").wait(
        VolumeIds=[made], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


def queues():
    sqs = client("sqs")
    found = {}
    for url in sqs.list_queues().get("QueueUrls", []):
        name = url.rsplit("/", 1)[1]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        found[name] = attributes["VisibilityTimeout"]
        while True:
            got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            if not got:
                break
            for message in got:
                found[f"{name} {message['MessageId']}"] = message["Body"]
    return found


def users():
    found = client("iam").list_users()["Users"]
    return {user["UserName"]: [user["Arn"], user["UserId"]] for user in found}


def parameters():
    ssm = client("ssm")
    names = [p["Name"] for p in ssm.describe_parameters(MaxResults=50)["Parameters"]]
    return {name: ssm.get_parameter(Name=name)["Parameter"]["Value"] for name in names}


def networks():
    ec2 = client("ec2")
    found = {v["VpcId"]: v["CidrBlock"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]}
    for group in ec2.describe_security_groups()["SecurityGroups"]:
        if group["GroupName"] != "default":
            found[group["GroupId"]] = [group["GroupName"], group["Description"], group["VpcId"]]
    return found


def volumes():
    found = client("ec2").describe_volumes()["Volumes"]
    return {v["VolumeId"]: [v["Size"], v["VolumeType"], v["AvailabilityZone"]] for v in found}


def check():
    rooms = {"sqs": queues, "iam": users, "ssm": parameters, "vpc": networks, "ebs": volumes}
    answer = {}
    for room, read in rooms.items():
        try:
            answer[room] = {"items": read()}
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            answer[room] = {"refused": code(error), "status": status}
    report(**answer)


{"fill": fill, "check": check}[sys.argv[1]]()
