# The registrar: a domain is registered with a hosted zone of its own, changed, renewed, deleted.
> route53domains CheckDomainAvailability {"DomainName": "WhatIsTheTime.com"}
< {"Availability": "AVAILABLE"}
> route53domains CheckDomainAvailability {"DomainName": "a.nowhere"}
! UnsupportedTLD
> route53domains CheckDomainAvailability {"DomainName": "www.example.com"}
! InvalidInput
> route53domains ListPrices {"Tld": "com"}
< {"Prices": [{"Name": "com", "RegistrationPrice": {"Currency": "USD", "Price": "*"}}]}
> route53domains RegisterDomain {"DomainName": "whatisthetime.com", "DurationInYears": 1, "AdminContact": {"FirstName": "Ada"}, "RegistrantContact": {}, "TechContact": {}}
! InvalidInput LastName
> route53domains RegisterDomain {"DomainName": "whatisthetime.com", "DurationInYears": 1, "AdminContact": {"FirstName": "Ada", "LastName": "L", "ContactType": "PERSON", "AddressLine1": "1 Road", "City": "Paris", "CountryCode": "FR", "Email": "a@b.test", "PhoneNumber": "+33.123456789"}, "RegistrantContact": {"FirstName": "Ada", "LastName": "L", "ContactType": "PERSON", "AddressLine1": "1 Road", "City": "Paris", "CountryCode": "FR", "Email": "a@b.test", "PhoneNumber": "+33.123456789"}, "TechContact": {"FirstName": "Ada", "LastName": "L", "ContactType": "PERSON", "AddressLine1": "1 Road", "City": "Paris", "CountryCode": "FR", "Email": "a@b.test", "PhoneNumber": "+33.123456789"}}
< {"OperationId": "$operation"}
> route53domains GetOperationDetail {"OperationId": "$operation"}
< {"Status": "IN_PROGRESS", "Type": "REGISTER_DOMAIN", "DomainName": "whatisthetime.com"}
> route53domains CheckDomainAvailability {"DomainName": "whatisthetime.com"}
< {"Availability": "UNAVAILABLE"}
> route53domains GetDomainDetail {"DomainName": "whatisthetime.com"}
! InvalidInput not found
crash
wait 6s
settle
> route53domains GetOperationDetail {"OperationId": "$operation"}
< {"Status": "SUCCESSFUL"}
> route53 ListHostedZones {}
< {"HostedZones": [{"Id": "$zone", "Name": "whatisthetime.com.", "CallerReference": "RISWorkflow-RD:$operation", "Config": {"Comment": "HostedZone created by Route53 Registrar"}}]}
> route53 GetHostedZone {"Id": "$zone"}
< {"DelegationSet": {"NameServers": ["$ns1", "$ns2", "$ns3", "$ns4"]}}
> route53domains GetDomainDetail {"DomainName": "whatisthetime.com"}
< {"DomainName": "whatisthetime.com", "AutoRenew": true, "Nameservers": [{"Name": "$ns1"}, {"Name": "$ns2"}, {"Name": "$ns3"}, {"Name": "$ns4"}], "AdminContact": {"FirstName": "Ada"}, "AdminPrivacy": true, "StatusList": ["clientTransferProhibited"], "ExpirationDate": "*"}
account 111122223333
> route53domains CheckDomainAvailability {"DomainName": "whatisthetime.com"}
< {"Availability": "UNAVAILABLE"}
> route53domains GetDomainDetail {"DomainName": "whatisthetime.com"}
! InvalidInput not found in 111122223333 account
account 000000000000
> route53domains DisableDomainAutoRenew {"DomainName": "whatisthetime.com"}
< {}
> route53domains UpdateDomainNameservers {"DomainName": "whatisthetime.com", "Nameservers": [{"Name": "ns1.elsewhere.org"}, {"Name": "ns2.elsewhere.org"}]}
< {"OperationId": "$second"}
> route53domains DisableDomainTransferLock {"DomainName": "whatisthetime.com"}
! DuplicateRequest
wait 6s
settle
things
> route53domains GetDomainDetail {"DomainName": "whatisthetime.com"}
< {"AutoRenew": false, "Nameservers": [{"Name": "ns1.elsewhere.org"}, {"Name": "ns2.elsewhere.org"}]}
> route53domains UpdateTagsForDomain {"DomainName": "whatisthetime.com", "TagsToUpdate": [{"Key": "a", "Value": "b"}]}
< {}
> route53domains ListTagsForDomain {"DomainName": "whatisthetime.com"}
< {"TagList": [{"Key": "a", "Value": "b"}]}
> route53domains ListDomains {}
< {"Domains": [{"DomainName": "whatisthetime.com", "AutoRenew": false, "TransferLock": true}]}
> route53domains ListOperations {}
< {"Operations": [{"OperationId": "$operation", "Status": "SUCCESSFUL"}, {"OperationId": "$second", "Type": "UPDATE_NAMESERVER"}]}
> route53domains RenewDomain {"DomainName": "whatisthetime.com", "CurrentExpiryYear": 1999}
! InvalidInput CurrentExpiryYear
> route53domains DeleteDomain {"DomainName": "whatisthetime.com"}
< {"OperationId": "*"}
wait 6s
settle
> route53domains CheckDomainAvailability {"DomainName": "whatisthetime.com"}
< {"Availability": "AVAILABLE"}
> route53 GetHostedZone {"Id": "$zone"}
< {"HostedZone": {"Id": "$zone"}}
