#!/usr/bin/env bash
# A balancer node beside nginx and HAProxy: the same namespaces (client, balancer, origin), the same
# load, turns taken. Needs root, nginx, haproxy and iproute2. Prints one table.
# Arguments: rounds (default 40), seconds of each turn (default 0.3).
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds="${1:-40}" seconds="${2:-0.3}"
[ -n "${BUILT:-}" ] || cargo build --quiet --release -p bench --bin balance
program="${CARGO_TARGET_DIR:-target}/release/balance"
work="$(mktemp -d)"
space="maq-bench-$$"
pids=()
cleanup() {
    exec 8>&- 9>&- || true
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    for part in client middle origin; do ip netns del "$space-$part" 2> /dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT
ulimit -n "$(ulimit -Hn)"

for part in client middle origin; do
    ip netns add "$space-$part"
    ip -n "$space-$part" link set lo up
done
ip -n "$space-client" link add outer type veth peer name front netns "$space-middle"
ip -n "$space-origin" link add outer type veth peer name back netns "$space-middle"
ip -n "$space-client" addr add 10.77.1.1/24 dev outer
ip -n "$space-middle" addr add 10.77.1.2/24 dev front
ip -n "$space-middle" addr add 10.77.2.2/24 dev back
ip -n "$space-origin" addr add 10.77.2.1/24 dev outer
for end in client:outer middle:front middle:back origin:outer; do
    ip -n "$space-${end%%:*}" link set "${end##*:}" up
done

cat > "$work/nginx.conf" << END
worker_processes 2; daemon off; pid $work/nginx.pid;
error_log $work/nginx.log crit;
events { worker_connections 12000; }
http {
    access_log off; keepalive_timeout 600s; keepalive_requests 100000000;
    client_body_temp_path $work/a; proxy_temp_path $work/b; fastcgi_temp_path $work/c;
    uwsgi_temp_path $work/d; scgi_temp_path $work/e;
    upstream origin { server 10.77.2.1:80; keepalive 512; keepalive_requests 100000000; }
    server {
        listen 10.77.1.2:8002 backlog=4096 reuseport;
        location / {
            proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto \$scheme;
        }
    }
}
END
cat > "$work/haproxy.cfg" << END
global
    nbthread 2
    maxconn 12000
    no strict-limits
defaults
    timeout client 600s
    timeout server 600s
    timeout connect 10s
frontend http
    mode http
    option forwardfor
    bind 10.77.1.2:8003
    default_backend origin
backend origin
    mode http
    http-reuse always
    server one 10.77.2.1:80
frontend tcp
    mode tcp
    bind 10.77.1.2:8013
    default_backend bytes
backend bytes
    mode tcp
    server one 10.77.2.1:80
END

mkfifo "$work/hold"
exec 9<> "$work/hold"
ip netns exec "$space-origin" "$program" origin 10.77.2.1:80 < "$work/hold" & pids+=($!)
ip netns exec "$space-middle" "$program" node 10.77.1.2 8001 8011 10.77.2.1:80 < "$work/hold" & node=$!; pids+=($node)
ip netns exec "$space-middle" nginx -c "$work/nginx.conf" -e "$work/nginx.log" & nginx=$!; pids+=($nginx)
ip netns exec "$space-middle" haproxy -db -f "$work/haproxy.cfg" 2> "$work/haproxy.log" & haproxy=$!; pids+=($haproxy)
export PROGRAM="$program" SPACE="$space" NODE=$node NGINX=$nginx HAPROXY=$haproxy
python3 bench/balancer/compare.py "$rounds" "$seconds"
