#!/bin/bash
# User data of a WhatIsTheTime.com server: installs the time service and has it start at each boot.
set -e
mkdir -p /opt/whatisthetime /var/lib/cloud/scripts/per-boot
cat > /opt/whatisthetime/server.py <<'PYTHON'
"""Answers every request with the time, and /about with what this server is made of."""
import datetime
import http.server
import json
import os
import socket
import urllib.request

METADATA = "http://169.254.169.254/latest/"


def metadata(path):
    """What the instance's own metadata service says; "?" where there is none."""
    try:
        ask = urllib.request.Request(METADATA + "api/token", method="PUT")
        ask.add_header("X-aws-ec2-metadata-token-ttl-seconds", "60")
        token = urllib.request.urlopen(ask, timeout=2).read().decode()
        ask = urllib.request.Request(METADATA + "meta-data/" + path)
        ask.add_header("X-aws-ec2-metadata-token", token)
        return urllib.request.urlopen(ask, timeout=2).read().decode()
    except OSError:
        return "?"


INSTANCE, ZONE = metadata("instance-id"), metadata("placement/availability-zone")


def memory_mib():
    with open("/proc/meminfo") as facts:
        return int(facts.readline().split()[1]) // 1024


class Time(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        facts = {"time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")}
        if self.path == "/about":
            facts["host"] = socket.gethostname()
            facts["cpus"] = len(os.sched_getaffinity(0))
            facts["memory_mib"] = memory_mib()
        body = (json.dumps(facts) + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Instance", INSTANCE)
        self.send_header("X-Zone", ZONE)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


Server(("0.0.0.0", 80), Time).serve_forever()
PYTHON
cat > /var/lib/cloud/scripts/per-boot/whatisthetime <<'START'
#!/bin/bash
setsid python3 /opt/whatisthetime/server.py < /dev/null >> /var/log/whatisthetime.log 2>&1 &
START
chmod +x /var/lib/cloud/scripts/per-boot/whatisthetime
/var/lib/cloud/scripts/per-boot/whatisthetime
