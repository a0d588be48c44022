"""Row 39: sets the metadata options of an instance: `ID TOKENS ENDPOINT`."""

import sys

from region import client, report

answer = client("ec2").modify_instance_metadata_options(
    InstanceId=sys.argv[1], HttpTokens=sys.argv[2], HttpEndpoint=sys.argv[3]
)
report(options=answer["InstanceMetadataOptions"])
