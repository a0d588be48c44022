"""Row 39: what is malformed behind a right signature. Each is refused, in time."""

import random
import sys
import time

from region import client, report, snapshot
from wireside import FORM, body_of, exchange, signed

chance = random.Random(int(sys.argv[1]))
JSON = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.CreateQueue"}
CBOR = {"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}


def json(body):
    return signed("sqs", body, headers=JSON)


def cbor(body):
    return signed(
        "sqs", body, headers=CBOR, path="/service/AmazonSQS/operation/CreateQueue"
    )


def cases():
    yield "nothing", json(b"")
    yield "no object", json(b"[]")
    yield "half an object", json(b'{"QueueName": "a"')
    yield "two objects", json(b'{"QueueName": "a"}{"QueueName": "b"}')
    yield "a number for a name", json(b'{"QueueName": 7}')
    yield "no UTF-8", json(b'{"QueueName": "\xff\xfe"}')
    yield "half a pair", json(b'{"QueueName": "\\ud800"}')
    yield "deep arrays", json(b'{"QueueName": ' + b"[" * 200_000)
    yield "deep objects", json(b'{"a":' * 200_000)
    yield "deep unknown member", json(
        b'{"QueueName":"deep.","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    )
    yield "a huge number", json(b'{"QueueName": 1' + b"0" * 100_000 + b"}")
    yield "many members", json(
        b'{"QueueName":"many.",' + b",".join(b'"k%d":1' % i for i in range(100_000)) + b"}"
    )
    yield "a long name", json(b'{"QueueName": "' + b"a" * 1_000_000 + b'"}')
    yield "deep CBOR", cbor(b"\xa1\x61a" * 100_000)
    yield "deep CBOR arrays", cbor(b"\x81" * 200_000)
    yield "CBOR of endless length", cbor(b"\xbf" * 100_000)
    yield "CBOR that promises much", cbor(b"\xa1\x69QueueName\x7b\x7f\xff\xff\xff\xff\xff\xff\xff")
    yield "CBOR list that promises much", cbor(b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff")
    for number in range(20):
        noise = chance.randbytes(chance.randrange(1, 2000))
        yield f"noise as JSON {number}", json(noise)
        yield f"noise as CBOR {number}", cbor(noise)
    queue = body_of("sqs", "CreateQueue")
    yield "no name", signed("sqs", queue)
    yield "no UTF-8 in a form", signed("sqs", queue + "&QueueName=%FF%FE")
    yield "half an escape", signed("sqs", queue + "&QueueName=a%2")
    yield "list with a gap", signed(
        "sqs", queue + "&QueueName=a&Attribute.999999999.Name=x&Attribute.999999999.Value=y"
    )
    yield "deep form", signed("sqs", queue + "&QueueName=a." + "&Attribute" + ".1" * 100_000 + "=x")
    filters = "".join(f"&Filter.{i}.Name=vpc-id&Filter.{i}.Value.1=x" for i in range(1, 20_000))
    yield "many filters", signed("ec2", body_of("ec2", "DescribeVpcs") + filters)
    yield "no action", signed("ec2", "Version=2016-11-15")
    yield "unknown action", signed("ec2", body_of("ec2", "NoSuchAction"))
    yield "unknown target", signed(
        "sqs", b"{}", headers=dict(JSON, **{"X-Amz-Target": "AmazonSQS.NoSuchAction"})
    )
    yield "unknown service", signed("nosuch", "Action=X&Version=1", scope="nosuch")
    yield "other coding", signed("sqs", queue, headers={"Content-Encoding": "gzip"})


def main():
    before_queue = client("sqs").create_queue(QueueName="ours")
    assert before_queue
    before = snapshot()
    for name, request in cases():
        begun = time.monotonic()
        status, answer = exchange(request.bytes())
        seconds = time.monotonic() - begun
        report(case=name, status=status, seconds=seconds, answer=answer[-400:])
    report(before=before, after=snapshot())


main()
