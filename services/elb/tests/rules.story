# Listeners, rules, certificates and attributes, as Terraform and people use them.
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1a"]}]}
< {"Subnets": [{"SubnetId": "$a", "VpcId": "$vpc"}]}
> ec2 DescribeSubnets {"Filters": [{"Name": "availability-zone", "Values": ["us-east-1b"]}]}
< {"Subnets": [{"SubnetId": "$b"}]}
> elbv2 CreateLoadBalancer {"Name": "front", "Subnets": ["$a", "$b"]}
< {"LoadBalancers": [{"LoadBalancerArn": "$lb"}]}
> elbv2 CreateTargetGroup {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc"}
< {"TargetGroups": [{"TargetGroupArn": "$tg"}]}
> elbv2 CreateTargetGroup {"Name": "green", "Protocol": "HTTP", "Port": 80, "VpcId": "$vpc"}
< {"TargetGroups": [{"TargetGroupArn": "$green"}]}
> elbv2 CreateTargetGroup {"Name": "tcp", "Protocol": "TCP", "Port": 80, "VpcId": "$vpc"}
< {"TargetGroups": [{"TargetGroupArn": "$tcp", "HealthCheckProtocol": "TCP", "HealthCheckTimeoutSeconds": 10, "Matcher": "!absent", "HealthCheckPath": "!absent"}]}
> acm RequestCertificate {"DomainName": "a.example.com", "ValidationMethod": "DNS"}
< {"CertificateArn": "$cert"}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTPS", "Port": 443, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
! ValidationError A certificate must be specified for HTTPS listeners
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": "$cert"}], "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
! UnsupportedCertificate
wait 2s
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-None", "Certificates": [{"CertificateArn": "$cert"}], "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
! SSLPolicyNotFound
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "TCP", "Port": 443, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
! ValidationError Listener protocol 'TCP' must be one of 'HTTP, HTTPS'
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tcp"}]}
! IncompatibleProtocols
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "Certificates": [{"CertificateArn": "$cert"}],
    "DefaultActions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "$tg", "Weight": 90}, {"TargetGroupArn": "$green", "Weight": 10}], "TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 60}}}]}
< {"Listeners": [{"ListenerArn": "$https", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "Certificates": [{"CertificateArn": "$cert"}], "MutualAuthentication": {"Mode": "off"},
    "DefaultActions": [{"Type": "forward", "TargetGroupArn": "!absent", "ForwardConfig": {"TargetGroups": [{"Weight": 90}, {"Weight": 10}], "TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 60}}}]}]}
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]}
! InvalidLoadBalancerAction creates a loop
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "redirect"}]}
! InvalidLoadBalancerAction you must specify the following fields: 'RedirectConfig'
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "fixed-response"}]}
! InvalidLoadBalancerAction you must specify the following fields: 'FixedResponseConfig'
> elbv2 CreateListener {"LoadBalancerArn": "$lb", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]}
< {"Listeners": [{"ListenerArn": "$http", "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Host": "#{host}", "Path": "/#{path}", "Query": "#{query}", "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]}]}
settle
> acm DescribeCertificate {"CertificateArn": "$cert"}
< {"Certificate": {"InUseBy": ["$lb"], "RenewalEligibility": "ELIGIBLE"}}
> acm DeleteCertificate {"CertificateArn": "$cert"}
! ResourceInUseException
> elbv2 DescribeListenerCertificates {"ListenerArn": "$https"}
< {"Certificates": [{"CertificateArn": "$cert", "IsDefault": true}]}
> elbv2 RemoveListenerCertificates {"ListenerArn": "$https", "Certificates": [{"CertificateArn": "$cert"}]}
! OperationNotPermitted

> elbv2 CreateRule {"ListenerArn": "$https", "Priority": 20, "Conditions": [{"Field": "path-pattern", "Values": ["/api/*"]}], "Actions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "later"}}]}
< {"Rules": [{"RuleArn": "$rule", "Priority": "20", "IsDefault": false, "Conditions": [{"Field": "path-pattern", "Values": ["/api/*"], "PathPatternConfig": {"Values": ["/api/*"]}}]}]}
> elbv2 CreateRule {"ListenerArn": "$https", "Priority": 20, "Conditions": [{"Field": "host-header", "Values": ["b.example.com"]}], "Actions": [{"Type": "forward", "TargetGroupArn": "$green"}]}
! PriorityInUse Priority '20' is currently in use
> elbv2 CreateRule {"ListenerArn": "$https", "Priority": 10, "Conditions": [{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "User-Agent", "Values": ["*curl*"]}}, {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "1"}]}}, {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}], "Actions": [{"Type": "forward", "TargetGroupArn": "$green"}]}
< {"Rules": [{"RuleArn": "$second", "Priority": "10"}]}
> elbv2 CreateRule {"ListenerArn": "$https", "Priority": 30, "Conditions": [{"Field": "path-pattern", "Values": ["1", "2", "3", "4", "5", "6"]}], "Actions": [{"Type": "forward", "TargetGroupArn": "$green"}]}
! ValidationError A rule can only have '5' condition values
> elbv2 CreateRule {"ListenerArn": "$https", "Priority": 30, "Conditions": [{"Field": "path-pattern", "Values": ["/x"]}], "Actions": [{"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {"Issuer": "a", "AuthorizationEndpoint": "b", "TokenEndpoint": "c", "UserInfoEndpoint": "d", "ClientId": "e"}}, {"Type": "forward", "Order": 2, "TargetGroupArn": "$green"}]}
! NotImplemented An action of type authenticate-oidc
> elbv2 DescribeRules {"ListenerArn": "$https"}
< {"Rules": [{"RuleArn": "$second"}, {"RuleArn": "$rule"}, {"Priority": "default", "IsDefault": true, "RuleArn": "$default"}]}
> elbv2 SetRulePriorities {"RulePriorities": [{"RuleArn": "$rule", "Priority": 10}, {"RuleArn": "$second", "Priority": 20}]}
< {"Rules": [{"RuleArn": "$rule", "Priority": "10"}, {"RuleArn": "$second", "Priority": "20"}]}
> elbv2 SetRulePriorities {"RulePriorities": [{"RuleArn": "$rule", "Priority": 20}]}
! PriorityInUse
> elbv2 DeleteRule {"RuleArn": "$default"}
! OperationNotPermitted Default rule '$default' cannot be deleted
> elbv2 ModifyRule {"RuleArn": "$rule", "Conditions": [{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}}]}
< {"Rules": [{"RuleArn": "$rule", "Actions": [{"Type": "fixed-response"}], "Conditions": [{"Field": "http-request-method"}]}]}
> elbv2 DeleteRule {"RuleArn": "$second"}
< {}
> elbv2 DescribeRules {"RuleArns": ["$second"]}
! RuleNotFound One or more rules not found

# A group belongs to one balancer.
> elbv2 CreateLoadBalancer {"Name": "other", "Subnets": ["$a", "$b"], "Scheme": "internal"}
< {"LoadBalancers": [{"LoadBalancerArn": "$other", "Scheme": "internal"}]}
> elbv2 CreateListener {"LoadBalancerArn": "$other", "Protocol": "HTTP", "Port": 80, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "$tg"}]}
! TargetGroupAssociationLimit
> elbv2 DescribeTargetGroups {"LoadBalancerArn": "$lb"}
< {"TargetGroups": [{"TargetGroupName": "green", "LoadBalancerArns": ["$lb"]}, {"TargetGroupName": "web"}]}

