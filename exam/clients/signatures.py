"""Row 39: right signatures bent in one place, for each service and both places of a signature.
Every one of these requests would change something if it were let in."""

from region import attempt, client, report, snapshot
from wireside import PORT, body_of, exchange, presigned, signed

HERE = f"127.0.0.1:{PORT}"
number = [0]


def changing(service):
    """A call that changes something (of STS: one that tells something)."""
    number[0] += 1
    name = f"bent-{number[0]}"
    return {
        "sqs": lambda: body_of("sqs", "CreateQueue", QueueName=name),
        "iam": lambda: body_of("iam", "CreateUser", UserName=name),
        "ec2": lambda: body_of("ec2", "CreateKeyPair", KeyName=name),
        "sts": lambda: body_of("sts", "GetCallerIdentity", Unheeded=name),
    }[service]()


def flip(text):
    return ("0" if text[0] != "0" else "1") + text[1:]


def signature_of(request):
    return request.get("Authorization").rsplit("Signature=", 1)[1]


def bend(request, **changes):
    for name, (old, new) in changes.items():
        request.replace(name.replace("_", "-"), old, new)
    return request


def mutations(service):
    def fresh(**more):
        return signed(service, changing(service), **more)

    def resigned(change):
        request = fresh()
        signature = signature_of(request)
        return bend(request, Authorization=(signature, change(signature)))

    def authorization(old, new):
        return bend(fresh(), Authorization=(old, new))

    def body(change):
        request = fresh()
        request.body = change(request.body)
        return request

    def doubled():
        request = fresh()
        other = fresh(secret="wrong").get("Authorization")
        request.headers.append(("Authorization", other))
        return request

    def both():
        request = fresh()
        request.query = presigned(service, changing(service)).query
        return request

    def query(text):
        request = fresh()
        request.query = text
        return request

    def path(text):
        request = fresh()
        request.path = text
        return request

    def method(name):
        request = fresh()
        request.method = name
        return request

    today = fresh().get("X-Amz-Date")[:8]
    yield "one digit", resigned(flip)
    yield "shorter", resigned(lambda text: text[:-1])
    yield "longer", resigned(lambda text: text + "0")
    yield "empty", resigned(lambda text: "")
    yield "zeros", resigned(lambda text: "0" * 64)
    yield "no signature", authorization(", Signature=", ", Nothing=")
    yield "other secret", fresh(secret="tset")
    yield "empty secret", fresh(secret=" ")
    yield "unknown key", fresh(key="AKIAIOSFODNN7EXAMPLE")
    yield "key of other case", fresh(key="TEST")
    yield "20 minutes late", fresh(at=-1200)
    yield "20 minutes early", fresh(at=1200)
    yield "yesterday", fresh(at=-86400)
    yield "other date header", fresh().header("X-Amz-Date", f"{today}T000000Z")
    yield "no date header", fresh().header("X-Amz-Date", None)
    yield "body changed", body(lambda text: text.replace(b"Version", b"version", 1))
    yield "body longer", body(lambda text: text + b"&Tag.1.Key=a&Tag.1.Value=b")
    yield "body shorter", body(lambda text: text[:-1])
    yield "query added", query("Extra=1")
    yield "other path", path("/000000000000/bent")
    yield "other host", fresh(host="localhost").header("Host", HERE)
    yield "host not signed", authorization("content-type;host;", "content-type;")
    yield "unsigned header claimed", authorization("content-type;host", "accept;content-type;host")
    yield "other service", authorization(f"/{service}/", "/s3/")
    yield "other region", authorization("/ap-northeast-2/", "/us-east-1/")
    yield "other day", authorization(f"/{today}/", "/20200101/")
    yield "other terminator", authorization("/aws4_request", "/aws3_request")
    yield "other algorithm", authorization("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")
    yield "asymmetric", authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")
    yield "no authorization", fresh().header("Authorization", None)
    yield "basic", fresh().header("Authorization", "Basic dGVzdDp0ZXN0")
    yield "bearer", fresh().header("Authorization", "Bearer test")
    yield "version 2", fresh().header("Authorization", "AWS test:" + "A" * 27 + "=")
    yield "two authorizations", doubled()
    yield "header and query", both()
    yield "other method", method("PUT")
    yield "wrong body hash", fresh().header("X-Amz-Content-Sha256", "0" * 64)
    yield "body of another", body(lambda _: changing(service).encode())

    def address(expires=60, at=None, secret="test", old="", new=""):
        request = presigned(service, changing(service), expires, at=at, secret=secret)
        assert old in request.query, (old, request.query)
        request.query = request.query.replace(old, new, 1) if old else request.query
        return request

    yield "presigned: one digit", address(old="X-Amz-Signature=", new="X-Amz-Signature=0")
    yield "presigned: other secret", address(secret="tset")
    yield "presigned: over", address(expires=60, at=-1000)
    yield "presigned: longer life", address(old="X-Amz-Expires=60", new="X-Amz-Expires=6000")
    yield "presigned: eight days", address(expires=691200)
    yield "presigned: from tomorrow", address(at=86400)
    yield "presigned: more said", address(old="Action=", new="Extra=1&Action=")
    yield "presigned: no signature", address(old="X-Amz-Signature=", new="X-Amz-Nothing=")
    yield "presigned: other verb", verb(address())


