# The stages of WhatIsTheTime.com as functions over the plain aws CLI. Each checks its promise and
# fails when it is broken. Sourced by tour.sh; expects AWS_ENDPOINT_URL, MAQUETTE, MAQUETTE_STATE.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1}
export AWS_EC2_METADATA_DISABLED=true AWS_PAGER=
unset AWS_SESSION_TOKEN AWS_PROFILE

say() { printf '\n%s\n' "$*"; }
show() { printf '  $ %s\n' "$*" >&2; }
ec2() { show "aws ec2 $*"; aws --endpoint-url "$AWS_ENDPOINT_URL" ec2 "$@"; }
quietly() { aws --endpoint-url "$AWS_ENDPOINT_URL" ec2 "$@"; }
as_internet() { "$MAQUETTE" as --state "$MAQUETTE_STATE" internet -- "$@"; }
broken() { printf '\nBROKEN PROMISE: %s\n' "$*" >&2; exit 1; }
millis() { date +%s%3N; }

# Asks a server from the internet, until it answers or the patience (tenths of a second) is over.
ask() {
    local address=$1 path=${2:-/} patience=${3:-100} answer
    for _ in $(seq "$patience"); do
        if answer=$(as_internet curl -sS --max-time 2 "http://$address$path" 2>/dev/null); then
            echo "$answer"
            return 0
        fi
        sleep 0.1
    done
    return 1
}

field() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# A security group that lets the world in on port 80, an AMI, and nothing else.
prepare() {
    ami=$(quietly describe-images --owners amazon \
        --filters 'Name=name,Values=al2023-ami-*' --query 'Images[0].ImageId' --output text)
    group=$(quietly create-security-group --group-name "whatisthetime-$RANDOM$RANDOM" \
        --description 'the time for everybody' --query GroupId --output text)
    quietly authorize-security-group-ingress --group-id "$group" --protocol tcp --port 80 \
        --cidr 0.0.0.0/0 > /dev/null
}

launch() {
    quietly run-instances --image-id "$ami" --instance-type "$1" --security-group-ids "$group" \
        --user-data "file://$here/timeserver.sh" --query 'Instances[0].InstanceId' --output text
}

stage1() {
    say 'Stage 1. One small public server with an Elastic IP.'
    server=$(launch t2.micro)
    echo "  launched $server (t2.micro)"
    allocation=$(ec2 allocate-address --query AllocationId --output text)
    address=$(quietly describe-addresses --allocation-ids "$allocation" \
        --query 'Addresses[0].PublicIp' --output text)
    quietly wait instance-running --instance-ids "$server"
    ec2 associate-address --instance-id "$server" --allocation-id "$allocation" > /dev/null
    ask "$address" > /dev/null || broken "$address does not tell the time"
    echo "  http://$address/ says: $(ask "$address")"
    ec2 reboot-instances --instance-ids "$server"
    sleep 0.3
    ask "$address" > /dev/null || broken "after the reboot $address does not tell the time"
    local after
    after=$(quietly describe-instances --instance-ids "$server" \
        --query 'Reservations[0].Instances[0].PublicIpAddress' --output text)
    [ "$after" = "$address" ] || broken "the address was $address and is $after after the reboot"
    echo "  rebooted; the same address says: $(ask "$address")"
}

stage2() {
    say 'Stage 2. Scale up: stop, make it an m5.large, start.'
    local before after begin
    before=$(ask "$address" /about) || broken "$address does not answer"
    echo "  before: $before"
    begin=$(millis)
    ec2 stop-instances --instance-ids "$server" > /dev/null
    quietly wait instance-stopped --instance-ids "$server"
    ec2 modify-instance-attribute --instance-id "$server" --instance-type Value=m5.large
    ec2 start-instances --instance-ids "$server" > /dev/null
    quietly wait instance-running --instance-ids "$server"
    after=$(ask "$address" /about 300) || broken "after the start $address does not answer"
    echo "  after:  $after"
    echo "  downtime: $(($(millis) - begin)) ms, with the same address $address"
    [ "$(field memory_mib <<< "$after")" -gt "$(field memory_mib <<< "$before")" ] ||
        broken 'the bigger server does not see more memory'
    [ "$(field cpus <<< "$after")" -ge "$(field cpus <<< "$before")" ] ||
        broken 'the bigger server sees fewer processors'
}

stage3() {
    say 'Stage 3. Scale out: more servers, an Elastic IP each, until the quota says no.'
    local one allocation refusal
    for number in 2 3 4 5; do
        one=$(launch t2.micro)
        allocation=$(quietly allocate-address --query AllocationId --output text) ||
            broken "Elastic IP number $number was refused"
        quietly wait instance-running --instance-ids "$one"
        quietly associate-address --instance-id "$one" --allocation-id "$allocation" > /dev/null
        one=$(quietly describe-addresses --allocation-ids "$allocation" \
            --query 'Addresses[0].PublicIp' --output text)
        echo "  server $number at $one says: $(ask "$one" || broken "$one does not answer")"
    done
    if refusal=$(ec2 allocate-address 2>&1); then
        broken 'a sixth Elastic IP was given; AWS gives five'
    fi
    grep -q AddressLimitExceeded <<< "$refusal" || broken "refused, but with: $refusal"
    echo "  the sixth Elastic IP: $(tail -n 1 <<< "$refusal")"
}

# Takes away servers and addresses.
release_all() {
    local ids
    ids=$(quietly describe-instances --filters "Name=instance.group-id,Values=$group,${private:-$group}" \
        Name=instance-state-name,Values=pending,running,stopping,stopped \
        --query 'Reservations[].Instances[].InstanceId' --output text)
    [ -z "$ids" ] || quietly terminate-instances --instance-ids $ids > /dev/null
    [ -z "$ids" ] || quietly wait instance-terminated --instance-ids $ids
    for ids in $(quietly describe-addresses --query 'Addresses[].AllocationId' --output text); do
        quietly release-address --allocation-id "$ids"
    done
}

# Takes away what the stages made.
clear_up() {
    release_all
    [ -z "${private:-}" ] || quietly delete-security-group --group-id "$private" > /dev/null
    quietly delete-security-group --group-id "$group" > /dev/null
}
