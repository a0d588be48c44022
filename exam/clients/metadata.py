"""Row 39, run inside an instance: asks the metadata service in every way, and reports the codes.

Arguments: which part to ask, and what the instance should be told, as JSON. Standard library only.
"""

import http.client
import json
import socket
import subprocess
import sys
import time

PART, KNOWN = sys.argv[1], json.loads(sys.argv[2])
TTL, TOKEN = "X-aws-ec2-metadata-token-ttl-seconds", "X-aws-ec2-metadata-token"
ISSUE = "/latest/api/token"
ID = "/latest/meta-data/instance-id"
cases = []


def ask(method, path, headers=(), source=None, timeout=3):
    way = http.client.HTTPConnection("169.254.169.254", 80, timeout=timeout, source_address=source)
    try:
        way.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers:
            way.putheader(name, value)
        if method in ("PUT", "POST"):
            way.putheader("Content-Length", "0")
        way.endheaders()
        answer = way.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
    except OSError as error:
        return 0, str(error), {}
    finally:
        way.close()


def case(name, wanted, answer, body=None):
    status, text, _ = answer
    right = status == wanted and (body is None or text == body)
    shown = {"case": name, "wanted": wanted, "status": status, "answer": text[:300], "right": right}
    if body is not None:
        shown["body"] = body[:300]
    cases.append(shown)


def issue(seconds="60"):
    return ask("PUT", ISSUE, [(TTL, seconds)])


def required():
    status, token, headers = issue()
    good = [(TOKEN, token)]
    case("a token", 200, (status, token, headers))
    case("its life is told", 200, (status, headers.get(TTL, headers.get(TTL.lower(), "")), {}), "60")
    case("no token", 401, ask("GET", ID))
    case("no token at the root", 401, ask("GET", "/latest/meta-data/"))
    case("empty token", 401, ask("GET", ID, [(TOKEN, "")]))
    case("bent token", 401, ask("GET", ID, [(TOKEN, token[:-4] + "AAAA")]))
    case("shorter token", 401, ask("GET", ID, [(TOKEN, token[:-1])]))
    case("invented token", 401, ask("GET", ID, [(TOKEN, "A" * 56)]))
    case("another's token", 401, ask("GET", ID, [(TOKEN, KNOWN["foreign"])]))
    case("two tokens", 400, ask("GET", ID, good + good))
    for seconds in ("0", "21601", "-1", "a", "", "60a", "1" * 30):
        case(f"token for {seconds!r} seconds", 400, issue(seconds))
    case("token without a life", 400, ask("PUT", ISSUE))
    case("token for the longest life", 200, issue("21600"))
    case("token through a proxy", 403, ask("PUT", ISSUE, [(TTL, "60"), ("X-Forwarded-For", "1.2.3.4")]))
    case("token of a version", 403, ask("PUT", "/2021-07-15/api/token", [(TTL, "60")]))
    for method in ("GET", "POST", "DELETE"):
        case(f"{method} of a token", 405, ask(method, ISSUE, [(TTL, "60")]))
    case("PUT of data", 405, ask("PUT", ID, good))
    case("POST of data", 405, ask("POST", ID, good))
    case("the id", 200, ask("GET", ID, good), KNOWN["id"])
    case("the address", 200, ask("GET", "/latest/meta-data/local-ipv4", good), KNOWN["private"])
    case("a dated version", 200, ask("GET", "/2021-07-15/meta-data/instance-id", good), KNOWN["id"])
    case("the type", 200, ask("GET", "/latest/meta-data/instance-type", good), KNOWN["type"])
    case("user data", 200, ask("GET", "/latest/user-data", good), KNOWN["user_data"])
    case("HEAD", 200, ask("HEAD", ID, good), "")
    case("nothing there", 404, ask("GET", "/latest/meta-data/nothing", good))
    case("no such version", 404, ask("GET", "/1999-01-01/meta-data/instance-id", good))
    case("no role", 404, ask("GET", "/latest/meta-data/iam/security-credentials/x", good))
    _, short, _ = issue("1")
    time.sleep(2.1)
    case("token that is over", 401, ask("GET", ID, [(TOKEN, short)]))
    other = KNOWN["other"]
    added = subprocess.run(
        ["ip", "addr", "add", f"{other}/32", "dev", "eth0"], capture_output=True
    ).returncode
    if added == 0:
        answer = ask("PUT", ISSUE, [(TTL, "60")], source=(other, 0))
        subprocess.run(["ip", "addr", "del", f"{other}/32", "dev", "eth0"], capture_output=True)
        case("in another's name", 0, answer)


def optional():
    case("no token needed", 200, ask("GET", ID), KNOWN["id"])
    case("a token that is sent must be good", 401, ask("GET", ID, [(TOKEN, "A" * 56)]))
    case("tokens are still given", 200, issue())


def disabled():
    case("disabled", 403, ask("GET", ID))
    case("no tokens either", 403, issue())


def token():
    print(issue("600")[1])


{"required": required, "optional": optional, "disabled": disabled, "token": token}[PART]()
if cases:
    print(json.dumps(cases))
