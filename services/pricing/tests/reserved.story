# What is reserved is paid, used or not; what runs on it costs no more.
> ec2 DescribeReservedInstancesOfferings {"InstanceType": "m5.large", "OfferingClass": "standard", "OfferingType": "Partial Upfront", "ProductDescription": "Linux/UNIX", "MaxDuration": 31536000, "Filters": [{"Name": "scope", "Values": ["Region"]}]}
< {"ReservedInstancesOfferings": [{"ReservedInstancesOfferingId": "$partial", "Duration": 31536000, "FixedPrice": 252.0, "InstanceTenancy": "default", "Marketplace": false, "RecurringCharges": [{"Frequency": "Hourly", "Amount": 0.02881}], "Scope": "Region", "CurrencyCode": "USD", "UsagePrice": 0.0}], "NextToken": "!absent"}
> ec2 DescribeReservedInstancesOfferings {"InstanceType": "t3.micro", "AvailabilityZone": "us-east-1a", "OfferingClass": "standard", "OfferingType": "No Upfront", "MinDuration": 94608000}
< {"ReservedInstancesOfferings": [{"ReservedInstancesOfferingId": "$zonal", "AvailabilityZone": "us-east-1a", "Scope": "Availability Zone", "FixedPrice": 0.0}]}
> ec2 DescribeReservedInstancesOfferings {"MaxResults": 5}
< {"ReservedInstancesOfferings": ["*", "*", "*", "*", "*"], "NextToken": "*"}
> ec2 PurchaseReservedInstancesOffering {"ReservedInstancesOfferingId": "ffffffff-0000-4000-8000-000000000000", "InstanceCount": 1}
! InvalidReservedInstancesOfferingId
> ec2 PurchaseReservedInstancesOffering {"ReservedInstancesOfferingId": "$partial", "InstanceCount": 0}
! InvalidParameterValue
> ec2 PurchaseReservedInstancesOffering {"ReservedInstancesOfferingId": "$partial", "InstanceCount": 21}
! ReservedInstancesLimitExceeded
> ec2 PurchaseReservedInstancesOffering {"ReservedInstancesOfferingId": "$partial", "InstanceCount": 1, "DryRun": true}
! DryRunOperation
> ec2 DescribeReservedInstances {}
< {"ReservedInstances": []}
> ec2 ModifyReservedInstances {"ReservedInstancesIds": ["x"], "TargetConfigurations": [{}]}
! NotImplemented
# An xlarge runs for two hours; then a large is reserved, which is half of it.
> ec2 DescribeImages {"Owners": ["amazon"], "Filters": [{"Name": "name", "Values": ["al2023-ami-2023*"]}]}
< {"Images": [{"ImageId": "$image"}]}
> ec2 RunInstances {"ImageId": "$image", "InstanceType": "m5.xlarge", "MinCount": 1, "MaxCount": 1}
< {"Instances": [{"InstanceId": "$i"}]}
wait 2h
> ec2 PurchaseReservedInstancesOffering {"ReservedInstancesOfferingId": "$partial", "InstanceCount": 1}
< {"ReservedInstancesId": "$ri"}
> ec2 DescribeReservedInstances {"Filters": [{"Name": "state", "Values": ["active"]}]}
< {"ReservedInstances": [{"ReservedInstancesId": "$ri", "InstanceType": "m5.large", "InstanceCount": 1, "State": "active", "OfferingType": "Partial Upfront", "OfferingClass": "standard", "Scope": "Region", "FixedPrice": 252.0, "Duration": 31536000}]}
> ec2 DescribeReservedInstances {"ReservedInstancesIds": ["ffffffff-0000-4000-8000-000000000000"]}
! InvalidReservedInstancesId
crash
wait 4h
# Of the hours since, half is paid by it: 2 hours on demand, 4 hours half on demand and half not.
> ce GetReservationUtilization {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}}
< {"UtilizationsByTime": [{"Groups": [], "Total": {"UtilizationPercentage": "100"}}], "Total": {"UnusedHours": "0", "PurchasedHours": "$hours"}}
> ce GetReservationUtilization {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "GroupBy": [{"Type": "DIMENSION", "Key": "SUBSCRIPTION_ID"}]}
< {"UtilizationsByTime": [{"Groups": [{"Key": "SUBSCRIPTION_ID", "Value": "$ri", "Attributes": {"instanceType": "m5.large", "sizeFlexibility": "FlexRI"}}]}]}
> ce GetReservationCoverage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "GroupBy": [{"Type": "DIMENSION", "Key": "INSTANCE_TYPE"}], "Metrics": ["Hour", "Unit", "Cost"]}
< {"CoveragesByTime": [{"Groups": [{"Attributes": {"instanceType": "m5.xlarge"}, "Coverage": {"CoverageHours": {"ReservedHours": "$covered"}, "CoverageNormalizedUnits": {"ReservedNormalizedUnits": "*"}, "CoverageCost": "*"}}]}]}
# Fees: the upfront one, and the hours that are left of January.
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost", "AmortizedCost"], "GroupBy": [{"Type": "DIMENSION", "Key": "RECORD_TYPE"}], "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Elastic Compute Cloud - Compute"]}}}
< {"ResultsByTime": [{"Groups": [
    {"Keys": ["DiscountedUsage"], "Metrics": {"UnblendedCost": {"Amount": "0"}, "AmortizedCost": "*"}},
    {"Keys": ["Recurring reservation fee"], "Metrics": {"UnblendedCost": {"Amount": "$recurring"}, "AmortizedCost": {"Amount": "0"}}},
    {"Keys": ["Upfront reservation fee"], "Metrics": {"UnblendedCost": {"Amount": "252"}, "AmortizedCost": {"Amount": "0"}}},
    {"Keys": ["Usage"], "Metrics": "*"}]}]}
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Granularity": "MONTHLY", "Metrics": ["UsageQuantity"], "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}, {"Type": "DIMENSION", "Key": "PURCHASE_TYPE"}], "Filter": {"Dimensions": {"Key": "INSTANCE_TYPE", "Values": ["m5.xlarge", "m5.large"]}}}
< {"ResultsByTime": [{"Groups": [
    {"Keys": ["BoxUsage:m5.xlarge", "On Demand Instances"]},
    {"Keys": ["BoxUsage:m5.xlarge", "Standard Reserved Instances"], "Metrics": {"UsageQuantity": {"Amount": "$covered", "Unit": "Hrs"}}},
    {"Keys": ["HeavyUsage:m5.large", "Standard Reserved Instances"]}]}]}
