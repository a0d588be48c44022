//! PEM and as much of X.509 as is needed to know until when a certificate is valid. Checks no
//! signature.

use shape::base64;

#[cfg(test)]
mod tests;

/// The bytes of the first block of this label: `CERTIFICATE`.
fn block(pem: &str, label: &str) -> Option<Vec<u8>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let text = pem.split_once(&begin)?.1.split_once(&end)?.0;
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    base64::decode(&digits)
}

/// Whether this is a private key without a passphrase.
pub(crate) fn is_private_key(pem: &str) -> bool {
    let labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
    labels.iter().any(|label| block(pem, label).is_some_and(|bytes| bytes.first() == Some(&0x30)))
}

/// Whether this is a chain of certificates.
pub(crate) fn is_chain(pem: &str) -> bool {
    let mut rest = pem.trim();
    let end = "-----END CERTIFICATE-----";
    while let Some((one, behind)) = rest.split_once(end) {
        if not_after(&format!("{one}{end}")).is_none() {
            return false;
        }
        rest = behind.trim();
    }
    rest.is_empty() && !pem.trim().is_empty()
}

/// Seconds since 1970 after which the certificate is not valid.
pub(crate) fn not_after(pem: &str) -> Option<i64> {
    let der = block(pem, "CERTIFICATE")?;
    let (_, certificate, _) = element(&der)?;
    let (_, mut fields, _) = element(certificate)?;
    // version (optional), serial number, algorithm, issuer, validity (RFC 5280, 4.1)
    if element(fields)?.0 == 0xA0 {
        fields = element(fields)?.2;
    }
    for _ in 0..3 {
        fields = element(fields)?.2;
    }
    let (tag, validity, _) = element(fields)?;
    let (_, _, rest) = element(validity).filter(|_| tag == 0x30)?;
    let (tag, text, _) = element(rest)?;
    moment(tag, std::str::from_utf8(text).ok()?)
}

/// The first element of DER: its tag, its contents, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7F);
        if count == 0 || count > 4 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

/// UTCTime (`YYMMDDHHMMSSZ`) or GeneralizedTime (`YYYYMMDDHHMMSSZ`).
fn moment(tag: u8, text: &str) -> Option<i64> {
    let whole = match tag {
        0x17 if text.is_ascii() && text.len() == 13 => {
            // Two digits from 50 on are of the last century (RFC 5280, 4.1.2.5.1).
            let century = if &text[..2] < "50" { "20" } else { "19" };
            format!("{century}{text}")
        }
        0x18 if text.is_ascii() && text.len() == 15 => text.to_owned(),
        _ => return None,
    };
    let (date, time) = (&whole[..8], &whole[8..14]);
    let iso = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..8],
        &time[..2],
        &time[2..4],
        &time[4..6]
    );
    shape::Timestamp::parse(&iso).map(|at| at.seconds())
}
