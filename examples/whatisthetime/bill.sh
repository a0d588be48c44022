# Stage 8 of WhatIsTheTime.com: the bill, on demand beside reserved; then one server is reserved.

costs() { aws --endpoint-url "$AWS_ENDPOINT_URL" ce "$@"; }

# The bill of this month so far, as a table: of a metric of Cost Explorer.
bill() {
    local from to
    from=$(date -u +%Y-%m-01)
    to=$(date -u -d tomorrow +%Y-%m-%d)
    costs get-cost-and-usage --time-period "Start=$from,End=$to" --granularity MONTHLY \
        --metrics "$1" UsageQuantity --group-by Type=DIMENSION,Key=USAGE_TYPE --output json |
        python3 "$here/bill.py" bill "$1" || broken 'there is no bill'
}

stage8() {
    say 'Stage 8. The bill: what ran, on demand; and what its steady part would cost reserved.'
    local pace offering
    pace=$(pace)
    [ "$pace" = 1 ] || echo "  pace $pace shortens AWS's waits, not the clock: hours and gigabytes are those that passed here"
    bill UnblendedCost
    costs get-reservation-purchase-recommendation --service 'Amazon Elastic Compute Cloud - Compute' \
        --term-in-years ONE_YEAR --payment-option NO_UPFRONT --output json |
        python3 "$here/bill.py" saving || broken 'nothing would be saved by reserving the steady minimum'
    offering=$(quietly describe-reserved-instances-offerings --instance-type t3.micro \
        --offering-class standard --offering-type 'All Upfront' --max-duration 31536000 \
        --filters Name=scope,Values=Region --query 'ReservedInstancesOfferings[0].ReservedInstancesOfferingId' \
        --output text)
    ec2 purchase-reserved-instances-offering --reserved-instances-offering-id "$offering" \
        --instance-count 1 --output text > /dev/null
    echo '  a t3.micro is reserved for a year, paid ahead; the bill now, fees spread over the year:'
    bill AmortizedCost
}