# One for another zone and type changes nothing, and stays unused.
> ec2 PurchaseReservedInstancesOffering {"ReservedInstancesOfferingId": "$zonal", "InstanceCount": 2}
< {"ReservedInstancesId": "$idle"}
> ec2 TerminateInstances {"InstanceIds": ["$i"]}
< {}
wait 18h
> ce GetReservationUtilization {"TimePeriod": {"Start": "2026-01-02", "End": "2026-01-03"}, "Granularity": "DAILY"}
< {"UtilizationsByTime": [{"Total": {"UtilizationPercentage": "0", "TotalActualHours": "0"}}]}
> ce GetReservationUtilization {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-03"}, "Filter": {"Dimensions": {"Key": "SUBSCRIPTION_ID", "Values": ["$idle"]}}}
< {"Total": {"PurchasedHours": "$unused", "UnusedHours": "$unused", "TotalActualHours": "0"}}
# The next month's fee falls due on its first day.
wait 31d
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-02-01", "End": "2026-02-02"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost", "UsageQuantity"], "Filter": {"And": [{"Dimensions": {"Key": "SUBSCRIPTION_ID", "Values": ["$ri"]}}, {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Recurring reservation fee"]}}]}}
< {"ResultsByTime": [{"Total": {"UnblendedCost": {"Amount": "19.36032"}, "UsageQuantity": {"Amount": "672", "Unit": "Hrs"}}}]}
# What makes no sense is refused.
> ce GetReservationUtilization {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}]}
! ValidationException
> ce GetReservationCoverage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Metrics": ["Love"]}
! ValidationException
> ce GetCostAndUsage {"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}, "Granularity": "DAILY", "Metrics": ["UnblendedCost"], "NextPageToken": "nonsense"}
! InvalidNextTokenException
