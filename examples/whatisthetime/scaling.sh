# Stages 6 and 7 of WhatIsTheTime.com: a group that follows the load, and survives a zone.

group_name=whatisthetime
scaling() { show "aws autoscaling $*"; aws --endpoint-url "$AWS_ENDPOINT_URL" autoscaling "$@"; }
scale() { aws --endpoint-url "$AWS_ENDPOINT_URL" autoscaling "$@"; }

# How many times shorter than AWS's own the waits of this region are.
pace() {
    "$MAQUETTE" status --state "$MAQUETTE_STATE" --json |
        python3 -c 'import json,sys; print(json.load(sys.stdin)["control_plane"]["pace"])'
}

# Instances in service, all or of one zone.
in_service() {
    scale describe-auto-scaling-groups --auto-scaling-group-names "$group_name" --output text \
        --query "length(AutoScalingGroups[0].Instances[?LifecycleState=='InService' && contains(AvailabilityZone, '${1:-}')])"
}

# Waits up to so many seconds until a count of instances in service is reached: `ge 4`, `le 2`.
until_in_service() {
    local count
    for _ in $(seq $(($3 * 2))); do
        count=$(in_service "${4:-}")
        [ "$count" "-$1" "$2" ] && return 0
        sleep 0.2
    done
    return 1
}

# A launch template and a group over the three zones, behind the balancer.
build_group() {
    local template data
    data=$(base64 -w0 < "$here/timeserver.sh")
    template=$(quietly create-launch-template --launch-template-name "time-$RANDOM$RANDOM" \
        --launch-template-data "{\"ImageId\":\"$ami\",\"InstanceType\":\"t3.micro\",
\"UserData\":\"$data\",\"Monitoring\":{\"Enabled\":true},
\"NetworkInterfaces\":[{\"DeviceIndex\":0,\"Groups\":[\"$private\"],\"AssociatePublicIpAddress\":false}]}" \
        --query LaunchTemplate.LaunchTemplateId --output text)
    scaling create-auto-scaling-group --auto-scaling-group-name "$group_name" \
        --launch-template "LaunchTemplateId=$template" --min-size 3 --max-size 12 \
        --vpc-zone-identifier "$(echo $subnets | tr ' ' ,)" --target-group-arns "$targets" \
        --health-check-type ELB --health-check-grace-period 300 --default-instance-warmup 60
    healthy 3
}

stage6() {
    say 'Stage 6. An Auto Scaling group follows the load: 20 requests a second, 100, and 20 again.'
    local pace label minute most=0 count report
    pace=$(pace)
    build_group
    # A target is said in requests a minute; at pace N a minute lasts 60/N seconds.
    label="app/${balancer#*:loadbalancer/app/}/targetgroup/${targets#*:targetgroup/}"
    minute=$(python3 -c "print(10 * 60 / $pace)")
    scaling put-scaling-policy --auto-scaling-group-name "$group_name" --policy-name follow \
        --policy-type TargetTrackingScaling --target-tracking-configuration \
        "{\"PredefinedMetricSpecification\":{\"PredefinedMetricType\":\"ALBRequestCountPerTarget\",
\"ResourceLabel\":\"$label\"},\"TargetValue\":$minute}" > /dev/null
    echo "  pace $pace: a minute of AWS's alarms lasts $(python3 -c "print(60 / $pace)") s here"
    report=$(mktemp)
    local span=$((600 / pace + 20))
    load "http://$name/" --rate 20,100 --duration $((2 * span))s --json > "$report" 2> /dev/null &
    for _ in $(seq $((3 * span))); do
        count=$(in_service)
        [ "$count" -gt "$most" ] && most=$count && echo "  $count instances in service"
        kill -0 $! 2> /dev/null || break
        sleep 0.5
    done
    wait $!
    echo "  $(figure "$report" requests) requests, $(figure "$report" success_percent) % well, p99 $(figure "$report" p99_ms) ms"
    [ "$most" -ge 6 ] || broken "the load rose five-fold and the group only grew to $most"
    holds "$(figure "$report" success_percent) >= 99" ||
        broken "clients suffered while it grew: $(figure "$report" codes)"
    echo '  the load falls'
    load "http://$name/" --rate 20 --duration $((3 * span))s --json > "$report" 2> /dev/null &
    until_in_service le 4 $((3 * span)) || broken "the load fell and $(in_service) instances stayed"
    echo "  $(in_service) instances in service"
    kill $! 2> /dev/null || true
    wait $! 2> /dev/null || true
    scale describe-scaling-activities --auto-scaling-group-name "$group_name" --max-items 3 \
        --query 'Activities[].Cause' --output text | fold -s -w 96 | sed 's/^/    /' | head -n 8
    rm -f "$report"
    scale delete-policy --auto-scaling-group-name "$group_name" --policy-name follow
}

stage7() {
    say 'Stage 7. One of three zones goes dark under load, and comes back.'
    local dark began back report
    scaling update-auto-scaling-group --auto-scaling-group-name "$group_name" --desired-capacity 6
    until_in_service ge 6 120 || broken "the group does not reach 6 instances"
    healthy 6
    dark=$(quietly describe-subnets --subnet-ids $(echo $subnets | cut -d' ' -f2) \
        --query 'Subnets[0].AvailabilityZone' --output text)
    report=$(mktemp)
    load "http://$name/" --rate 40 --duration "${DARK:-120}s" --json > "$report" 2> /dev/null &
    sleep 5
    echo "  $dark loses power"
    began=$(millis)
    "$MAQUETTE" az --state "$MAQUETTE_STATE" fail "$dark" > /dev/null
    for _ in $(seq 300); do
        [ $(($(in_service) - $(in_service "$dark"))) -ge 6 ] && break
        sleep 0.2
    done
    back=$(($(millis) - began))
    [ $(($(in_service) - $(in_service "$dark"))) -ge 6 ] || broken 'capacity did not come back'
    echo "  six instances in service in the other two zones after $back ms"
    wait $!
    echo "  $(figure "$report" requests) requests, $(figure "$report" success_percent) % well; longest burst of failures $(figure "$report" longest_burst_s) s"
    holds "$(figure "$report" success_percent) >= 99" ||
        broken "more than one in a hundred failed: $(figure "$report" codes)"
    holds "$(figure "$report" longest_burst_s) <= 5" || broken 'failures went on for over 5 seconds'
    echo "  $dark has power again"
    "$MAQUETTE" az --state "$MAQUETTE_STATE" heal "$dark" > /dev/null
    until_in_service ge 2 180 "$dark" || broken "the group was not balanced again over $dark"
    echo "  balanced again: $(in_service "$dark") instances in $dark"
    rm -f "$report"
}

clear_group() {
    scale delete-auto-scaling-group --auto-scaling-group-name "$group_name" --force-delete \
        2> /dev/null || return 0
    for _ in $(seq 300); do
        [ "$(scale describe-auto-scaling-groups --auto-scaling-group-names "$group_name" \
            --query 'length(AutoScalingGroups)' --output text)" = 0 ] && return 0
        sleep 0.2
    done
}
