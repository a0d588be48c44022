"""Row 39: puts canaries wherever a customer puts secrets, and lets calls fail around them.

Reports every canary, and every answer that refused something.
"""

import base64
import secrets as chance

from region import ClientError, client, report
from wireside import PORT, body_of, exchange, signed

canaries = {}


def canary(name, value=None):
    canaries[name] = value or "canary" + chance.token_hex(16)
    return canaries[name]


def try_to(name, call, **members):
    """Calls; a refusal is reported, for it must not repeat a secret."""
    try:
        return call(**members)
    except ClientError as error:
        report(refusal=name, answer=str(error.response))
        return None


def identities():
    iam, sts = client("iam"), client("sts")
    iam.create_user(UserName="canary")
    for number in (1, 2):
        key = iam.create_access_key(UserName="canary")["AccessKey"]
        canary(f"secret access key {number}", key["SecretAccessKey"])
        right = dict(key=key["AccessKeyId"], secret=key["SecretAccessKey"])
        status, _ = exchange(signed("sts", body_of("sts", "GetCallerIdentity"), **right).bytes())
        assert status == 200, status
        bent = signed("sts", body_of("sts", "GetCallerIdentity"), **right)
        bent.body += b"&More=1"
        report(refusal="bent signature", answer=exchange(bent.bytes())[1])
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}'
    )
    role = iam.create_role(RoleName="canary", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    session = sts.assume_role(RoleArn=role, RoleSessionName="canary")["Credentials"]
    canary("session's secret", session["SecretAccessKey"])
    token = canary("session token", session["SessionToken"])
    wrong = signed(
        "sts",
        body_of("sts", "GetCallerIdentity"),
        key=session["AccessKeyId"],
        secret="wrong",
        token=token,
    )
    report(refusal="session with a wrong secret", answer=exchange(wrong.bytes())[1])
    signed_in = client("sts", key=session["AccessKeyId"], secret=session["SecretAccessKey"], token=token)
    signed_in.get_caller_identity()


def messages():
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="canary")["QueueUrl"]
    body = canary("message body")
    sqs.send_message(QueueUrl=url, MessageBody=body)
    attribute = canary("message attribute")
    text = {"DataType": "String", "StringValue": attribute}
    sqs.send_message(QueueUrl=url, MessageBody="-", MessageAttributes={"secret": text})
    batch = canary("message of a batch")
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": batch}])
    for what, members in {
        "no queue": dict(QueueUrl=url + "-not", MessageBody=body),
        "too long": dict(QueueUrl=url, MessageBody=body * 40_000),
        "bad character": dict(QueueUrl=url, MessageBody=body + "\x01"),
        "bad attribute": dict(
            QueueUrl=url, MessageBody=body, MessageAttributes={"AWS.secret": text}
        ),
        "bad delay": dict(QueueUrl=url, MessageBody=body, DelaySeconds=901),
    }.items():
        try_to(f"send: {what}", sqs.send_message, **members)
    got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert got["Messages"], "a message comes"


def servers():
    ec2 = client("ec2")
    pair = try_to("key pair", ec2.create_key_pair, KeyName="canary")
    if pair:
        canary("private key", pair["KeyMaterial"].splitlines()[3])
    try_to("key pair again", ec2.create_key_pair, KeyName="canary")
    data = canary("user data of a template")
    encoded = canary("the same, encoded", base64.b64encode(data.encode() * 2).decode())
    template = dict(LaunchTemplateName="canary", LaunchTemplateData={"UserData": encoded})
    try_to("template", ec2.create_launch_template, **template)
    try_to("template again", ec2.create_launch_template, **template)
    data = canary("user data of an instance")
    launch = dict(ImageId="ami-00000000000000000", MinCount=1, MaxCount=1, UserData=data)
    try_to("no image", ec2.run_instances, InstanceType="t2.micro", **launch)
    try_to("no type", ec2.run_instances, InstanceType="x9.none", **launch)


def parameters():
    ssm = client("ssm")
    value = canary("secure parameter")
    put = dict(Name="/canary", Value=value, Type="SecureString")
    try_to("parameter", ssm.put_parameter, **put)
    try_to("parameter again", ssm.put_parameter, **put)
    try_to("parameter's bad name", ssm.put_parameter, **dict(put, Name="no spaces please!"))


def main():
    identities()
    messages()
    servers()
    parameters()
    report(canaries=canaries)


main()
