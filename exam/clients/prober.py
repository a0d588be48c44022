"""Row 10: a customer on the model's internet. Asks every address again and again, each time over a
new connection, and holds one more connection to each that must never break.

Arguments: public addresses. Started with `maquette as internet`, so it sees only the model.
Orders: `stop`. Reports when every address has answered once, and at the end what failed.
"""

import http.client
import json
import sys
import threading
import time

ADDRESSES = sys.argv[1:]
PAUSE = 0.02

stop = threading.Event()
asked, failed, dropped, answers, gaps = [], [], [], {}, []


def report(**what):
    print(json.dumps(what), flush=True)


def ask(way):
    way.request("GET", "/")
    answer = way.getresponse()
    return answer.status, answer.read().decode()


def first(address):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        way = http.client.HTTPConnection(address, 80, timeout=2)
        try:
            status, name = ask(way)
            if status == 200:
                answers[address] = name
                return
        except OSError:
            time.sleep(0.1)
        finally:
            way.close()
    failed.append([address, "never answered"])


def anew(address):
    last = time.monotonic()
    while not stop.is_set():
        way = http.client.HTTPConnection(address, 80, timeout=2)
        try:
            asked.append(address)
            status, name = ask(way)
            if (status, name) != (200, answers.get(address)):
                failed.append([address, f"{status} {name}"])
            gaps.append(time.monotonic() - last)
            last = time.monotonic()
        except OSError as error:
            failed.append([address, str(error)])
        finally:
            way.close()
        time.sleep(PAUSE)


def held(address):
    way = http.client.HTTPConnection(address, 80, timeout=5)
    way.connect()
    # A connection that broke would be made anew without a word.
    way.auto_open = 0
    while not stop.is_set():
        try:
            ask(way)
        except (OSError, http.client.HTTPException) as error:
            dropped.append([address, repr(error)])
            return
        time.sleep(5 * PAUSE)
    way.close()


def all_of(work):
    threads = [threading.Thread(target=work, args=(address,)) for address in ADDRESSES]
    for thread in threads:
        thread.start()
    return threads


for thread in all_of(first):
    thread.join()
report(answers=answers, failed=failed)
threads = all_of(anew) + all_of(held)
for line in sys.stdin:
    if line.strip() == "stop":
        break
stop.set()
for thread in threads:
    thread.join()
report(asked=len(asked), failed=failed, dropped=dropped, longest=max(gaps, default=0))
