#!/usr/bin/env bash
# DNS beside BIND, Knot and NSD: one zone of 10,000 names, one core for the server and one for the
# sender, in two network namespaces with a veth between. Needs root; a peer that is not installed
# is left out. Arguments: rounds (3) and seconds a measurement (4).
# Prints for each server answers a second (median), and p99 at half of that server's own load.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds="${1:-3}" seconds="${2:-4}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
[ -n "${BUILT:-}" ] || cargo build --quiet --release -p bench --bin bench-names
bench="$target/release/bench-names"
work="$(mktemp -d)"
server="names-server-$$" sender="names-sender-$$"
pid=""
stop() { if [ -n "$pid" ]; then kill "$pid" 2> /dev/null || true; wait "$pid" 2> /dev/null || true; pid=""; fi; }
clean() {
    stop
    ip netns del "$server" 2> /dev/null || true
    ip netns del "$sender" 2> /dev/null || true
    rm -rf "$work"
}
trap clean EXIT
chmod 755 "$work"

ip netns add "$server"
ip netns add "$sender"
ip -n "$server" link add veth0 type veth peer name veth1 netns "$sender"
ip -n "$server" address add 10.9.9.1/24 dev veth0
ip -n "$sender" address add 10.9.9.2/24 dev veth1
for end in "$server lo" "$server veth0" "$sender lo" "$sender veth1"; do
    ip -n "${end% *}" link set "${end#* }" up
done

for number in $(seq 0 9999); do
    echo "n$number 300 IN A 10.$((number / 2500)).$((number / 250 % 10)).$((number % 250 + 1))"
done > "$work/names"
{
    echo '$ORIGIN example.com.'
    echo '@ 900 IN SOA ns1.example.com. host.example.com. 1 7200 900 1209600 86400'
    echo '@ 900 IN NS ns1.example.com.'
    echo 'ns1 900 IN A 10.9.9.1'
    cat "$work/names"
} > "$work/zone"
awk 'BEGIN { srand(1) } { print rand() "\t" $1 ".example.com." }' "$work/names" | sort | cut -f2 > "$work/queries"

cat > "$work/named.conf" << END
options { directory "$work"; listen-on port 5300 { 10.9.9.1; }; listen-on-v6 { none; };
  recursion no; pid-file none; session-keyfile "$work/session"; minimal-responses yes;
  rate-limit { all-per-second 0; }; };
controls { };
zone "example.com" { type master; file "$work/zone"; };
END
sed -i '/rate-limit/d; s/minimal-responses yes;/minimal-responses yes; };/' "$work/named.conf"
cat > "$work/knot.conf" << END
server:
    rundir: $work
    listen: 10.9.9.1@5300
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: $work
zone:
  - domain: example.com
    storage: $work
    file: zone
    zonefile-sync: -1
END
cat > "$work/nsd.conf" << END
server:
    ip-address: 10.9.9.1@5300
    server-count: 1
    username: ""
    zonesdir: "$work"
    database: ""
    pidfile: ""
    xfrdfile: "$work/xfrd"
    zonelistfile: "$work/zonelist"
    rrl-ratelimit: 0
    minimal-responses: yes
remote-control:
    control-enable: no
zone:
    name: example.com
    zonefile: zone
END

start() {
    case "$1" in
        maquette) tail -f /dev/null | "$bench" serve 10.9.9.1:5300 example.com. "$work/names" 1 ;;
        bind) named -g -n 1 -c "$work/named.conf" ;;
        knot) knotd -c "$work/knot.conf" ;;
        nsd) nsd -d -c "$work/nsd.conf" ;;
    esac
}
load() { ip netns exec "$sender" taskset -c 1 "$bench" load 10.9.9.1:5300 "$work/queries" "$@"; }
export -f start
export bench work
servers=(maquette)
for pair in bind:named knot:knotd nsd:nsd; do
    if command -v "${pair#*:}" > /dev/null; then servers+=("${pair%:*}"); fi
done
for _ in $(seq "$rounds"); do
    for name in "${servers[@]}"; do
        setsid ip netns exec "$server" taskset -c 0 bash -c "start $name" > "$work/$name.log" 2>&1 &
        pid=$!
        answer=0
        for _ in $(seq 15); do
            answer="$(load 1 8 20 | cut -d' ' -f1)"
            if [ "$answer" != 0 ]; then break; fi
        done
        if [ "$answer" = 0 ]; then
            echo "$name does not answer and is left out: $(tail -n 3 "$work/$name.log")" >&2
            kill -- "-$pid" 2> /dev/null || true
            stop
            continue
        fi
        full="$(load "$seconds" 512 0)"
        rate="${full%% *}"
        half="$(load "$seconds" 512 "$((rate / 2))")"
        echo "$name $full $half" | tee -a "$work/results" >&2
        kill -- "-$pid" 2> /dev/null || true
        stop
    done
done
if [ -n "${FIGURES:-}" ]; then cp "$work/results" "$FIGURES"; fi
python3 - "$work/results" << 'END'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, *values = line.split()
    rows.setdefault(name, []).append([float(value) for value in values])
middle = lambda name, at: statistics.median(row[at] for row in rows[name])
print("server     answers/s   ratio (ours/theirs)   lost   p50 us   p99 us at half load")
for name in rows:
    ratio = middle("maquette", 0) / middle(name, 0)
    print(f"{name:<9} {middle(name, 0):>10,.0f} {ratio:>10.2f} {middle(name, 1):>16,.0f}"
          f" {middle(name, 8):>8.0f} {middle(name, 9):>8.0f}")
END
