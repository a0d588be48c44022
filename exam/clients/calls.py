"""Makes the calls that a test names, one a line, through boto3, and reports what came back."""

import json
import time

from botocore.exceptions import ClientError
from region import client, code, orders, report

clients = {}
for order in orders():
    order = json.loads(order)
    api = order["api"]
    if api not in clients:
        clients[api] = client(api)
    call = clients[api]._make_api_call
    try:
        answer = call(order["operation"], order["input"])
        answer.pop("ResponseMetadata", None)
        report(answer=answer, at=time.monotonic())
    except ClientError as error:
        report(refused=code(error), message=str(error), at=time.monotonic())
