//! What the region's own authority issues: for how long, and under whose name.

use super::make::{self, Order};
use super::read;
use super::{Authority, Certificate};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use world::Span;

/// ACM's certificates are good for so many days (ACM guide, "Certificate characteristics").
const DAYS: u64 = 395;
/// Renewal begins so many days before the end (ACM guide, "Managed certificate renewal").
const RENEWED: u64 = 60;
/// The authority is good for so many days.
const AUTHORITY_DAYS: u64 = 3650;
const DAY: u64 = 86_400;

/// From a request to its certificate. AWS waits for a CNAME record that shows control over the
/// name; here nobody can claim another's name, and validation takes this long, whatever records
/// there are.
pub(crate) const VALIDATION: Span = Span::seconds(1);

/// How the authority of an account and region calls itself, RFC 4514.
pub(crate) fn authority_name(account: &str, region: &str) -> String {
    format!("CN=Maquette {region} {account},O=Maquette")
}

/// A new authority, from thirty-two and sixteen bytes of chance.
pub(crate) fn authority(
    name: &str,
    now: u64,
    key: [u8; 32],
    serial: [u8; 16],
) -> Option<Authority> {
    let key = make::key(key)?;
    let (from, until) = (now / DAY * DAY, now + AUTHORITY_DAYS * DAY);
    let order =
        Order { subject: name.to_owned(), names: &[], key: &key, by: None, from, until, serial };
    let certificate = make::certificate(&order)?;
    Some(Authority { certificate, key })
}

/// Issues a certificate for its names, or issues it anew, with the key that it has.
pub(crate) fn issue(
    certificate: &mut Certificate,
    authority: &Authority,
    now: u64,
    serial: [u8; 16],
) -> Option<()> {
    let by = read::chain(&authority.certificate)?.pop()?;
    let order = Order {
        subject: format!("CN={}", common(&certificate.names)?),
        names: &certificate.names,
        key: &certificate.key,
        by: Some((&by.subject, &authority.key)),
        from: now / DAY * DAY,
        until: now / DAY * DAY + DAYS * DAY,
        serial,
    };
    let body = make::certificate(&order)?;
    let read = read::chain(&body)?.pop()?;
    certificate.subject = read.subject;
    certificate.issuer = read.issuer;
    certificate.serial = read.serial;
    certificate.not_before = read.not_before;
    certificate.not_after = read.not_after;
    certificate.signature_algorithm = read.signature_algorithm;
    certificate.key_algorithm = read.key_algorithm?.into();
    certificate.body = body;
    certificate.chain = authority.certificate.clone();
    Some(())
}

/// A common name has 64 characters at most (RFC 5280, upper bounds).
fn common(names: &[String]) -> Option<&str> {
    names.iter().map(String::as_str).find(|name| name.len() <= 64)
}

/// Seconds since 1970 at which a certificate is renewed.
pub(crate) fn renewal(certificate: &Certificate) -> u64 {
    (certificate.not_after.max(0) as u64).saturating_sub(RENEWED * DAY)
}

/// Name and value of the CNAME record that shows control over a name: the same for a name and its
/// wildcard, and each time that an account asks.
pub(crate) fn proof(account: &str, name: &str) -> (String, String) {
    let apex = name.strip_prefix("*.").unwrap_or(name);
    let hash = |salt: &str| {
        let digest = Sha256::digest(format!("{salt} {account} {apex}"));
        digest.iter().take(16).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    let letters = hash("zone");
    let letter = |digit: u8| (b'a' + digit % 26) as char;
    let zone: String = letters.bytes().take(10).map(letter).collect();
    (
        format!("_{}.{apex}.", hash("name")),
        format!("_{}.{zone}.acm-validations.aws.", hash("value")),
    )
}
