# Private zones: which VPCs see them, also across accounts.
> ec2 CreateVpc {"CidrBlock": "10.1.0.0/16"}
< {"Vpc": {"VpcId": "$one"}}
> ec2 CreateVpc {"CidrBlock": "10.2.0.0/16"}
< {"Vpc": {"VpcId": "$two"}}
> route53 CreateHostedZone {"Name": "inner.test", "CallerReference": "1", "HostedZoneConfig": {"PrivateZone": true}}
! InvalidInput VPCId
> route53 CreateHostedZone {"Name": "inner.test", "CallerReference": "1", "VPC": {"VPCId": "vpc-404", "VPCRegion": "us-east-1"}}
! InvalidVPCId vpc-404
> route53 CreateHostedZone {"Name": "inner.test", "CallerReference": "1", "VPC": {"VPCId": "$one", "VPCRegion": "us-east-1"}}
< {"HostedZone": {"Id": "$zone", "Config": {"PrivateZone": true}}, "VPC": {"VPCId": "$one"}, "DelegationSet": "!absent"}
> route53 CreateHostedZone {"Name": "inner.test", "CallerReference": "2", "VPC": {"VPCId": "$one", "VPCRegion": "us-east-1"}}
! ConflictingDomainExists $one
> route53 GetHostedZone {"Id": "$zone"}
< {"VPCs": [{"VPCId": "$one", "VPCRegion": "us-east-1"}], "DelegationSet": "!absent"}
> route53 DisassociateVPCFromHostedZone {"HostedZoneId": "$zone", "VPC": {"VPCId": "$one", "VPCRegion": "us-east-1"}}
! LastVPCAssociation
> route53 DisassociateVPCFromHostedZone {"HostedZoneId": "$zone", "VPC": {"VPCId": "$two", "VPCRegion": "us-east-1"}}
! VPCAssociationNotFound
> route53 AssociateVPCWithHostedZone {"HostedZoneId": "$zone", "VPC": {"VPCId": "$two", "VPCRegion": "us-east-1"}, "Comment": "both"}
< {"ChangeInfo": {"Comment": "both", "Status": "PENDING"}}
> route53 ListHostedZonesByVPC {"VPCId": "$two", "VPCRegion": "us-east-1"}
< {"HostedZoneSummaries": [{"Name": "inner.test.", "Owner": {"OwningAccount": "000000000000"}}]}
> route53 DisassociateVPCFromHostedZone {"HostedZoneId": "$zone", "VPC": {"VPCId": "$one", "VPCRegion": "us-east-1"}}
< {"ChangeInfo": "*"}
> route53 GetHostedZoneLimit {"HostedZoneId": "$zone", "Type": "MAX_VPCS_ASSOCIATED_BY_ZONE"}
< {"Count": 1, "Limit": {"Value": 300}}
account 111122223333
> ec2 CreateVpc {"CidrBlock": "10.3.0.0/16"}
< {"Vpc": {"VpcId": "$theirs"}}
> route53 AssociateVPCWithHostedZone {"HostedZoneId": "$zone", "VPC": {"VPCId": "$theirs", "VPCRegion": "us-east-1"}}
! NotAuthorizedException
account 000000000000
> route53 CreateVPCAssociationAuthorization {"HostedZoneId": "$zone", "VPC": {"VPCId": "$theirs", "VPCRegion": "us-east-1"}}
< {"VPC": {"VPCId": "$theirs"}}
> route53 ListVPCAssociationAuthorizations {"HostedZoneId": "$zone"}
< {"VPCs": [{"VPCId": "$theirs"}]}
account 111122223333
> route53 AssociateVPCWithHostedZone {"HostedZoneId": "$zone", "VPC": {"VPCId": "$theirs", "VPCRegion": "us-east-1"}}
< {"ChangeInfo": "*"}
account 000000000000
> route53 DeleteVPCAssociationAuthorization {"HostedZoneId": "$zone", "VPC": {"VPCId": "$theirs", "VPCRegion": "us-east-1"}}
< {}
> route53 DeleteVPCAssociationAuthorization {"HostedZoneId": "$zone", "VPC": {"VPCId": "$theirs", "VPCRegion": "us-east-1"}}
! VPCAssociationAuthorizationNotFound
> route53 CreateHostedZone {"Name": "outer.test", "CallerReference": "3"}
< {"HostedZone": {"Id": "$public"}}
> route53 AssociateVPCWithHostedZone {"HostedZoneId": "$public", "VPC": {"VPCId": "$one", "VPCRegion": "us-east-1"}}
! PublicZoneVPCAssociation
> route53 TestDNSAnswer {"HostedZoneId": "$public", "RecordName": "outer.test", "RecordType": "SOA"}
< {"ResponseCode": "NOERROR", "Protocol": "UDP", "RecordName": "outer.test.", "RecordData": ["*"]}
> route53 TestDNSAnswer {"HostedZoneId": "$public", "RecordName": "no.outer.test", "RecordType": "A"}
< {"ResponseCode": "NXDOMAIN", "RecordData": []}
> route53 TestDNSAnswer {"HostedZoneId": "$zone", "RecordName": "inner.test", "RecordType": "SOA"}
! InvalidInput private
settle
things
