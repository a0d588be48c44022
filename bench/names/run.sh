#!/usr/bin/env bash
# DNS beside BIND, Knot and NSD: one zone of 10,000 names, one core for the server and one for the
# sender, in two network namespaces with a veth between, both before other processes (`chrt -f`)
# where that is allowed. Needs root; a peer that is not installed is left out.
# Arguments: rounds (5, and one before them that does not count) and seconds a measurement (1).
# All servers wait at once and take turns: first at full load, then at half of what each one did.
# Prints for each the median round: answers a second; p50 and p99 at half load, what was lost among
# them.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds="${1:-5}" seconds="${2:-1}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
[ -n "${BUILT:-}" ] || cargo build --quiet --release -p bench --bin bench-names
bench="$target/release/bench-names"
work="$(mktemp -d)"
server="names-server-$$" sender="names-sender-$$"
pids=()
clean() {
    for pid in "${pids[@]}"; do kill -- "-$pid" 2> /dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
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
options { directory "$work"; listen-on port 5301 { 10.9.9.1; }; listen-on-v6 { none; };
  recursion no; pid-file none; session-keyfile "$work/session"; minimal-responses yes;
  rate-limit { all-per-second 0; }; };
controls { };
zone "example.com" { type master; file "$work/zone"; };
END
sed -i '/rate-limit/d; s/minimal-responses yes;/minimal-responses yes; };/' "$work/named.conf"
cat > "$work/knot.conf" << END
server:
    rundir: $work
    listen: 10.9.9.1@5302
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
    ip-address: 10.9.9.1@5303
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
first=()
if chrt -f 5 true 2> /dev/null; then
    first=(chrt -f 5)
else
    echo "no process may run before others here: what else runs is in the tails" >&2
fi
declare -A port=([maquette]=5300 [bind]=5301 [knot]=5302 [nsd]=5303) rates
load() { # server, seconds, window, rate
    ip netns exec "$sender" taskset -c 1 "${first[@]}" \
        "$bench" load "10.9.9.1:${port[$1]}" "$work/queries" "${@:2}"
}
# Of a server's first round nothing is kept; the rest in lines `NAME full|half` and the numbers.
round() { # number, server, full|half, window, rate
    local line
    line="$2 $3 $(load "$2" "$seconds" "$4" "$5")"
    if [ "$1" != 0 ]; then echo "$line" | tee -a "$work/results" >&2; fi
}
export -f start
export bench work
servers=()
for pair in maquette:true bind:named knot:knotd nsd:nsd; do
    name="${pair%:*}"
    if ! command -v "${pair#*:}" > /dev/null; then continue; fi
    setsid ip netns exec "$server" taskset -c 0 "${first[@]}" bash -c "start $name" \
        > "$work/$name.log" 2>&1 &
    pids+=($!)
    answers=0
    for _ in $(seq 20); do
        answers="$(load "$name" 1 8 20 | cut -d' ' -f1)"
        if [ "$answers" != 0 ]; then break; fi
    done
    if [ "$answers" != 0 ]; then
        servers+=("$name")
    else
        echo "$name does not answer and is left out: $(tail -n 3 "$work/$name.log")" >&2
    fi
done
touch "$work/results"
for number in $(seq 0 "$rounds"); do
    for name in "${servers[@]}"; do round "$number" "$name" full 512 0; done
done
for name in "${servers[@]}"; do
    rates[$name]="$(awk -v name="$name" '$1 == name { print $3 }' "$work/results" |
        sort -n | awk '{ all[NR] = $1 } END { print int(all[int((NR + 1) / 2)]) }')"
done
for number in $(seq 0 "$rounds"); do
    for name in "${servers[@]}"; do
        round "$number" "$name" half 65536 "$((rates[$name] / 2))"
    done
done
if [ -n "${FIGURES:-}" ]; then cp "$work/results" "$FIGURES"; fi
python3 - "$work/results" << 'END'
import statistics, sys
rows = {}
for line in open(sys.argv[1]):
    name, load, *values = line.split()
    rows.setdefault(name, {}).setdefault(load, []).append([float(value) for value in values])
middle = lambda name, load, at: statistics.median(row[at] for row in rows[name][load])
print("server     answers/s   ratio (ours/theirs)   at half load: answers/s   lost   p50 us   p99 us")
for name in rows:
    ratio = middle("maquette", "full", 0) / middle(name, "full", 0)
    half = "".join(f" {middle(name, 'half', at):>8,.0f}" for at in (1, 3, 4))
    print(f"{name:<9} {middle(name, 'full', 0):>10,.0f} {ratio:>10.2f}"
          f" {middle(name, 'half', 0):>36,.0f}{half}")
END
