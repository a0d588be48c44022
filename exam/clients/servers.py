"""Row 10: instances that answer over HTTP with who they are, some behind an Elastic IP.

`launch N ELASTIC`: launches, waits until all run, reports them. `show`: reports them. All
addresses are of the model, not of this machine.
"""

import sys

from region import client, report

SERVER = """#!/bin/bash
mkdir -p /opt/exam /var/lib/cloud/scripts/per-boot
cat > /opt/exam/server.py <<'PYTHON'
import http.server
import os


class Who(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = os.uname().nodename.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("0.0.0.0", 80), Who).serve_forever()
PYTHON
echo once >> /opt/exam/first-boots
cat > /var/lib/cloud/scripts/per-boot/exam <<'START'
#!/bin/bash
echo boot >> /opt/exam/boots
setsid python3 /opt/exam/server.py < /dev/null > /var/log/exam 2>&1 &
START
chmod +x /var/lib/cloud/scripts/per-boot/exam
/var/lib/cloud/scripts/per-boot/exam
"""

ec2 = client("ec2", attempts=5)


def instances():
    found = []
    for reservation in ec2.describe_instances()["Reservations"]:
        for one in reservation["Instances"]:
            found.append(
                {
                    "id": one["InstanceId"],
                    "state": one["State"]["Name"],
                    "private": one.get("PrivateIpAddress"),
                    "public": one.get("PublicIpAddress"),
                    "type": one["InstanceType"],
                    "launched": one["LaunchTime"],
                    "volumes": sorted(
                        m["Ebs"]["VolumeId"] for m in one["BlockDeviceMappings"]
                    ),
                }
            )
    return sorted(found, key=lambda one: one["id"])


def launch(count, elastic):
    names = [{"Name": "name", "Values": ["al2023-ami-*"]}]
    images = ec2.describe_images(Owners=["amazon"], Filters=names)["Images"]
    group = ec2.create_security_group(GroupName="web", Description="web")["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="0.0.0.0/0"
    )
    answer = ec2.run_instances(
        ImageId=images[0]["ImageId"],
        InstanceType="t2.micro",
        MinCount=count,
        MaxCount=count,
        SecurityGroupIds=[group],
        UserData=SERVER,
    )
    ids = [one["InstanceId"] for one in answer["Instances"]]
    waiter = ec2.get_waiter("instance_running")
    waiter.wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    for id in sorted(ids)[:elastic]:
        allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
        ec2.associate_address(InstanceId=id, AllocationId=allocation)


if sys.argv[1] == "launch":
    launch(int(sys.argv[2]), int(sys.argv[3]))
report(instances=instances(), user_data=SERVER)
