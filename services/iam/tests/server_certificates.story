# Server certificates: what is not one is refused; the key never comes back.
> iam UploadServerCertificate {"ServerCertificateName": "shop", "CertificateBody": "nothing", "PrivateKey": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOjs8fN6bmfGke+bN\nsVTha0J/YfkuZ02mdz/nyshdbYChRANCAAR9CiwPuJulIGVVZE/U3bXGfDCZrQFN\nPv67hNft3L9v8xSLBBDsK01hpFjwDGoxn+jTX46ioyhZ3MEE8zp4u/Yf\n-----END PRIVATE KEY-----\n"}
! MalformedCertificate certificate
> iam UploadServerCertificate {"ServerCertificateName": "shop", "CertificateBody": "-----BEGIN CERTIFICATE-----\nMIIBgjCCASmgAwIBAgIUOQt2+mrQodPXJiPLb8KMU/B9hhkwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEyMTAxMTMyN1oXDTM2MTEx\nODAxMTMyN1owFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\nKoZIzj0DAQcDQgAEfQosD7ibpSBlVWRP1N21xnwwma0BTT7+u4TX7dy/b/MUiwQQ\n7CtNYaRY8AxqMZ/o01+OoqMoWdzBBPM6eLv2H6NTMFEwHQYDVR0OBBYEFDshgH2Q\n4V/u0OaMz23Pjmr7GViyMB8GA1UdIwQYMBaAFDshgH2Q4V/u0OaMz23Pjmr7GViy\nMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZm/+waOj0SScFs/A\nWccjUrqXitSDJKR4YzdxynMKmQwCIHIsZ+baPdSrevbtilrl6ton8Fkf8/mqC/59\nG8O3Oi1F\n-----END CERTIFICATE-----\n", "PrivateKey": "nothing"}
! MalformedCertificate private key
> iam UploadServerCertificate {"ServerCertificateName": "shop", "CertificateBody": "-----BEGIN CERTIFICATE-----\nMIIBgjCCASmgAwIBAgIUOQt2+mrQodPXJiPLb8KMU/B9hhkwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEyMTAxMTMyN1oXDTM2MTEx\nODAxMTMyN1owFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\nKoZIzj0DAQcDQgAEfQosD7ibpSBlVWRP1N21xnwwma0BTT7+u4TX7dy/b/MUiwQQ\n7CtNYaRY8AxqMZ/o01+OoqMoWdzBBPM6eLv2H6NTMFEwHQYDVR0OBBYEFDshgH2Q\n4V/u0OaMz23Pjmr7GViyMB8GA1UdIwQYMBaAFDshgH2Q4V/u0OaMz23Pjmr7GViy\nMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZm/+waOj0SScFs/A\nWccjUrqXitSDJKR4YzdxynMKmQwCIHIsZ+baPdSrevbtilrl6ton8Fkf8/mqC/59\nG8O3Oi1F\n-----END CERTIFICATE-----\n", "PrivateKey": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOjs8fN6bmfGke+bN\nsVTha0J/YfkuZ02mdz/nyshdbYChRANCAAR9CiwPuJulIGVVZE/U3bXGfDCZrQFN\nPv67hNft3L9v8xSLBBDsK01hpFjwDGoxn+jTX46ioyhZ3MEE8zp4u/Yf\n-----END PRIVATE KEY-----\n", "CertificateChain": "nothing"}
! MalformedCertificate chain
> iam UploadServerCertificate {"ServerCertificateName": "shop", "Path": "/cloudfront/", "CertificateBody": "-----BEGIN CERTIFICATE-----\nMIIBgjCCASmgAwIBAgIUOQt2+mrQodPXJiPLb8KMU/B9hhkwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEyMTAxMTMyN1oXDTM2MTEx\nODAxMTMyN1owFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\nKoZIzj0DAQcDQgAEfQosD7ibpSBlVWRP1N21xnwwma0BTT7+u4TX7dy/b/MUiwQQ\n7CtNYaRY8AxqMZ/o01+OoqMoWdzBBPM6eLv2H6NTMFEwHQYDVR0OBBYEFDshgH2Q\n4V/u0OaMz23Pjmr7GViyMB8GA1UdIwQYMBaAFDshgH2Q4V/u0OaMz23Pjmr7GViy\nMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZm/+waOj0SScFs/A\nWccjUrqXitSDJKR4YzdxynMKmQwCIHIsZ+baPdSrevbtilrl6ton8Fkf8/mqC/59\nG8O3Oi1F\n-----END CERTIFICATE-----\n", "PrivateKey": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOjs8fN6bmfGke+bN\nsVTha0J/YfkuZ02mdz/nyshdbYChRANCAAR9CiwPuJulIGVVZE/U3bXGfDCZrQFN\nPv67hNft3L9v8xSLBBDsK01hpFjwDGoxn+jTX46ioyhZ3MEE8zp4u/Yf\n-----END PRIVATE KEY-----\n", "Tags": [{"Key": "a", "Value": "b"}]}
< {"ServerCertificateMetadata": {"ServerCertificateName": "shop", "ServerCertificateId": "$id", "Expiration": "*", "Path": "/cloudfront/",
    "Arn": "arn:aws:iam::000000000000:server-certificate/cloudfront/shop"}, "Tags": [{"Key": "a", "Value": "b"}]}
> iam UploadServerCertificate {"ServerCertificateName": "Shop", "CertificateBody": "-----BEGIN CERTIFICATE-----\nMIIBgjCCASmgAwIBAgIUOQt2+mrQodPXJiPLb8KMU/B9hhkwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEyMTAxMTMyN1oXDTM2MTEx\nODAxMTMyN1owFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\nKoZIzj0DAQcDQgAEfQosD7ibpSBlVWRP1N21xnwwma0BTT7+u4TX7dy/b/MUiwQQ\n7CtNYaRY8AxqMZ/o01+OoqMoWdzBBPM6eLv2H6NTMFEwHQYDVR0OBBYEFDshgH2Q\n4V/u0OaMz23Pjmr7GViyMB8GA1UdIwQYMBaAFDshgH2Q4V/u0OaMz23Pjmr7GViy\nMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZm/+waOj0SScFs/A\nWccjUrqXitSDJKR4YzdxynMKmQwCIHIsZ+baPdSrevbtilrl6ton8Fkf8/mqC/59\nG8O3Oi1F\n-----END CERTIFICATE-----\n", "PrivateKey": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOjs8fN6bmfGke+bN\nsVTha0J/YfkuZ02mdz/nyshdbYChRANCAAR9CiwPuJulIGVVZE/U3bXGfDCZrQFN\nPv67hNft3L9v8xSLBBDsK01hpFjwDGoxn+jTX46ioyhZ3MEE8zp4u/Yf\n-----END PRIVATE KEY-----\n"}
! EntityAlreadyExists
crash
> iam GetServerCertificate {"ServerCertificateName": "shop"}
< {"ServerCertificate": {"ServerCertificateMetadata": {"ServerCertificateId": "$id"}, "CertificateChain": "!absent", "PrivateKey": "!absent"}}
> iam ListServerCertificates {"PathPrefix": "/other/"}
< {"ServerCertificateMetadataList": [], "IsTruncated": false}
> iam UpdateServerCertificate {"ServerCertificateName": "shop", "NewServerCertificateName": "store", "NewPath": "/"}
< {}
> iam ListServerCertificates {}
< {"ServerCertificateMetadataList": [{"ServerCertificateName": "store", "ServerCertificateId": "$id", "Path": "/"}]}
> iam ListServerCertificateTags {"ServerCertificateName": "store"}
< {"Tags": [{"Key": "a", "Value": "b"}]}
> iam DeleteServerCertificate {"ServerCertificateName": "shop"}
! NoSuchEntity
> iam DeleteServerCertificate {"ServerCertificateName": "store"}
< {}
