//! Certificates of two centuries' halves, and what is none.

use super::{is_chain, is_private_key, not_after};

/// Valid until a moment before 2050: UTCTime.
const NEAR: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBgjCCASmgAwIBAgIUOQt2+mrQodPXJiPLb8KMU/B9hhkwCgYIKoZIzj0EAwIw\n\
FzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEyMTAxMTMyN1oXDTM2MTEx\n\
ODAxMTMyN1owFzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\n\
KoZIzj0DAQcDQgAEfQosD7ibpSBlVWRP1N21xnwwma0BTT7+u4TX7dy/b/MUiwQQ\n\
7CtNYaRY8AxqMZ/o01+OoqMoWdzBBPM6eLv2H6NTMFEwHQYDVR0OBBYEFDshgH2Q\n\
4V/u0OaMz23Pjmr7GViyMB8GA1UdIwQYMBaAFDshgH2Q4V/u0OaMz23Pjmr7GViy\n\
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgZm/+waOj0SScFs/A\n\
WccjUrqXitSDJKR4YzdxynMKmQwCIHIsZ+baPdSrevbtilrl6ton8Fkf8/mqC/59\n\
G8O3Oi1F\n\
-----END CERTIFICATE-----\n\
";
/// Valid until a moment after 2050: GeneralizedTime.
const FAR: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBhDCCASmgAwIBAgIUfugMbSRhsTl79mnVApNo8iykVD0wCgYIKoZIzj0EAwIw\n\
FjEUMBIGA1UEAwwLZmFyLmV4YW1wbGUwIBcNMjYxMTIxMDExMzI3WhgPMjA1OTA5\n\
MjkwMTEzMjdaMBYxFDASBgNVBAMMC2Zhci5leGFtcGxlMFkwEwYHKoZIzj0CAQYI\n\
KoZIzj0DAQcDQgAEh4FEDGJ1lwHn9WLpOyUWIFlsu6R0FnRFunnJbNTUQffXlJkO\n\
TNs+PHeMMA7bHgHrZny/kDlTlP8wxABPu1+CyKNTMFEwHQYDVR0OBBYEFG7ka+Pt\n\
rdXbWK6/QZYzSxu/0YgsMB8GA1UdIwQYMBaAFG7ka+PtrdXbWK6/QZYzSxu/0Ygs\n\
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAP+HIX/2oZI7G1ar\n\
JPn0GMiwg6vM1AjIOHmOv2q/KYQaAiEAj488jd9VzMzQFkfpdohwq3k6vwDzsc5e\n\
LkrYgwiQTj0=\n\
-----END CERTIFICATE-----\n\
";

#[test]
fn certificates_say_how_long_they_are_valid() {
    assert_eq!(not_after(NEAR), Some(2_110_583_607));
    assert_eq!(not_after(FAR), Some(2_832_023_607));
    assert!(is_chain(&format!("{NEAR}{FAR}")));
}

#[test]
fn what_is_no_certificate() {
    let cut = NEAR.replacen("MII", "MIIA", 1);
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    for text in ["", "text", empty, &cut, &NEAR[..200]] {
        assert_eq!(not_after(text), None, "{text}");
        assert!(!is_chain(text), "{text}");
    }
    assert!(!is_private_key(NEAR));
}

#[test]
fn no_bytes_are_too_strange() {
    let mut text = NEAR.as_bytes().to_vec();
    for at in 30..text.len() - 30 {
        let before = text[at];
        for other in [b'A', b'/', b'z', b'8'] {
            text[at] = other;
            // Whatever it says, it says it.
            let _ = not_after(std::str::from_utf8(&text).unwrap());
        }
        text[at] = before;
    }
    assert!(not_after(NEAR).is_some());
}
