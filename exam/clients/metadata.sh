# The metadata service as the inside of an instance sees it. Run by bash inside of it with OTHER, a
# token of another instance, and HOPS, the hop limit. Prints a line for each case that is wrong.
at=http://169.254.169.254
ttl='X-aws-ec2-metadata-token-ttl-seconds'
head='X-aws-ec2-metadata-token'
cases=0
expect() { # CODE CURL-WORDS...: the answer must have this code
    local code=$1 got; shift
    cases=$((cases + 1))
    got=$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$@")
    [ "$got" = "$code" ] || echo "$got instead of $code: $*"
}
token=$(curl -s -m 5 -X PUT "$at/latest/api/token" -H "$ttl: 60")
put="-X PUT $at/latest/api/token"
id=$at/latest/meta-data/instance-id
expect 200 $put -H "$ttl: 1"
expect 200 $put -H "$ttl: 21600"
expect 400 $put
expect 400 $put -H "$ttl: 0"
expect 400 $put -H "$ttl: 21601"
expect 400 $put -H "$ttl: -1"
expect 400 $put -H "$ttl: six hours"
expect 400 $put -H "$ttl: 60" -H "$ttl: 60"
expect 403 $put -H "$ttl: 60" -H 'X-Forwarded-For: 10.0.0.1'
expect 403 $put -H "$ttl: 60" -H 'x-forwarded-for;'
expect 403 -X PUT "$at/2021-07-15/api/token" -H "$ttl: 60"
expect 405 -X PUT "$id" -H "$ttl: 60"
expect 405 -X POST "$at/latest/api/token" -H "$ttl: 60"
expect 405 -X DELETE "$id" -H "$head: $token"
expect 200 "$id" -H "$head: $token"
expect 401 "$id"
expect 401 "$id" -H "$head;"
expect 401 "$id" -H "$head: wrong"
expect 401 "$id" -H "$head: ${token%????}AAAA"
expect 401 "$id" -H "$head: ${token%????}"
expect 401 "$id" -H "$head: $OTHER"
expect 401 "$at/latest/meta-data/nothing"
expect 404 "$at/latest/meta-data/nothing" -H "$head: $token"
expect 404 "$at/1999-01-01/meta-data/" -H "$head: $token"
expect 200 "$at/latest/user-data" -H "$head: $token"
expect 200 "$at/latest/dynamic/instance-identity/document" -H "$head: $token"
expect 404 "$at/latest/meta-data/tags/instance/Name" -H "$head: $token"
expect 200 "$at/latest/meta-data/iam/security-credentials/" -H "$head: $token"
short=$(curl -s -m 5 $put -H "$ttl: 1")
sleep 1.1
expect 401 "$id" -H "$head: $short"
# The packets that carry a token go no farther than the hop limit; others do.
hops=$(python3 - "$HOPS" <<'PYTHON'
import socket, sys
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.settimeout(3)
one = socket.create_connection(("169.254.169.254", 80), 3)
own = one.getsockname()[1]
one.send(b"PUT /latest/api/token HTTP/1.1\r\nHost: m\r\nX-aws-ec2-metadata-token-ttl-seconds: 9\r\n\r\n")
while True:
    packet = raw.recv(4096)
    tcp = packet[(packet[0] & 15) * 4:]
    if tcp[:2] == b"\0P" and int.from_bytes(tcp[2:4], "big") == own and b"200 OK" in tcp:
        break
print(packet[8])
PYTHON
)
cases=$((cases + 1))
[ "$hops" = "$HOPS" ] || echo "a token's packet may make $hops hops instead of $HOPS"
echo "cases $cases"
