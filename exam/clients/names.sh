# What a newcomer to Route 53 types into the aws CLI. Run by bash with MAQUETTE, STATE and `maquette
# env`; asks with `dig` at the host's door.
set -euo pipefail
trap 'echo "line $LINENO: $BASH_COMMAND" >&2' ERR
refused() { # CODE COMMAND...: the command must be refused with this code
    local code=$1 said; shift
    if said=$("$@" 2>&1); then echo "not refused: $*" >&2; return 1; fi
    grep -q "($code)" <<< "$said" || { echo "$* was refused with: $said" >&2; return 1; }
}
same() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'" >&2; return 1; }; }
r53() { aws --output text route53 "$@"; }

zone=$(r53 create-hosted-zone --name Example.COM --caller-reference one --query HostedZone.Id)
same "${zone:0:13}" /hostedzone/Z
refused HostedZoneAlreadyExists r53 create-hosted-zone --name example.com --caller-reference one
refused InvalidDomainName r53 create-hosted-zone --name bad..name --caller-reference two
refused NoSuchHostedZone r53 get-hosted-zone --id Z0000000000
refused InvalidInput r53 get-hosted-zone --id Z00000000000000000000000000000000000
same "$(r53 get-hosted-zone --id "$zone" --query 'length(DelegationSet.NameServers)')" 4
same "$(r53 list-resource-record-sets --hosted-zone-id "$zone" --query 'ResourceRecordSets[].Type')" \
    "$(printf 'NS\tSOA')"

change() { # ACTION NAME TYPE VALUE [MORE]: one change, its id
    r53 change-resource-record-sets --hosted-zone-id "$zone" --query ChangeInfo.Id --change-batch \
        "{\"Changes\":[{\"Action\":\"$1\",\"ResourceRecordSet\":{\"Name\":\"$2\",\"Type\":\"$3\",
        \"TTL\":60,${5:-}\"ResourceRecords\":[{\"Value\":\"$4\"}]}}]}"
}
id=$(change CREATE www.example.com A 203.0.113.7)
for _ in $(seq 100); do
    [ "$(r53 get-change --id "$id" --query ChangeInfo.Status)" = PENDING ] || break
    sleep 0.1
done
r53 wait resource-record-sets-changed --id "$id"
# The door opens with the first zone.
eval "$("$MAQUETTE" env --state "$STATE")"
NAMED=(@127.0.0.1 -p "$MAQUETTE_DNS_PORT")
same "$(dig +short "${NAMED[@]}" www.example.com)" 203.0.113.7
same "$(r53 test-dns-answer --hosted-zone-id "$zone" --record-name www.example.com --record-type A \
    --query '[ResponseCode, RecordData[0]]')" "$(printf 'NOERROR\t203.0.113.7')"
same "$(r53 test-dns-answer --hosted-zone-id "$zone" --record-name no.example.com --record-type A \
    --query ResponseCode)" NXDOMAIN
change UPSERT txt.example.com TXT '\"two words\" \"and more\"' > /dev/null
change CREATE '*.any.example.com' MX '10 mail.example.com' > /dev/null
sleep 0.5
same "$(dig +short "${NAMED[@]}" txt.example.com TXT)" '"two words" "and more"'
same "$(dig +short "${NAMED[@]}" x.any.example.com MX)" '10 mail.example.com.'

refused InvalidChangeBatch change CREATE www.example.com A 203.0.113.8
refused InvalidChangeBatch change CREATE www.example.org A 203.0.113.8
refused InvalidChangeBatch change CREATE new.example.com A 300.1.2.3
refused InvalidChangeBatch change CREATE new.example.com TXT unquoted
refused InvalidChangeBatch change CREATE www.example.com CNAME other.example.com
refused InvalidChangeBatch change CREATE example.com CNAME other.example.com
refused InvalidChangeBatch change DELETE www.example.com A 203.0.113.8
refused InvalidChangeBatch change DELETE new.example.com A 203.0.113.8
refused InvalidInput change CREATE new.example.com A 203.0.113.8 '"Weight":1,'
refused InvalidInput change CREATE new.example.com A 203.0.113.8 '"Weight":256,"SetIdentifier":"a",'
refused InvalidInput change REPLACE new.example.com A 203.0.113.8
refused HostedZoneNotEmpty r53 delete-hosted-zone --id "$zone"

check=$(r53 create-health-check --caller-reference one --query HealthCheck.Id --health-check-config \
    Type=TCP,IPAddress=192.0.2.1,Port=9,RequestInterval=10,FailureThreshold=1)
refused InvalidInput r53 create-health-check --caller-reference two --health-check-config \
    Type=TCP,IPAddress=10.0.0.1,Port=80
refused HealthCheckAlreadyExists r53 create-health-check --caller-reference one \
    --health-check-config Type=TCP,IPAddress=192.0.2.1,Port=10
refused NoSuchHealthCheck r53 get-health-check --health-check-id 11111111-1111-1111-1111-111111111111
refused HealthCheckVersionMismatch r53 update-health-check --health-check-id "$check" \
    --health-check-version 7 --failure-threshold 2
for _ in $(seq 60); do
    states=$(r53 get-health-check-status --health-check-id "$check" \
        --query 'HealthCheckObservations[].StatusReport.Status')
    grep -q 'Failure: Connection refused' <<< "$states" && break
    sleep 0.3
done
grep -q 'Failure: Connection refused' <<< "$states"
grep -q 'Connection refused' <<< "$(r53 get-health-check-last-failure-reason --health-check-id "$check")"

for at in $(seq 7); do
    r53 create-hosted-zone --name "z$at.test" --caller-reference "z$at" > /dev/null
done
same "$(aws route53 list-hosted-zones --page-size 3 --query 'length(HostedZones)')" 8
many=$(for at in $(seq 120); do
    printf '{"Action":"CREATE","ResourceRecordSet":{"Name":"n%s.example.com","Type":"A","TTL":1,
        "ResourceRecords":[{"Value":"192.0.2.1"}]}},' "$at"
done)
r53 change-resource-record-sets --hosted-zone-id "$zone" \
    --change-batch "{\"Changes\":[${many%,}]}" > /dev/null
same "$(aws route53 list-resource-record-sets --hosted-zone-id "$zone" --page-size 50 \
    --query 'length(ResourceRecordSets)')" 125
same "$(r53 list-hosted-zones-by-name --dns-name example.com --max-items 1 --query 'HostedZones[].Id')" "$zone"

# Answers and errors are XML of Route 53's namespace.
space='xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
said=$(aws route53 get-hosted-zone --id "$zone" --debug 2>&1)
grep -q "<GetHostedZoneResponse $space>" <<< "$said"
said=$(aws route53 get-hosted-zone --id Z0000000000 --debug 2>&1 || true)
grep -q "<ErrorResponse $space>" <<< "$said"
echo well
