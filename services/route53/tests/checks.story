# Health checks: made, changed, tagged, deleted.
> route53 CreateHealthCheck {"CallerReference": "1", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "203.0.113.5", "ResourcePath": "up"}}
< {"Location": "*", "HealthCheck": {"Id": "$check", "CallerReference": "1", "HealthCheckVersion": 1, "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "203.0.113.5", "Port": 80, "ResourcePath": "/up", "RequestInterval": 30, "FailureThreshold": 3, "MeasureLatency": false, "Inverted": false, "Disabled": false, "EnableSNI": false, "Regions": "!absent"}}}
> route53 CreateHealthCheck {"CallerReference": "1", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "203.0.113.5", "ResourcePath": "/up"}}
< {"HealthCheck": {"Id": "$check"}}
> route53 CreateHealthCheck {"CallerReference": "1", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "203.0.113.6"}}
! HealthCheckAlreadyExists
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "TCP", "IPAddress": "203.0.113.5"}}
! InvalidInput Port
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "10.0.0.5"}}
! InvalidInput private
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "203.0.113.5", "RequestInterval": 20}}
! InvalidInput 10 or 30
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "HTTP_STR_MATCH", "IPAddress": "203.0.113.5"}}
! InvalidInput SearchString
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "HTTP"}}
! InvalidInput IPAddress or FullyQualifiedDomainName
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "CALCULATED", "ChildHealthChecks": ["nothing"], "HealthThreshold": 1}}
! InvalidInput nothing
> route53 CreateHealthCheck {"CallerReference": "2", "HealthCheckConfig": {"Type": "CALCULATED", "ChildHealthChecks": ["$check"], "HealthThreshold": 1, "Inverted": true}}
< {"HealthCheck": {"Id": "$both", "HealthCheckConfig": {"ChildHealthChecks": ["$check"], "HealthThreshold": 1, "Inverted": true, "Port": "!absent"}}}
> route53 CreateHealthCheck {"CallerReference": "3", "HealthCheckConfig": {"Type": "CALCULATED", "ChildHealthChecks": ["$both"], "HealthThreshold": 1}}
! InvalidInput calculated itself
> route53 CreateHealthCheck {"CallerReference": "4", "HealthCheckConfig": {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "eu-west-3", "Name": "cpu"}, "InsufficientDataHealthStatus": "Healthy"}}
< {"HealthCheck": {"Id": "$alarm", "HealthCheckConfig": {"AlarmIdentifier": {"Name": "cpu"}, "InsufficientDataHealthStatus": "Healthy"}}}
> route53 GetHealthCheckCount {}
< {"HealthCheckCount": 3}
> route53 ListHealthChecks {"MaxItems": "2"}
< {"IsTruncated": true, "NextMarker": "$next", "HealthChecks": ["*", "*"]}
> route53 ListHealthChecks {"Marker": "$next"}
< {"IsTruncated": false, "HealthChecks": [{"Id": "$next"}]}
> route53 UpdateHealthCheck {"HealthCheckId": "$check", "HealthCheckVersion": 7, "FailureThreshold": 1}
! HealthCheckVersionMismatch
> route53 UpdateHealthCheck {"HealthCheckId": "$check", "HealthCheckVersion": 1, "FailureThreshold": 1, "Disabled": true, "ResetElements": ["ResourcePath"]}
< {"HealthCheck": {"HealthCheckVersion": 2, "HealthCheckConfig": {"FailureThreshold": 1, "Disabled": true, "ResourcePath": "!absent", "Port": 80}}}
> route53 GetHealthCheckStatus {"HealthCheckId": "$both"}
! InvalidInput CALCULATED
> route53 ChangeTagsForResource {"ResourceType": "healthcheck", "ResourceId": "$check", "AddTags": [{"Key": "Name", "Value": "web"}, {"Key": "team", "Value": "a"}]}
< {}
> route53 ChangeTagsForResource {"ResourceType": "healthcheck", "ResourceId": "$check", "RemoveTagKeys": ["team"]}
< {}
> route53 ListTagsForResource {"ResourceType": "healthcheck", "ResourceId": "$check"}
< {"ResourceTagSet": {"ResourceType": "healthcheck", "ResourceId": "$check", "Tags": [{"Key": "Name", "Value": "web"}]}}
> route53 ListTagsForResources {"ResourceType": "healthcheck", "ResourceIds": ["$check", "$both"]}
< {"ResourceTagSets": [{"Tags": [{"Key": "Name"}]}, {"Tags": []}]}
> route53 ListTagsForResource {"ResourceType": "hostedzone", "ResourceId": "Z404"}
! NoSuchHostedZone
> route53 CreateHostedZone {"Name": "example.com", "CallerReference": "1"}
< {"HostedZone": {"Id": "$zone"}}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Weight": 1, "HealthCheckId": "none", "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidChangeBatch health check
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Weight": 1, "HealthCheckId": "$check", "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
< {"ChangeInfo": "*"}
settle
things
> route53 DeleteHealthCheck {"HealthCheckId": "$check"}
< {}
> route53 GetHealthCheck {"HealthCheckId": "$check"}
! NoSuchHealthCheck
crash
settle
things
> route53 GetGeoLocation {"CountryCode": "US", "SubdivisionCode": "CA"}
< {"GeoLocationDetails": {"CountryCode": "US", "CountryName": "United States", "SubdivisionCode": "CA", "SubdivisionName": "California", "ContinentCode": "!absent"}}
> route53 GetGeoLocation {"CountryCode": "XX"}
! NoSuchGeoLocation
> route53 ListGeoLocations {"MaxItems": "2"}
< {"IsTruncated": true, "NextContinentCode": "AS", "GeoLocationDetailsList": [{"ContinentName": "Africa"}, {"ContinentName": "Antarctica"}]}
> route53 ListGeoLocations {"StartCountryCode": "US", "StartSubdivisionCode": "WY", "MaxItems": "2"}
< {"GeoLocationDetailsList": [{"SubdivisionName": "Wyoming"}, {"CountryName": "Uruguay"}]}