> elbv2 ModifyTargetGroupAttributes {"TargetGroupArn": "$tg", "Attributes": [{"Key": "slow_start.duration_seconds", "Value": "10"}]}
! InvalidConfigurationRequest Slow start duration must be 0 or between 30 and 900 seconds
> elbv2 ModifyTargetGroupAttributes {"TargetGroupArn": "$tg", "Attributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}, {"Key": "stickiness.enabled", "Value": "true"}]}
< {"Attributes": "*"}
> elbv2 ModifyLoadBalancerAttributes {"LoadBalancerArn": "$lb", "Attributes": [{"Key": "nonsense", "Value": "1"}]}
! ValidationError Load balancer attribute key 'nonsense' is not recognized
> elbv2 DescribeListenerAttributes {"ListenerArn": "$http"}
< {"Attributes": "*"}
> elbv2 ModifyTargetGroup {"TargetGroupArn": "$tg", "HealthCheckPath": "/health", "Matcher": {"HttpCode": "200-299"}, "HealthCheckPort": "8080"}
< {"TargetGroups": [{"HealthCheckPath": "/health", "Matcher": {"HttpCode": "200-299"}, "HealthCheckPort": "8080", "HealthCheckIntervalSeconds": 30}]}
> elbv2 ModifyTargetGroup {"TargetGroupArn": "$tg", "Matcher": {"HttpCode": "500"}}
! ValidationError
> elbv2 DescribeSSLPolicies {"Names": ["ELBSecurityPolicy-TLS13-1-2-2021-06"]}
< {"SslPolicies": [{"Name": "ELBSecurityPolicy-TLS13-1-2-2021-06", "SslProtocols": ["TLSv1.3", "TLSv1.2"]}]}
> elbv2 DescribeCapacityReservation {"LoadBalancerArn": "$lb"}
< {"CapacityReservationState": []}
> elbv2 DescribeAccountLimits {"PageSize": 1}
< {"Limits": [{"Name": "application-load-balancers", "Max": "50"}], "NextMarker": "*"}
> elbv2 SetSubnets {"LoadBalancerArn": "$lb", "Subnets": ["$a"]}
! ValidationError At least two subnets
settle
things
