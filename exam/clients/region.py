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
