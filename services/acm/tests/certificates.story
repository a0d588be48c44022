# A certificate is asked for, issued, tagged, renewed, and deleted.
> acm RequestCertificate {"DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com"], "ValidationMethod": "DNS",
    "IdempotencyToken": "t1", "Tags": [{"Key": "a", "Value": "1"}]}
< {"CertificateArn": "$arn"}
> acm RequestCertificate {"DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com"], "ValidationMethod": "DNS", "IdempotencyToken": "t1"}
< {"CertificateArn": "$arn"}
> acm DescribeCertificate {"CertificateArn": "$arn"}
< {"Certificate": {"Status": "PENDING_VALIDATION", "Type": "AMAZON_ISSUED", "DomainName": "example.com", "SubjectAlternativeNames": ["example.com", "*.example.com"],
    "NotAfter": "!absent", "DomainValidationOptions": [
    {"DomainName": "example.com", "ValidationMethod": "DNS", "ValidationStatus": "PENDING_VALIDATION", "ResourceRecord": {"Name": "$name", "Type": "CNAME", "Value": "$value"}},
    {"DomainName": "*.example.com", "ResourceRecord": {"Name": "$name", "Type": "CNAME", "Value": "$value"}}]}}
> acm GetCertificate {"CertificateArn": "$arn"}
! RequestInProgressException
wait 1100ms
> acm DescribeCertificate {"CertificateArn": "$arn"}
< {"Certificate": {"Status": "ISSUED", "NotAfter": "*", "NotBefore": "*", "IssuedAt": "*", "Serial": "$serial", "InUseBy": [], "KeyAlgorithm": "EC-prime256v1",
    "SignatureAlgorithm": "SHA256WITHECDSA", "Subject": "CN=example.com", "RenewalEligibility": "INELIGIBLE"}}
> acm GetCertificate {"CertificateArn": "$arn"}
< {"Certificate": "$body", "CertificateChain": "$ca"}
crash
> acm GetCertificate {"CertificateArn": "$arn"}
< {"Certificate": "$body", "CertificateChain": "$ca"}
> acm RequestCertificate {"DomainName": "other.example.org"}
< {"CertificateArn": "$second"}
wait 2s
> acm GetCertificate {"CertificateArn": "$second"}
< {"CertificateChain": "$ca"}
> acm ListCertificates {}
< {"CertificateSummaryList": [{"CertificateArn": "$arn"}, {"CertificateArn": "$second"}]}
> acm ListCertificates {"MaxItems": 1}
< {"CertificateSummaryList": [{"CertificateArn": "$arn"}], "NextToken": "$next"}
> acm ListCertificates {"MaxItems": 1, "NextToken": "$next"}
< {"CertificateSummaryList": [{"CertificateArn": "$second"}], "NextToken": "!absent"}
> acm ListTagsForCertificate {"CertificateArn": "$arn"}
< {"Tags": [{"Key": "a", "Value": "1"}]}
> acm RemoveTagsFromCertificate {"CertificateArn": "$arn", "Tags": [{"Key": "a", "Value": "2"}]}
< {}
> acm AddTagsToCertificate {"CertificateArn": "$arn", "Tags": [{"Key": "b", "Value": "2"}]}
< {}
> acm ListTagsForCertificate {"CertificateArn": "$arn"}
< {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}
# Sixty days before its end it is renewed by itself.
wait 336d
> acm DescribeCertificate {"CertificateArn": "$arn"}
< {"Certificate": {"Status": "ISSUED", "Serial": "$new", "RenewalSummary": {"RenewalStatus": "SUCCESS"}}}
> acm RequestCertificate {"DomainName": "localhost"}
! ValidationException The domain name 'localhost' is not a fully qualified domain name
> acm RequestCertificate {"DomainName": "a.example.com", "KeyAlgorithm": "RSA_4096"}
! NotImplemented The key algorithm RSA_4096
> acm ImportCertificate {"Certificate": "aGk=", "PrivateKey": "aGk="}
! ValidationException The certificate is not in a valid PEM format.
> acm DescribeCertificate {"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/none"}
! ResourceNotFoundException
> acm DescribeCertificate {"CertificateArn": "arn:aws:sns:us-east-1:000000000000:x:12345678901234"}
! InvalidArnException
> acm GetAccountConfiguration {}
< {"ExpiryEvents": {"DaysBeforeExpiry": 45}}
> acm DeleteCertificate {"CertificateArn": "$arn"}
< {}
> acm DescribeCertificate {"CertificateArn": "$arn"}
! ResourceNotFoundException Could not find certificate $arn.
