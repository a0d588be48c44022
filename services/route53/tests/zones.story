# Hosted zones: made, found, listed, emptied, deleted.
> route53 CreateHostedZone {"Name": "WhatIsTheTime.com", "CallerReference": "one", "HostedZoneConfig": {"Comment": "the shop"}}
< {"HostedZone": {"Id": "$zone", "Name": "whatisthetime.com.", "CallerReference": "one", "ResourceRecordSetCount": 2, "Config": {"Comment": "the shop", "PrivateZone": false}}, "ChangeInfo": {"Id": "$change", "Status": "PENDING", "SubmittedAt": "*"}, "DelegationSet": {"NameServers": ["$ns1", "$ns2", "$ns3", "$ns4"]}, "Location": "*", "VPC": "!absent"}
> route53 CreateHostedZone {"Name": "other.com", "CallerReference": "one"}
! HostedZoneAlreadyExists
> route53 CreateHostedZone {"Name": "a..b", "CallerReference": "two"}
! InvalidDomainName DomainLabelEmpty
> route53 CreateHostedZone {"Name": "*.a.com", "CallerReference": "two"}
! InvalidDomainName
> route53 GetChange {"Id": "$change"}
< {"ChangeInfo": {"Status": "PENDING"}}
wait 3s
> route53 GetChange {"Id": "$change"}
< {"ChangeInfo": {"Status": "INSYNC"}}
> route53 GetChange {"Id": "C000"}
! NoSuchChange
settle
things
> route53 GetHostedZone {"Id": "$zone"}
< {"HostedZone": {"Id": "$zone"}, "DelegationSet": {"NameServers": ["$ns1", "$ns2", "$ns3", "$ns4"]}, "VPCs": "!absent"}
> route53 GetHostedZone {"Id": "Z404"}
! NoSuchHostedZone No hosted zone found with ID: Z404
> route53 ListResourceRecordSets {"HostedZoneId": "$zone"}
< {"IsTruncated": false, "MaxItems": "300", "ResourceRecordSets": [{"Name": "whatisthetime.com.", "Type": "NS", "TTL": 172800, "ResourceRecords": [{"Value": "$ns1."}, {"Value": "$ns2."}, {"Value": "$ns3."}, {"Value": "$ns4."}]}, {"Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": "$ns1. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}]}]}
> route53 GetDNSSEC {"HostedZoneId": "$zone"}
< {"Status": {"ServeSignature": "NOT_SIGNING"}, "KeySigningKeys": []}
> route53 DisableHostedZoneDNSSEC {"HostedZoneId": "$zone"}
! DNSSECNotFound
> route53 UpdateHostedZoneComment {"Id": "$zone", "Comment": "ours"}
< {"HostedZone": {"Config": {"Comment": "ours"}}}
> route53 CreateHostedZone {"Name": "example.org", "CallerReference": "two"}
< {"HostedZone": {"Id": "$org"}}
> route53 CreateHostedZone {"Name": "a.com", "CallerReference": "three"}
< {"HostedZone": {"Id": "$a"}}
> route53 ListHostedZonesByName {}
< {"IsTruncated": false, "HostedZones": [{"Name": "a.com."}, {"Name": "whatisthetime.com."}, {"Name": "example.org."}]}
> route53 ListHostedZonesByName {"DNSName": "b.com", "MaxItems": "1"}
< {"IsTruncated": true, "DNSName": "b.com", "NextDNSName": "example.org.", "HostedZones": [{"Name": "whatisthetime.com."}]}
> route53 ListHostedZones {"MaxItems": "2"}
< {"IsTruncated": true, "NextMarker": "$next", "HostedZones": ["*", "*"]}
> route53 ListHostedZones {"Marker": "$next"}
< {"IsTruncated": false, "Marker": "$next", "NextMarker": "!absent", "HostedZones": ["*"]}
> route53 GetHostedZoneCount {}
< {"HostedZoneCount": 3}
> route53 GetHostedZoneLimit {"HostedZoneId": "$a", "Type": "MAX_RRSETS_BY_ZONE"}
< {"Limit": {"Type": "MAX_RRSETS_BY_ZONE", "Value": 10000}, "Count": 2}
> route53 GetHostedZoneLimit {"HostedZoneId": "$a", "Type": "MAX_VPCS_ASSOCIATED_BY_ZONE"}
! HostedZoneNotPrivate
> route53 GetAccountLimit {"Type": "MAX_HOSTED_ZONES_BY_OWNER"}
< {"Limit": {"Value": 500}, "Count": 3}

# Nobody else sees them.
account 111122223333
> route53 GetHostedZone {"Id": "$zone"}
! NoSuchHostedZone
> route53 ListHostedZones {}
< {"HostedZones": []}
account 000000000000

# Global: another region sees the same.
region eu-west-3
> route53 GetHostedZone {"Id": "$zone"}
< {"HostedZone": {"Id": "$zone"}}
region us-east-1

> route53 ChangeResourceRecordSets {"HostedZoneId": "$a", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "x.a.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.44"}]}}]}}
< {"ChangeInfo": {"Status": "PENDING"}}
> route53 DeleteHostedZone {"Id": "$a"}
! HostedZoneNotEmpty
> route53 ChangeResourceRecordSets {"HostedZoneId": "$a", "ChangeBatch": {"Changes": [{"Action": "DELETE", "ResourceRecordSet": {"Name": "X.a.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.44"}]}}]}}
< {"ChangeInfo": {"Status": "PENDING"}}
crash
> route53 DeleteHostedZone {"Id": "$a"}
< {"ChangeInfo": {"Status": "PENDING"}}
> route53 GetHostedZone {"Id": "$a"}
! NoSuchHostedZone

# Name servers that several zones share.
> route53 CreateReusableDelegationSet {"CallerReference": "shared"}
< {"DelegationSet": {"Id": "$set", "CallerReference": "shared", "NameServers": ["$s1", "$s2", "$s3", "$s4"]}, "Location": "*"}
> route53 CreateReusableDelegationSet {"CallerReference": "shared"}
! DelegationSetAlreadyCreated
> route53 CreateHostedZone {"Name": "b.com", "CallerReference": "four", "DelegationSetId": "$set"}
< {"HostedZone": {"Id": "$b"}, "DelegationSet": {"NameServers": ["$s1", "$s2", "$s3", "$s4"]}}
> route53 CreateHostedZone {"Name": "sub.b.com", "CallerReference": "five", "DelegationSetId": "$set"}
! ConflictingDomainExists
> route53 CreateHostedZone {"Name": "c.com", "CallerReference": "five", "DelegationSetId": "N404"}
! NoSuchDelegationSet
> route53 ListHostedZones {"DelegationSetId": "$set"}
< {"HostedZones": [{"Id": "$b"}]}
> route53 DeleteReusableDelegationSet {"Id": "$set"}
! DelegationSetInUse
> route53 CreateReusableDelegationSet {"CallerReference": "of a zone", "HostedZoneId": "$org"}
< {"DelegationSet": {"Id": "$second"}}
> route53 CreateReusableDelegationSet {"CallerReference": "again", "HostedZoneId": "$org"}
! DelegationSetAlreadyReusable
> route53 ListReusableDelegationSets {}
< {"IsTruncated": false, "DelegationSets": ["*", "*"]}
> route53 DeleteHostedZone {"Id": "$b"}
< {"ChangeInfo": "*"}
> route53 DeleteReusableDelegationSet {"Id": "$set"}
< {}
> route53 GetReusableDelegationSet {"Id": "$set"}
! NoSuchDelegationSet
settle
things
