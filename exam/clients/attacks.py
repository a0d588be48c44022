"""Row 39: what a hostile web page can make a browser send, all of it signed with the well-known
key wherever a page could sign it. Reports each attack with its answer, and the state around it.

Argument: the token of the state directory, which a page does not have; only one attack has it.
"""

import sys

from region import client, report, snapshot
from wireside import PORT, Bent, body_of, exchange, presigned, signed

TOKEN = sys.argv[1]
EVIL = "evil.example"
HERE = f"127.0.0.1:{PORT}"
number = [0]


def make():
    number[0] += 1
    return body_of("sqs", "CreateQueue", QueueName=f"pwned-{number[0]}")


def to(host):
    return signed("sqs", make(), host=host)


def with_headers(**headers):
    request = signed("sqs", make())
    for name, value in headers.items():
        request.header(name.replace("_", "-"), value)
    return request


def admin(method, path, body=b"", headers=()):
    return Bent(method, path, "", [("Host", HERE), *headers], body)


def second_host(first, second):
    request = signed("sqs", make()).header("Host", None)
    request.headers = [("Host", first), ("Host", second)] + request.headers
    return request


def aimed(request, target):
    request.target = target
    return request


def old(request):
    request.version = "HTTP/1.0"
    return request


def plain(headers, body):
    return Bent("POST", "/", "", [("Host", HERE), *headers], body)


def attacks():
    yield "rebound name", to(EVIL)
    yield "rebound name with port", to(f"{EVIL}:{PORT}")
    yield "address as a prefix", to(f"127.0.0.1.{EVIL}:{PORT}")
    yield "localhost as a prefix", to(f"localhost.{EVIL}:{PORT}")
    yield "localhost as the end of a word", to(f"evillocalhost:{PORT}")
    yield "metadata address", to("169.254.169.254")
    yield "any address", to(f"0.0.0.0:{PORT}")
    yield "user before the host", to(HERE).header("Host", f"127.0.0.1@{EVIL}")
    yield "empty Host", to(HERE).header("Host", "")
    yield "no Host", to(HERE).header("Host", None)
    yield "HTTP/1.0 without Host", old(to(HERE).header("Host", None))
    yield "two Hosts, ours first", second_host(HERE, EVIL)
    yield "two Hosts, ours last", second_host(EVIL, HERE)
    yield "absolute target elsewhere", aimed(to(HERE), f"http://{EVIL}/")
    yield "absolute target, both elsewhere", aimed(to(EVIL), f"http://{EVIL}/")
    yield "absolute target, no Host", old(
        aimed(to(HERE).header("Host", None), f"http://{EVIL}/")
    )
    yield "foreign Origin", with_headers(Origin=f"http://{EVIL}")
    yield "foreign secure Origin", with_headers(Origin=f"https://{EVIL}:{PORT}")
    yield "null Origin", with_headers(Origin="null")
    yield "Origin of a file", with_headers(Origin="file://")
    yield "Origin of an extension", with_headers(Origin="chrome-extension://abcdefgh")
    yield "Origin with our name in it", with_headers(Origin=f"http://{HERE}.{EVIL}")
    yield "Origin with user", with_headers(Origin=f"http://127.0.0.1:80@{EVIL}")
    yield "cross-site fetch", with_headers(Sec_Fetch_Site="cross-site")
    yield "same-site fetch", with_headers(Sec_Fetch_Site="same-site")
    yield "cross-site with our Origin", with_headers(
        Origin=f"http://{HERE}", Sec_Fetch_Site="cross-site"
    )
    yield "picture with a presigned address", presigned("sqs", make()).header(
        "Sec-Fetch-Site", "cross-site"
    )
    yield "picture with an Action", Bent(
        "GET", "/", make(), [("Host", HERE), ("Sec-Fetch-Site", "cross-site")], b""
    )
    yield "link with an Action", Bent("GET", "/", make(), [("Host", HERE)], b"")
    yield "form", plain(
        [("Origin", f"http://{EVIL}"), ("Content-Type", "application/x-www-form-urlencoded")],
        make().encode(),
    )
    yield "form of text", plain(
        [("Origin", "null"), ("Content-Type", "text/plain")], b'{"QueueName": "pwned"}'
    )
    yield "form without Origin", plain(
        [("Content-Type", "application/x-www-form-urlencoded")], make().encode()
    )
    yield "preflight", Bent(
        "OPTIONS",
        "/",
        "",
        [
            ("Host", HERE),
            ("Origin", f"http://{EVIL}"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,x-amz-date"),
        ],
        b"",
    )
    yield "stop without token", admin("POST", "/_maquette/stop", b"{}")
    yield "stop with a wrong token", admin(
        "POST", "/_maquette/stop", b"{}", [("X-Maquette-Token", "0" * len(TOKEN))]
    )
    yield "stop with an empty token", admin(
        "POST", "/_maquette/stop", b"{}", [("X-Maquette-Token", "")]
    )
    yield "stop with part of the token", admin(
        "POST", "/_maquette/stop", b"{}", [("X-Maquette-Token", TOKEN[:-1])]
    )
    yield "stop with the token from a foreign page", admin(
        "POST",
        "/_maquette/stop",
        b"{}",
        [("X-Maquette-Token", TOKEN), ("Origin", f"http://{EVIL}")],
    )
    yield "fault without token", admin("POST", "/_maquette/inject", b'"FullDisk"')
    yield "status without token", admin("GET", "/_maquette/status")
    yield "log without token", admin("GET", "/_maquette/log")
    yield "stop by a longer path", admin("POST", "//_maquette/stop", b"{}")
    yield "stop by a way round", admin("POST", "/x/../_maquette/stop", b"{}")
    yield "stop by an encoded path", admin("POST", "/%5fmaquette/stop", b"{}")
    yield "health under a rebound name", Bent(
        "GET", "/_maquette/health", "", [("Host", EVIL)], b""
    )
    yield "web socket", Bent(
        "GET",
        "/",
        "",
        [
            ("Host", HERE),
            ("Origin", f"http://{EVIL}"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Version", "13"),
        ],
        b"",
    )


def main():
    client("sqs").create_queue(QueueName="ours")
    before = snapshot()
    status, answer = exchange(signed("sqs", body_of("sqs", "ListQueues")).bytes())
    report(control=status, answer=answer[-300:])
    for name, request in attacks():
        status, answer = exchange(request.bytes())
        report(attack=name, status=status, answer=answer[:600])
    status, answer = exchange(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    report(attack="HTTP/2", status=status, answer=answer[:600])
    report(before=before, after=snapshot())


main()
