# Stage 5 of WhatIsTheTime.com: a balancer in front of private servers.

elb() { show "aws elbv2 $*"; aws --endpoint-url "$AWS_ENDPOINT_URL" elbv2 "$@"; }
balancers() { aws --endpoint-url "$AWS_ENDPOINT_URL" elbv2 "$@"; }

# Waits until so many targets of the group are healthy.
healthy() {
    local count
    for _ in $(seq 200); do
        count=$(balancers describe-target-health --target-group-arn "$targets" \
            --query "length(TargetHealthDescriptions[?TargetHealth.State=='healthy'])" --output text)
        [ "$count" -ge "$1" ] && return 0
        sleep 0.2
    done
    broken "only $count of $1 targets are healthy"
}

# A balancer in three zones, its target group and its name; servers that only it can reach.
build_balancer() {
    local vpc found
    vpc=$(quietly describe-vpcs --filters Name=is-default,Values=true \
        --query 'Vpcs[0].VpcId' --output text)
    subnets=$(quietly describe-subnets --filters "Name=vpc-id,Values=$vpc" \
        --query 'sort_by(Subnets,&AvailabilityZone)[:3].SubnetId' --output text)
    private=$(quietly create-security-group --group-name "time-private-$RANDOM$RANDOM" \
        --description 'only from the balancer' --vpc-id "$vpc" --query GroupId --output text)
    quietly authorize-security-group-ingress --group-id "$private" \
        --ip-permissions "IpProtocol=tcp,FromPort=80,ToPort=80,UserIdGroupPairs=[{GroupId=$group}]" \
        > /dev/null
    balancer=$(elb create-load-balancer --name whatisthetime --subnets $subnets \
        --security-groups "$group" --query 'LoadBalancers[0].LoadBalancerArn' --output text)
    targets=$(balancers create-target-group --name time-servers --protocol HTTP --port 80 \
        --vpc-id "$vpc" --health-check-interval-seconds 5 --health-check-timeout-seconds 2 \
        --healthy-threshold-count 2 --unhealthy-threshold-count 2 \
        --query 'TargetGroups[0].TargetGroupArn' --output text)
    balancers modify-target-group-attributes --target-group-arn "$targets" \
        --attributes Key=deregistration_delay.timeout_seconds,Value=10 > /dev/null
    balancers create-listener --load-balancer-arn "$balancer" --protocol HTTP --port 80 \
        --default-actions "Type=forward,TargetGroupArn=$targets" > /dev/null
    balancers wait load-balancer-available --load-balancer-arns "$balancer"
    found=$(balancers describe-load-balancers --load-balancer-arns "$balancer" \
        --query 'LoadBalancers[0].[DNSName,CanonicalHostedZoneId]' --output text)
    set -- $found
    change "{\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":{\"Name\":\"$name\",
\"Type\":\"A\",\"AliasTarget\":{\"DNSName\":\"$1\",\"HostedZoneId\":\"$2\",
\"EvaluateTargetHealth\":true}}}]}"
    echo "  $name is an alias of $1"
}

stage5() {
    say 'Stage 5. A balancer in three zones; the servers are private and only it can reach them.'
    local ids id report failed subnet
    own_domain
    names list-resource-record-sets --hosted-zone-id "$zone" --output text \
        --query "ResourceRecordSets[?Name=='$name.'].Name" | grep -q . && drop_name
    build_balancer
    ids=
    for subnet in $subnets; do
        id=$(quietly run-instances --image-id "$ami" --instance-type t3.micro --count 1 \
            --network-interfaces "DeviceIndex=0,SubnetId=$subnet,Groups=$private,AssociatePublicIpAddress=false" \
            --user-data "file://$here/timeserver.sh" --query 'Instances[0].InstanceId' --output text)
        ids="$ids $id"
    done
    balancers register-targets --target-group-arn "$targets" \
        --targets $(for id in $ids; do echo "Id=$id"; done)
    healthy 3
    # Resolvers may keep what the name was before for as long as its TTL said.
    ask "$name" / 700 > /dev/null || broken "$name does not lead to the balancer"
    echo "  http://$name/ says: $(ask "$name")"
    report=$(mktemp)
    load "http://$name/" --rate 40 --duration 15s --json > "$report" 2> /dev/null &
    sleep 5
    set -- $ids
    echo "  $1 is killed under load"
    ec2 terminate-instances --instance-ids "$1" > /dev/null
    wait $!
    failed=$(python3 -c 'import json,sys; r=json.load(open(sys.argv[1])); print(r["requests"]-r["good"])' "$report")
    echo "  $(figure "$report" requests) requests, $failed failed; p99 $(figure "$report" p99_ms) ms"
    [ "$(figure "$report" requests)" -ge 500 ] || broken 'the load did not arrive'
    [ "$failed" -le 3 ] || broken "$failed requests failed; only those in flight may"
    rm -f "$report"
    balancers deregister-targets --target-group-arn "$targets" \
        --targets $(for id in $ids; do echo "Id=$id"; done)
    quietly terminate-instances --instance-ids $ids > /dev/null
}

# Takes the name's records away.
drop_name() {
    local record
    record=$(names list-resource-record-sets --hosted-zone-id "$zone" \
        --query "ResourceRecordSets[?Name=='$name.'] | [0]" --output json)
    [ "$record" = null ] || change "{\"Changes\":[{\"Action\":\"DELETE\",\"ResourceRecordSet\":$record}]}"
}

# Takes away the balancer and what stands behind it.
clear_balancer() {
    [ -z "${zone:-}" ] || drop_name
    [ -z "${balancer:-}" ] || balancers delete-load-balancer --load-balancer-arn "$balancer"
    [ -z "${balancer:-}" ] || balancers wait load-balancers-deleted --load-balancer-arns "$balancer"
    [ -z "${targets:-}" ] || balancers delete-target-group --target-group-arn "$targets"
}
