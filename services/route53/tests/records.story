# Record sets: batches are whole or nothing, and every message is Route 53's own.
> route53 CreateHostedZone {"Name": "example.com", "CallerReference": "1"}
< {"HostedZone": {"Id": "$zone"}}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Comment": "two", "Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.Example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.44"}, {"Value": "192.0.2.45"}]}},
    {"Action": "UPSERT", "ResourceRecordSet": {"Name": "*.example.com", "Type": "TXT", "TTL": 300, "ResourceRecords": [{"Value": "\"a\" \"b\""}]}}]}}
< {"ChangeInfo": {"Id": "$change", "Status": "PENDING", "Comment": "two"}}
> route53 ListResourceRecordSets {"HostedZoneId": "$zone"}
< {"ResourceRecordSets": [{"Name": "example.com.", "Type": "NS"}, {"Name": "example.com.", "Type": "SOA"}, {"Name": "\\052.example.com.", "Type": "TXT"}, {"Name": "www.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.44"}, {"Value": "192.0.2.45"}], "SetIdentifier": "!absent"}]}
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "StartRecordName": "b.example.com", "MaxItems": "1"}
< {"IsTruncated": false, "ResourceRecordSets": [{"Name": "www.example.com."}]}
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "MaxItems": "1"}
< {"IsTruncated": true, "NextRecordName": "example.com.", "NextRecordType": "SOA", "NextRecordIdentifier": "!absent", "ResourceRecordSets": [{"Type": "NS"}]}
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "StartRecordName": "example.com", "StartRecordType": "SOA", "MaxItems": "2"}
< {"IsTruncated": true, "NextRecordName": "www.example.com.", "ResourceRecordSets": [{"Type": "SOA"}, {"Type": "TXT"}]}
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "StartRecordType": "A"}
! InvalidInput

# Whole or nothing.
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "new.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}},
    {"Action": "DELETE", "ResourceRecordSet": {"Name": "gone.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}}]}}
! InvalidChangeBatch [Tried to create resource record set [name='www.example.com.', type='A'] but it already exists, Tried to delete resource record set [name='gone.example.com.', type='A'] but it was not found]
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "StartRecordName": "new.example.com", "MaxItems": "1"}
< {"ResourceRecordSets": [{"Name": "www.example.com."}]}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "DELETE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 61, "ResourceRecords": [{"Value": "192.0.2.45"}, {"Value": "192.0.2.44"}]}}]}}
! InvalidChangeBatch but the values provided do not match the current values
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "DELETE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.45"}, {"Value": "192.0.2.44"}]}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "other.example.org"}]}}]}}
< {"ChangeInfo": "*"}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}}]}}
! InvalidChangeBatch RRSet of type A with DNS name www.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "example.com", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.b"}]}}]}}
! InvalidChangeBatch RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "badexample.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "1.2.3"}, {"Value": "1.2.3.4"}, {"Value": "1.2.3.4"}]}}]}}
! InvalidChangeBatch [RRSet with DNS name badexample.com. is not permitted in zone example.com., Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '1.2.3'', Duplicate Resource Record: '1.2.3.4']
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "UPSERT", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "1.2.3.4"}]}},
    {"Action": "UPSERT", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "TTL": 70, "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidChangeBatch The request contains an invalid set of changes for a resource record set 'A x.example.com.'
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A"}}]}}
! InvalidInput Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=x.example.com, Type=A, SetIdentifier=null]
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidInput Missing field 'TTL'
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "TTL": 60, "Weight": 1, "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidInput Missing field 'SetIdentifier'
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidInput but found none in Change
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Weight": 1, "Region": "eu-west-3", "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidInput more than one
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "GeoLocation": {"CountryCode": "XX"}, "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidInput Invalid geolocation

# Policies do not mix.
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Weight": 1, "ResourceRecords": [{"Value": "1.2.3.4"}]}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "b", "Weight": 1, "ResourceRecords": [{"Value": "1.2.3.5"}]}}]}}
< {"ChangeInfo": "*"}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidChangeBatch same routing policy
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "c", "Failover": "PRIMARY", "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidChangeBatch a weighted RRSet with the same name and type already exists
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Weight": 9, "ResourceRecords": [{"Value": "1.2.3.4"}]}}]}}
! InvalidChangeBatch Tried to create resource record set [name='w.example.com.', type='A', set-identifier='a'] but it already exists
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "f.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "a", "Failover": "PRIMARY", "ResourceRecords": [{"Value": "1.2.3.4"}]}},
    {"Action": "CREATE", "ResourceRecordSet": {"Name": "f.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "b", "Failover": "PRIMARY", "ResourceRecords": [{"Value": "1.2.3.5"}]}}]}}
! InvalidChangeBatch failover PRIMARY already exists

# Aliases.
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "example.com", "Type": "A", "AliasTarget": {"HostedZoneId": "$zone", "DNSName": "w.example.com", "EvaluateTargetHealth": true}}}]}}
< {"ChangeInfo": "*"}
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "MaxItems": "1"}
< {"ResourceRecordSets": [{"Name": "example.com.", "Type": "A", "TTL": "!absent", "ResourceRecords": "!absent", "AliasTarget": {"HostedZoneId": "*", "DNSName": "w.example.com.", "EvaluateTargetHealth": true}}]}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "q.example.com", "Type": "A", "AliasTarget": {"HostedZoneId": "$zone", "DNSName": "nowhere.example.com", "EvaluateTargetHealth": true}}}]}}
! InvalidChangeBatch but that target was not found
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "q.example.com", "Type": "A", "AliasTarget": {"HostedZoneId": "$zone", "DNSName": "example.org", "EvaluateTargetHealth": true}}}]}}
! InvalidChangeBatch but the alias target name does not lie within the target zone
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "q.example.com", "Type": "A", "AliasTarget": {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": "front-1.us-east-1.elb.amazonaws.com", "EvaluateTargetHealth": true}}}]}}
! InvalidChangeBatch but that target was not found

# The records that make the zone stay.
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {"Name": "example.com", "Type": "NS", "TTL": 5, "ResourceRecords": [{"Value": "ns.example.org"}]}}]}}
< {"ChangeInfo": "*"}
> route53 ChangeResourceRecordSets {"HostedZoneId": "$zone", "ChangeBatch": {"Changes": [{"Action": "DELETE", "ResourceRecordSet": {"Name": "example.com", "Type": "NS", "TTL": 5, "ResourceRecords": [{"Value": "ns.example.org"}]}}]}}
! InvalidChangeBatch A HostedZone must contain at least one NS record for the zone itself.
> route53 ChangeResourceRecordSets {"HostedZoneId": "Z404", "ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {"Name": "example.com", "Type": "NS", "TTL": 5, "ResourceRecords": [{"Value": "ns.example.org"}]}}]}}
! NoSuchHostedZone
crash
> route53 ListResourceRecordSets {"HostedZoneId": "$zone", "StartRecordName": "w.example.com", "MaxItems": "1"}
< {"NextRecordName": "w.example.com.", "NextRecordType": "A", "NextRecordIdentifier": "b", "ResourceRecordSets": [{"SetIdentifier": "a", "Weight": 1}]}
> route53 DeleteHostedZone {"Id": "$zone"}
! HostedZoneNotEmpty
settle
things
