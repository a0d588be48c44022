"""The region under examination, for the scripts beside this file: clients and reports."""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ENDPOINT = os.environ["ENDPOINT"]
assert ENDPOINT.startswith("http://127.0.0.1:"), ENDPOINT

# What a client sees while the control plane is away.
AWAY = (BotoCoreError, ConnectionError)


def client(service, attempts=1, key="test", secret="test", token=None):
    """A client that tries so often; the scripts themselves decide what to send again."""
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name="ap-northeast-2",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(
            retries={"total_max_attempts": attempts, "mode": "standard"},
            connect_timeout=3,
            read_timeout=20,
            proxies={},
        ),
    )


def code(error):
    return error.response["Error"]["Code"]


def report(**what):
    print(json.dumps(what, default=str), flush=True)


def orders():
    """Lines that the test sends."""
    for line in sys.stdin:
        yield line.strip()


def attempt(call, **members):
    """The answer without its metadata, or the code of the refusal."""
    try:
        answer = call(**members)
    except ClientError as error:
        return code(error)
    answer.pop("ResponseMetadata", None)
    return answer


def snapshot():
    """What the region holds, as far as its API shows it."""
    sqs, iam, ec2, ssm = client("sqs"), client("iam"), client("ec2"), client("ssm")
    queues = sorted(attempt(sqs.list_queues).get("QueueUrls", []))
    wants = {"AttributeNames": ["All"]}
    return {
        "queues": {url: attempt(sqs.get_queue_attributes, QueueUrl=url, **wants) for url in queues},
        "users": attempt(iam.list_users),
        "roles": attempt(iam.list_roles),
        "keys": attempt(iam.list_access_keys),
        "vpcs": attempt(ec2.describe_vpcs),
        "subnets": attempt(ec2.describe_subnets),
        "groups": attempt(ec2.describe_security_groups),
        "tables": attempt(ec2.describe_route_tables),
        "pairs": attempt(ec2.describe_key_pairs),
        "addresses": attempt(ec2.describe_addresses),
        "templates": attempt(ec2.describe_launch_templates),
        "parameters": attempt(ssm.describe_parameters),
    }