def verb(request):
    request.method = "POST"
    return request


def sessions():
    """Keys that once were right: inactive, deleted, and sessions without their token."""
    iam, sts = client("iam"), client("sts")
    iam.create_user(UserName="ours")
    inactive = iam.create_access_key(UserName="ours")["AccessKey"]
    iam.update_access_key(
        UserName="ours", AccessKeyId=inactive["AccessKeyId"], Status="Inactive"
    )
    deleted = iam.create_access_key(UserName="ours")["AccessKey"]
    iam.delete_access_key(UserName="ours", AccessKeyId=deleted["AccessKeyId"])
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}'
    )
    role = iam.create_role(RoleName="ours", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    one = sts.assume_role(RoleArn=role, RoleSessionName="one")["Credentials"]
    two = sts.assume_role(RoleArn=role, RoleSessionName="two")["Credentials"]
    right = dict(key=one["AccessKeyId"], secret=one["SecretAccessKey"])
    status, _ = exchange(
        signed("sts", body_of("sts", "GetCallerIdentity"), token=one["SessionToken"], **right).bytes()
    )
    report(control="session", status=status)
    cases = [
        ("inactive key", dict(key=inactive["AccessKeyId"], secret=inactive["SecretAccessKey"])),
        ("deleted key", dict(key=deleted["AccessKeyId"], secret=deleted["SecretAccessKey"])),
        ("session without token", right),
        ("session with another's token", dict(right, token=two["SessionToken"])),
        ("session with a bent token", dict(right, token=flip(one["SessionToken"]))),
    ]
    before = snapshot()
    for name, key in cases:
        for service in ("sqs", "iam", "ec2", "sts"):
            status, answer = exchange(signed(service, changing(service), **key).bytes())
            report(service=service, mutation=name, status=status, answer=answer[-400:])
    report(before=before, after=snapshot())


def main():
    client("sqs").create_queue(QueueName="ours")
    for service in ("sqs", "iam", "ec2", "sts"):
        quiet = {"sqs": "ListQueues", "iam": "ListUsers", "ec2": "DescribeVpcs"}
        call = body_of(service, quiet.get(service, "GetCallerIdentity"))
        status, answer = exchange(signed(service, call).bytes())
        report(control=service, status=status, answer=answer[-300:])
        status, answer = exchange(presigned(service, call).bytes())
        report(control=f"{service} presigned", status=status, answer=answer[-300:])
    before = snapshot()
    for service in ("sqs", "iam", "ec2", "sts"):
        for name, request in mutations(service):
            status, answer = exchange(request.bytes())
            report(service=service, mutation=name, status=status, answer=answer[-400:])
    report(before=before, after=snapshot())
    if isinstance(attempt(client("iam").list_users), dict):
        sessions()


main()
