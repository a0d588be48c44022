#!/bin/bash
# A newcomer's group, with the plain aws CLI: waiters, pages, and the calls of Terraform's
# aws_autoscaling_group from its creation to its end.
set -eu
# Version 1 of the CLI ignores the variable for some services.
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
asg() { aws autoscaling "$@"; }
image=$(aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text)
aws ec2 create-launch-template --launch-template-name newcomer \
    --launch-template-data "{\"ImageId\":\"$image\",\"InstanceType\":\"t3.micro\"}" > /dev/null
zones="${AWS_DEFAULT_REGION}a ${AWS_DEFAULT_REGION}b"
for name in one two; do
    asg create-auto-scaling-group --auto-scaling-group-name $name --min-size 1 --max-size 3 \
        --launch-template LaunchTemplateName=newcomer --availability-zones $zones \
        --tags "Key=who,Value=newcomer,PropagateAtLaunch=true"
done
serving() {
    asg describe-auto-scaling-groups --auto-scaling-group-names "$1" --output text \
        --query "length(AutoScalingGroups[0].Instances[?LifecycleState=='InService'])"
}
reach() {
    for _ in $(seq 60); do [ "$(serving "$1")" = "$2" ] && return; sleep 0.2; done
    echo "$1 has $(serving "$1") and not $2" >&2
    exit 1
}
reach one 1 && reach two 1
ids=$(asg describe-auto-scaling-instances --page-size 1 --output text \
    --query 'AutoScalingInstances[].InstanceId')
[ "$(echo $ids | wc -w)" = 2 ]
aws ec2 wait instance-running --instance-ids $ids
aws ec2 wait instance-running --filters Name=tag:who,Values=newcomer
[ "$(asg describe-auto-scaling-groups --page-size 1 --query 'length(AutoScalingGroups)')" = 2 ]
asg set-desired-capacity --auto-scaling-group-name one --desired-capacity 3
reach one 3
[ "$(asg describe-scaling-activities --auto-scaling-group-name one --page-size 1 \
    --query 'length(Activities)')" = 3 ]
asg describe-warm-pool --auto-scaling-group-name one > /dev/null
if said=$(asg delete-auto-scaling-group --auto-scaling-group-name one 2>&1); then exit 1; fi
case $said in *ResourceInUse*) ;; *) echo "$said" >&2; exit 1 ;; esac
asg update-auto-scaling-group --auto-scaling-group-name one --min-size 0 --desired-capacity 0
reach one 0
for name in one two; do
    asg delete-auto-scaling-group --auto-scaling-group-name $name --force-delete
done
for _ in $(seq 60); do
    [ "$(asg describe-auto-scaling-groups --query 'length(AutoScalingGroups)')" = 0 ] && break
    sleep 0.2
done
aws ec2 wait instance-terminated --instance-ids $ids
echo 'all as a newcomer expects'
