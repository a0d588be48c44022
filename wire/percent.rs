//! Percent-encoding (RFC 3986 section 2), and the `+` of forms.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Decodes `%41`; `+` too when `plus` is set. Bytes that are not UTF-8 are replaced, and a lone `%`
/// stays, as servers of AWS do.
pub fn decode(text: &str, plus: bool) -> String {
    if !text.bytes().any(|byte| byte == b'%' || plus && byte == b'+') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes.get(at + 1).and_then(hex), bytes.get(at + 2).and_then(hex));
        match (bytes[at], pair) {
            (b'%', (Some(high), Some(low))) => {
                out.push(high << 4 | low);
                at += 2;
            }
            (b'+', _) if plus => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into())
}

/// Encodes all but the unreserved letters; slashes too unless `slashes` keeps them.
pub fn encode(text: &str, slashes: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte.into());
            }
            b'/' if slashes => out.push('/'),
            _ => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)].into());
                out.push(HEX[usize::from(byte & 15)].into());
            }
        }
    }
    out
}

fn hex(byte: &u8) -> Option<u8> {
    (*byte as char).to_digit(16).map(|digit| digit as u8)
}
