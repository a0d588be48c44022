# Stage 4 of WhatIsTheTime.com: a name for several addresses, and what its time to live costs.

ttl=10
name=api.whatisthetime.com
route53() { show "aws route53 $*"; aws --endpoint-url "$AWS_ENDPOINT_URL" route53 "$@"; }
names() { aws --endpoint-url "$AWS_ENDPOINT_URL" route53 "$@"; }
domains() { aws --endpoint-url "$AWS_ENDPOINT_URL" route53domains --region us-east-1 "$@"; }
load() { "$MAQUETTE" load --state "$MAQUETTE_STATE" "$@"; }
# A number of a load's report.
figure() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]] or 0)' "$1" "$2"; }
holds() { python3 -c 'import sys; sys.exit(not eval(sys.argv[1]))' "$1"; }

# Registers whatisthetime.com, if nobody has; the registrar makes its hosted zone.
own_domain() {
    local contact operation
    contact=FirstName=Ada,LastName=Time,ContactType=PERSON,CountryCode=KR,City=Seoul,ZipCode=04524
    contact=$contact,AddressLine1='1 Clock Street',PhoneNumber=+82.212345678
    contact=$contact,Email=ada@whatisthetime.com
    if ! domains get-domain-detail --domain-name whatisthetime.com > /dev/null 2>&1; then
        operation=$(domains register-domain --domain-name whatisthetime.com --duration-in-years 1 \
            --admin-contact "$contact" --registrant-contact "$contact" --tech-contact "$contact" \
            --query OperationId --output text)
        for _ in $(seq 100); do
            [ "$(domains get-operation-detail --operation-id "$operation" \
                --query Status --output text)" = SUCCESSFUL ] && break
            sleep 0.2
        done
        echo '  registered whatisthetime.com'
    fi
    zone=$(names list-hosted-zones-by-name --dns-name whatisthetime.com \
        --query 'HostedZones[0].Id' --output text)
    zone=${zone##*/}
}

# Sends a change of record sets, and waits until all name servers have it.
change() {
    local id
    id=$(names change-resource-record-sets --hosted-zone-id "$zone" --change-batch "$1" \
        --query ChangeInfo.Id --output text)
    names wait resource-record-sets-changed --id "$id"
}

# A change batch for the name's A record with these addresses.
addresses() {
    local values
    values=$(printf '{"Value":"%s"},' "${@:2}")
    printf '{"Changes":[{"Action":"%s","ResourceRecordSet":{"Name":"%s","Type":"A","TTL":%s,
"ResourceRecords":[%s]}}]}' "$1" "$name" "$ttl" "${values%,}"
}

stage4() {
    say "Stage 4. One name for all: $name, an A record with three addresses and a TTL of $ttl s."
    local id ids public went report
    own_domain
    ids=$(quietly run-instances --image-id "$ami" --instance-type t2.micro --count 3 \
        --security-group-ids "$group" --user-data "file://$here/timeserver.sh" \
        --query 'Instances[].InstanceId' --output text)
    quietly wait instance-running --instance-ids $ids
    public=$(quietly describe-instances --instance-ids $ids \
        --query 'Reservations[].Instances[].PublicIpAddress' --output text)
    for id in $public; do
        ask "$id" > /dev/null || broken "$id does not tell the time"
    done
    change "$(addresses UPSERT $public)"
    echo "  $name is $(as_internet getent ahostsv4 "$name" | awk '{print $1}' | sort -u | xargs)"
    report=$(mktemp)
    load "http://$name/" --rate 20 --duration 25s --one-address --connect 500ms --json \
        > "$report" 2> /dev/null &
    sleep 4
    went=4
    set -- $ids
    echo "  $1 goes away, and its address leaves the record at once"
    ec2 terminate-instances --instance-ids "$1" > /dev/null
    set -- $public
    change "$(addresses UPSERT "$2" "$3")"
    wait $!
    local last first
    first=$(figure "$report" first_failure_s)
    last=$(figure "$report" last_failure_s)
    printf '  clients failed from second %.1f to second %.1f: %.1f s, with a TTL of %s s (%s %% well)\n' \
        "$first" "$last" "$(python3 -c "print($last - $first)")" "$ttl" \
        "$(figure "$report" success_percent)"
    holds "$last > 0" || broken 'no client noticed that a server went; caches should have kept it'
    holds "$last <= $went + $ttl + 6" || broken "clients still failed after the record's TTL"
    rm -f "$report"
    quietly terminate-instances --instance-ids $ids > /dev/null
}
