//! `trust`: the certificate of the region's own authority, for clients that shall believe it.

use crate::client::Client;
use crate::trouble::Trouble;
use linux::State;
use serde_json::json;
use std::fs;
use std::path::Path;

/// Where distributions keep the certificates that everybody trusts.
const BUNDLES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Prints the authority's certificate, or writes a bundle: everybody's and this one.
pub(crate) fn trust(state: &State, bundle: Option<&Path>) -> Result<(), Trouble> {
    let authority = authority(&Client::of(state)?)?;
    let Some(path) = bundle else {
        println!("{}", authority.trim_end());
        return Ok(());
    };
    let known = BUNDLES.iter().find_map(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    fs::write(path, format!("{known}\n{authority}"))
        .map_err(|error| Trouble::new(format!("{}: {error}", path.display())))?;
    let path = path.display();
    eprintln!("Clients that read {path} believe this region's certificates:");
    println!("export SSL_CERT_FILE={path} CURL_CA_BUNDLE={path} REQUESTS_CA_BUNDLE={path}");
    Ok(())
}

/// The end of the chain of any certificate that the authority has issued.
fn authority(client: &Client) -> Result<String, Trouble> {
    let call = |operation: &str, body| {
        client.json("acm", &format!("CertificateManager.{operation}"), &body)
    };
    // Without the key types ACM lists RSA certificates only; the authority's are elliptic.
    let kinds = json!({"keyTypes": ["EC_prime256v1"]});
    let issued = json!({"CertificateStatuses": ["ISSUED"], "Includes": kinds});
    let listed = call("ListCertificates", issued)?;
    for one in listed["CertificateSummaryList"].as_array().into_iter().flatten() {
        if one["Type"] != "AMAZON_ISSUED" {
            continue;
        }
        let whole = call("GetCertificate", json!({"CertificateArn": one["CertificateArn"]}))?;
        let chain = whole["CertificateChain"].as_str().unwrap_or_default();
        if let Some(at) = chain.rfind("-----BEGIN CERTIFICATE-----") {
            return Ok(format!("{}\n", chain[at..].trim_end()));
        }
    }
    let region = std::env::var("AWS_DEFAULT_REGION");
    let region = region.unwrap_or_else(|_| region::zone::HOME.to_owned());
    Err(Trouble::new(format!(
        "the authority of {region} has issued nothing yet; ask for a certificate first: \
         aws acm request-certificate --domain-name www.example.com --validation-method DNS"
    )))
}
