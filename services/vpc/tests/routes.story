# Route tables, their routes and which subnets follow them.
> ec2 CreateVpc {"CidrBlock": "10.0.0.0/16"}
< {"Vpc": {"VpcId": "$vpc"}}
> ec2 CreateSubnet {"VpcId": "$vpc", "CidrBlock": "10.0.1.0/24"}
< {"Subnet": {"SubnetId": "$a"}}
> ec2 CreateRouteTable {"VpcId": "$vpc"}
< {"RouteTable": {"RouteTableId": "$rtb", "Associations": [], "PropagatingVgws": [], "Routes": [{"GatewayId": "local", "DestinationCidrBlock": "10.0.0.0/16"}], "Tags": []}}
> ec2 AssociateRouteTable {"RouteTableId": "$rtb", "SubnetId": "$a"}
< {"AssociationId": "$assoc", "AssociationState": {"State": "associated"}}
> ec2 AssociateRouteTable {"RouteTableId": "$rtb", "SubnetId": "$a"}
! Resource.AlreadyAssociated
> ec2 DeleteRouteTable {"RouteTableId": "$rtb"}
! DependencyViolation The routeTable '$rtb' has dependencies and cannot be deleted.

# Internet gateways.
> ec2 CreateInternetGateway {}
< {"InternetGateway": {"InternetGatewayId": "$igw", "Attachments": []}}
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw"}
! InvalidParameterValue route table $rtb and network gateway $igw belong to different networks
> ec2 DetachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
! Gateway.NotAttached resource $igw is not attached to network $vpc
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
! Resource.AlreadyAssociated
> ec2 CreateInternetGateway {}
< {"InternetGateway": {"InternetGatewayId": "$igw2"}}
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw2", "VpcId": "$vpc"}
! InvalidParameterValue already has an internet gateway attached
> ec2 DeleteInternetGateway {"InternetGatewayId": "$igw"}
! DependencyViolation
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw"}
< {"Return": true}
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "$igw"}
< {"Return": true}

# What cannot be a route.
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "$igw"}
! InvalidParameterValue
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8"}
! MissingParameter
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "NatGatewayId": "nat-1"}
! NotImplemented NatGatewayId
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "GatewayId": "igw-1"}
! InvalidGatewayID.NotFound The gateway ID 'igw-1' does not exist
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "InstanceId": "i-1"}
! InvalidInstanceID.NotFound
> ec2 CreateRoute {"RouteTableId": "rtb-1", "DestinationCidrBlock": "1.0.0.0/8", "GatewayId": "$igw"}
! InvalidRouteTableID.NotFound The routeTable ID 'rtb-1' does not exist
> ec2 ReplaceRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "GatewayId": "$igw"}
! InvalidParameterValue Use CreateRoute instead
> ec2 DeleteRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8"}
! InvalidRoute.NotFound no route with destination-cidr-block 1.0.0.0/8 in route table $rtb
> ec2 DeleteRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "10.0.0.0/16"}
! InvalidParameterValue cannot remove local route

# A route to an interface; when it goes, or the gateway does, a black hole remains.
> ec2 CreateNetworkInterface {"SubnetId": "$a"}
< {"NetworkInterface": {"NetworkInterfaceId": "$eni"}}
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "NetworkInterfaceId": "$eni"}
< {"Return": true}
> ec2 CreateRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "GatewayId": "$igw"}
! RouteAlreadyExists The route identified by 1.0.0.0/8 already exists.
> ec2 DeleteNetworkInterface {"NetworkInterfaceId": "$eni"}
> ec2 DetachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 DescribeRouteTables {"RouteTableIds": ["$rtb"]}
< {"RouteTables": [{"Routes": [{"State": "active"}, {"GatewayId": "$igw", "State": "blackhole"}, {"NetworkInterfaceId": "$eni", "State": "blackhole", "Origin": "CreateRoute"}], "Associations": [{"Main": false, "SubnetId": "$a", "RouteTableAssociationId": "$assoc"}]}]}
> ec2 DescribeRouteTables {"Filters": [{"Name": "route.state", "Values": ["blackhole"]}]}
< {"RouteTables": [{"RouteTableId": "$rtb"}]}
settle
things
> ec2 AttachInternetGateway {"InternetGatewayId": "$igw", "VpcId": "$vpc"}
> ec2 ReplaceRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "1.0.0.0/8", "GatewayId": "$igw"}
> ec2 DeleteRoute {"RouteTableId": "$rtb", "DestinationCidrBlock": "0.0.0.0/0"}
> ec2 DescribeRouteTables {"RouteTableIds": ["$rtb"]}
< {"RouteTables": [{"Routes": [{"State": "active"}, {"GatewayId": "$igw", "State": "active", "DestinationCidrBlock": "1.0.0.0/8"}]}]}

# The main table can be another one.
> ec2 DescribeRouteTables {"Filters": [{"Name": "vpc-id", "Values": ["$vpc"]}, {"Name": "association.main", "Values": ["true"]}]}
< {"RouteTables": [{"RouteTableId": "$main", "Associations": [{"RouteTableAssociationId": "$mainassoc"}]}]}
> ec2 DisassociateRouteTable {"AssociationId": "$mainassoc"}
! InvalidParameterValue cannot disassociate the main route table association $mainassoc
> ec2 ReplaceRouteTableAssociation {"AssociationId": "$mainassoc", "RouteTableId": "$rtb"}
< {"NewAssociationId": "$newmain", "AssociationState": {"State": "associated"}}
> ec2 ReplaceRouteTableAssociation {"AssociationId": "$assoc", "RouteTableId": "$main"}
< {"NewAssociationId": "$newassoc"}
> ec2 DisassociateRouteTable {"AssociationId": "$assoc"}
! InvalidAssociationID.NotFound The association ID '$assoc' does not exist
> ec2 DisassociateRouteTable {"AssociationId": "$newassoc"}
> ec2 DeleteRouteTable {"RouteTableId": "$main"}
> ec2 DeleteRouteTable {"RouteTableId": "$rtb"}
! DependencyViolation
settle
things
crash
> ec2 DescribeRouteTables {"RouteTableIds": ["$rtb"]}
< {"RouteTables": [{"Associations": [{"Main": true, "RouteTableAssociationId": "$newmain"}]}]}
settle
things
