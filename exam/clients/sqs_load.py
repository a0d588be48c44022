"""Row 3: senders and consumers of one standard queue, who write down all that happened.

Arguments: sends per second, visibility timeout in seconds, file for the history, seed.
Orders: `drain` ends the senders; consumers go on until the queue has been empty for long enough.
"""

import json
import random
import sys
import threading
import time

from region import AWAY, ClientError, client, orders, report

RATE, VISIBILITY, HISTORY, SEED = (
    int(sys.argv[1]),
    int(sys.argv[2]),
    sys.argv[3],
    int(sys.argv[4]),
)
SENDERS, CONSUMERS = 3, 3

history = []
sending = threading.Event()
sending.set()
consuming = threading.Event()
consuming.set()
last_seen = [time.monotonic()]


def note(*what):
    history.append(what)


def insist(call, on_loss):
    """Calls until an answer comes; says each time that none came."""
    while True:
        try:
            return call()
        except AWAY as error:
            on_loss(error)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status < 500:
                note("error", str(error))
                raise
            on_loss(error)
        time.sleep(0.02)


def send(number, queue):
    chance = random.Random(SEED * 100 + number)
    sqs = client("sqs")
    pace = 10 * SENDERS / RATE
    count = 0
    due = time.monotonic()
    while sending.is_set():
        size = 1 if chance.random() < 0.2 else 10
        bodies = []
        for _ in range(size):
            bodies.append(f"{number}/{count}/" + "x" * chance.randrange(200))
            count += 1
        if size == 1:
            answer = insist(
                lambda: sqs.send_message(QueueUrl=queue, MessageBody=bodies[0]),
                lambda _: note("unsure", bodies[0]),
            )
            note("sent", bodies[0], answer["MessageId"])
        else:
            entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies)]
            answer = insist(
                lambda: sqs.send_message_batch(QueueUrl=queue, Entries=entries),
                lambda _: [note("unsure", body) for body in bodies],
            )
            for one in answer.get("Successful", []):
                note("sent", bodies[int(one["Id"])], one["MessageId"])
            for one in answer.get("Failed", []):
                note("error", one)
        due += pace * size / 10
        time.sleep(max(0, due - time.monotonic()))


def consume(number, queue):
    chance = random.Random(SEED * 100 + 50 + number)
    sqs = client("sqs")
    while consuming.is_set():
        asked = time.monotonic()
        answer = None
        try:
            answer = sqs.receive_message(
                QueueUrl=queue,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=1,
                AttributeNames=["ApproximateReceiveCount"],
            )
        except AWAY:
            time.sleep(0.02)
            continue
        now = time.monotonic()
        kept = []
        for message in answer.get("Messages", []):
            last_seen[0] = now
            received = int(message["Attributes"]["ApproximateReceiveCount"])
            note("got", asked, now, message["MessageId"], message["Body"], received)
            # One in ten is left to come again, as if the consumer had crashed.
            if received > 3 or chance.random() > 0.1:
                kept.append(message)
        if not kept:
            continue
        entries = [
            {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(kept)
        ]
        answer = insist(
            lambda: sqs.delete_message_batch(QueueUrl=queue, Entries=entries),
            lambda _: [note("undeleted?", m["MessageId"]) for m in kept],
        )
        now = time.monotonic()
        for one in answer.get("Successful", []):
            note("deleted", now, kept[int(one["Id"])]["MessageId"])
        for one in answer.get("Failed", []):
            note("error", one)


def main():
    sqs = client("sqs")
    queue = sqs.create_queue(
        QueueName="exam-row-3", Attributes={"VisibilityTimeout": str(VISIBILITY)}
    )["QueueUrl"]
    report(queue=queue)
    senders = [threading.Thread(target=send, args=(n, queue)) for n in range(SENDERS)]
    consumers = [threading.Thread(target=consume, args=(n, queue)) for n in range(CONSUMERS)]
    for thread in senders + consumers:
        thread.start()
    for order in orders():
        if order == "drain":
            break
    sending.clear()
    for thread in senders:
        thread.join()
    last_seen[0] = time.monotonic()
    while time.monotonic() - last_seen[0] < VISIBILITY + 3:
        time.sleep(0.1)
    consuming.clear()
    for thread in consumers:
        thread.join()
    left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    with open(HISTORY, "w") as file:
        for what in history:
            file.write(json.dumps(what) + "\n")
    report(done=len(history), left=left)


main()
