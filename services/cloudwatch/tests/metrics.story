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
