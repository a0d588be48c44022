"""Says as whom a key signs: key id, secret, token."""

import sys

from region import client, report

who = client("sts", key=sys.argv[1], secret=sys.argv[2], token=sys.argv[3]).get_caller_identity()
report(arn=who["Arn"])
