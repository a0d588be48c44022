# Custom metrics: put, listed, read in both ways.
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "Latency", "Unit": "Milliseconds", "StorageResolution": 1, "Values": [10, 20, 30, 40], "Counts": [1, 1, 1, 97]}, {"MetricName": "Errors", "Dimensions": [{"Name": "Host", "Value": "a"}], "Value": 2, "Unit": "Count"}, {"MetricName": "Errors", "Dimensions": [{"Name": "Host", "Value": "b"}], "Value": 3, "Unit": "Count"}]}
< {}
> cloudwatch ListMetrics {"Namespace": "App"}
< {"Metrics": [{"MetricName": "Errors", "Dimensions": [{"Name": "Host", "Value": "a"}]}, {"MetricName": "Errors"}, {"MetricName": "Latency", "Dimensions": []}], "NextToken": "!absent"}
> cloudwatch ListMetrics {"Dimensions": [{"Name": "Host", "Value": "b"}], "RecentlyActive": "PT3H"}
< {"Metrics": [{"MetricName": "Errors"}]}
> cloudwatch GetMetricStatistics {"Namespace": "App", "MetricName": "Latency", "StartTime": 0, "EndTime": 4102444800, "Period": 86400, "Statistics": ["Sum"]}
! InvalidParameterCombination datapoints, which exceeds the limit of 1,440
> cloudwatch PutMetricData {"Namespace": "AWS/EC2", "MetricData": [{"MetricName": "X", "Value": 1}]}
! InvalidParameterValue
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "X"}]}
! MissingParameter
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "X", "Value": 1, "Values": [1]}]}
! InvalidParameterCombination
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "X", "Value": 1, "Timestamp": 1000}]}
! InvalidParameterValue
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": [{"MetricName": "X", "Value": 1, "StorageResolution": 5}]}
! InvalidParameterValue
> cloudwatch ListMetrics {"NextToken": "what"}
! InvalidParameterValue
# Dashboards are kept as they are.
> cloudwatch PutDashboard {"DashboardName": "one", "DashboardBody": "{\"widgets\": []}"}
< {"DashboardValidationMessages": []}
> cloudwatch GetDashboard {"DashboardName": "one"}
< {"DashboardBody": "{\"widgets\": []}"}
> cloudwatch ListDashboards {}
< {"DashboardEntries": [{"DashboardName": "one", "Size": 15}]}
> cloudwatch DeleteDashboards {"DashboardNames": ["one"]}
< {}
> cloudwatch GetDashboard {"DashboardName": "one"}
! DashboardNotFoundError
> cloudwatch PutDashboard {"DashboardName": "one", "DashboardBody": "no"}
! DashboardInvalidInputError
> cloudwatch PutMetricAlarm {"AlarmName": "found", "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "Metrics": [{"Id": "e1", "Expression": "SUM(SEARCH('{App} Load', 'Sum', 60))", "Period": 60}]}
! ValidationError SEARCH is not supported
# What is too much, or not a name.
> cloudwatch PutMetricData {"Namespace": ":App", "MetricData": [{"MetricName": "a", "Value": 1}]}
! InvalidParameterValue
> cloudwatch PutMetricData {"Namespace": "App", "MetricData": []}
! MissingParameter
> cloudwatch GetMetricData {"StartTime": 0, "EndTime": 60, "MaxDatapoints": 100801, "MetricDataQueries": [{"Id": "a", "MetricStat": {"Metric": {"Namespace": "App", "MetricName": "a"}, "Period": 60, "Stat": "Sum"}}]}
! ValidationError
> cloudwatch GetMetricData {"StartTime": 0, "EndTime": 60, "LabelOptions": {"Timezone": "nowhere"}, "MetricDataQueries": [{"Id": "a", "MetricStat": {"Metric": {"Namespace": "App", "MetricName": "a"}, "Period": 60, "Stat": "Sum"}}]}
! ValidationError Timezone
# A whole day of minutes that begins within one.
> cloudwatch GetMetricStatistics {"Namespace": "App", "MetricName": "a", "StartTime": 17, "EndTime": 86417, "Period": 60, "Statistics": ["Sum"]}
< {"Datapoints": []}
> cloudwatch GetMetricStatistics {"Namespace": "App", "MetricName": "a", "StartTime": 17, "EndTime": 86477, "Period": 60, "Statistics": ["Sum"]}
! InvalidParameterCombination 1,441
# An expression is called as its query; labels say more where they are asked to.
> cloudwatch PutMetricData {"Namespace": "Said", "MetricData": [{"MetricName": "a", "Value": 2, "Timestamp": 1735689600}]}
! InvalidParameterValue
> cloudwatch PutMetricData {"Namespace": "Said", "MetricData": [{"MetricName": "a", "Value": 2}]}
< {}
> cloudwatch GetMetricData {"StartTime": 0, "EndTime": 4000000000, "LabelOptions": {"Timezone": "+0900"}, "MetricDataQueries": [{"Id": "a", "Label": "${LABEL} ${MAX} ${PROP('Region')} ${PROP('AccountId')} ${FIRST_TIME} ${NO}", "MetricStat": {"Metric": {"Namespace": "Said", "MetricName": "a"}, "Period": 86400, "Stat": "Sum"}}, {"Id": "e", "Expression": "a * 2"}]}
< {"MetricDataResults": [{"Id": "a", "Label": "$label"}, {"Id": "e", "Label": "e", "Values": [4.0]}]}
