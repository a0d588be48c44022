"""Requests as bytes: signed as botocore signs them, and then bent in one place."""

import datetime
import socket
import urllib.parse

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from region import ENDPOINT

PORT = int(ENDPOINT.rsplit(":", 1)[1])
REGION = "ap-northeast-2"
FORM = "application/x-www-form-urlencoded; charset=utf-8"

VERSIONS = {"sqs": "2012-11-05", "sts": "2011-06-15", "iam": "2010-05-08", "ec2": "2016-11-15"}


class Bent:
    """A request that can still be changed after it was signed."""

    def __init__(self, method, path, query, headers, body):
        self.method, self.path, self.query = method, path, query
        self.headers, self.body = headers, body
        self.target = None
        self.version = "HTTP/1.1"

    def header(self, name, value):
        self.headers = [(k, v) for k, v in self.headers if k.lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))
        return self

    def get(self, name):
        return next(v for k, v in self.headers if k.lower() == name.lower())

    def replace(self, name, old, new):
        value = self.get(name)
        assert old in value, (old, value)
        return self.header(name, value.replace(old, new))

    def bytes(self):
        target = self.target or self.path + ("?" + self.query if self.query else "")
        lines = [f"{self.method} {target} {self.version}"]
        lines += [f"{k}: {v}" for k, v in self.headers]
        if self.body or self.method == "POST":
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: close")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def exchange(raw):
    """Sends bytes; the status (0: closed without an answer) and all of the answer."""
    with socket.create_connection(("127.0.0.1", PORT), timeout=20) as way:
        try:
            way.sendall(raw)
        except OSError:
            pass
        answer = b""
        try:
            while piece := way.recv(65536):
                answer += piece
        except OSError:
            pass
    words = answer.split(b" ", 2)
    status = int(words[1]) if len(words) > 2 and words[1].isdigit() else 0
    return status, answer.decode("utf-8", "replace")


def body_of(service, action, **members):
    return urllib.parse.urlencode({"Action": action, "Version": VERSIONS[service], **members})


def signed(
    service,
    body,
    headers=None,
    method="POST",
    host=None,
    key="test",
    secret="test",
    token=None,
    path="/",
    query="",
    scope=None,
    at=None,
):
    """A signed request; `host` is what the client believes to call, `at` seconds from now."""
    host = host or f"127.0.0.1:{PORT}"
    all_headers = {"Content-Type": FORM, **(headers or {})} if method == "POST" else {}
    url = f"http://{host}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method=method, url=url, data=body, headers=all_headers)
    signer = SigV4Auth(Credentials(key, secret, token), scope or service, REGION)
    with_clock(at, lambda: signer.add_auth(request))
    prepared = [("Host", host)] + list(request.headers.items())
    data = body if isinstance(body, bytes) else body.encode()
    return Bent(method, path, query, prepared, data)


def presigned(service, query, expires=60, host=None, secret="test", at=None, key="test"):
    host = host or f"127.0.0.1:{PORT}"
    request = AWSRequest(method="GET", url=f"http://{host}/?{query}")
    signer = SigV4QueryAuth(Credentials(key, secret), service, REGION, expires=expires)
    with_clock(at, lambda: signer.add_auth(request))
    parts = urllib.parse.urlsplit(request.url)
    return Bent("GET", "/", parts.query, [("Host", host)], b"")


def with_clock(at, work):
    """Runs with botocore's clock set off by so many seconds."""
    if not at:
        return work()
    import botocore.auth as auth

    names = [name for name in ("get_current_datetime", "datetime") if hasattr(auth, name)]
    name = names[0]
    before = getattr(auth, name)
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=at)
    if name == "get_current_datetime":
        setattr(auth, name, lambda *a, **k: moment.replace(tzinfo=None))
    else:

        class Shifted(datetime.datetime):
            @classmethod
            def utcnow(cls):
                return moment.replace(tzinfo=None)

            @classmethod
            def now(cls, tz=None):
                return moment if tz else moment.replace(tzinfo=None)

        class Module:
            datetime = Shifted

        setattr(auth, name, Module)
    try:
        return work()
    finally:
        setattr(auth, name, before)
