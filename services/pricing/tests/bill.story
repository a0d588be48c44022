# What ran is priced, by the list of its region; what runs steadily is cheaper reserved.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "clock"}]}]}
< {"Instances": [{"InstanceId": "$short"}]}
wait 10s
> ec2 TerminateInstances {"InstanceIds": ["$short"]}
< {"TerminatingInstances": "*"}
wait 10s
# A minute at least: 0.0104 / 60.
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-03"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost", "UsageQuantity"], "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Elastic Compute Cloud - Compute"]}}}
< {"ResultsByTime": [{"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Estimated": true, "Total": {"UnblendedCost": {"Amount": "0.0001733333", "Unit": "USD"}, "UsageQuantity": {"Amount": "0.0166666667", "Unit": "Hrs"}}}, {"Total": {"UnblendedCost": {"Amount": "0"}}}]}
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost"], "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}, {"Type": "TAG", "Key": "team"}], "Filter": {"Dimensions": {"Key": "INSTANCE_TYPE", "Values": ["t3.micro"]}}}
< {"ResultsByTime": [{"Groups": [{"Keys": ["BoxUsage:t3.micro", "team$clock"], "Metrics": {"UnblendedCost": {"Amount": "0.0001733333"}}}]}]}
> ce GetDimensionValues {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Dimension": "SERVICE"}
< {"DimensionValues": [{"Value": "Amazon Elastic Compute Cloud - Compute"}, {"Value": "Amazon Virtual Private Cloud"}, {"Value": "EC2 - Other"}], "TotalSize": 3}
# A server that runs on: reserving it for a year without paying ahead costs 63 of a hundred, about.
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "m5.large", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceId": "$long"}]}
wait 2h
> ce GetReservationPurchaseRecommendation {"Service": "Amazon Elastic Compute Cloud - Compute", "TermInYears": "ONE_YEAR", "PaymentOption": "NO_UPFRONT"}
< {"Recommendations": [{"TermInYears": "ONE_YEAR", "RecommendationSummary": {"TotalEstimatedMonthlySavingsPercentage": "37.0625"}, "RecommendationDetails": [{"InstanceDetails": {"EC2InstanceDetails": {"InstanceType": "m5.large", "Region": "us-east-1"}}, "RecommendedNumberOfInstancesToPurchase": "1", "EstimatedMonthlyOnDemandCost": "70.08", "EstimatedMonthlySavingsAmount": "25.9734", "UpfrontCost": "0"}]}]}
# The list itself.
> pricing GetProducts {"ServiceCode": "AmazonEC2", "Filters": [{"Type": "TERM_MATCH", "Field": "instanceType", "Value": "m5.large"}, {"Type": "TERM_MATCH", "Field": "location", "Value": "Asia Pacific (Seoul)"}]}
< {"FormatVersion": "aws_v1", "PriceList": ["*"]}
> pricing DescribeServices {}
< {"Services": [{"ServiceCode": "AWSDataTransfer"}, {"ServiceCode": "AWSELB"}, {"ServiceCode": "AmazonCloudWatch"}, {"ServiceCode": "AmazonEC2"}, {"ServiceCode": "AmazonRoute53"}, {"ServiceCode": "AmazonVPC"}]}
# What makes no sense is refused.
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-02", "End": "2026-01-01"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}
! ValidationException
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Granularity": "DAILY", "Metrics": ["Love"]}
! ValidationException
