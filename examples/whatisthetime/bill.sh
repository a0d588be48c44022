# Stage 8 of WhatIsTheTime.com: the bill, on demand beside reserved.

costs() { aws --endpoint-url "$AWS_ENDPOINT_URL" ce "$@"; }

stage8() {
    say 'Stage 8. The bill: what ran, on demand; and what its steady part would cost reserved.'
    local from to
    from=$(date -u +%Y-%m-01)
    to=$(date -u -d tomorrow +%Y-%m-%d)
    costs get-cost-and-usage --time-period "Start=$from,End=$to" --granularity MONTHLY \
        --metrics UnblendedCost UsageQuantity --group-by Type=DIMENSION,Key=USAGE_TYPE --output json |
        python3 "$here/bill.py" bill || broken 'there is no bill'
    costs get-reservation-purchase-recommendation --service 'Amazon Elastic Compute Cloud - Compute' \
        --term-in-years ONE_YEAR --payment-option NO_UPFRONT --output json |
        python3 "$here/bill.py" saving || broken 'nothing would be saved by reserving the steady minimum'
}
