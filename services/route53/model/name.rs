//! Names of domains as Route 53 writes them: lower case, rare characters as octal escapes, with a
//! last dot (developer guide, "DNS domain name format").

/// Bytes of one label (RFC 1035, 2.3.4).
const LABEL: usize = 63;

/// Bytes of a whole name with its dots.
const NAME: usize = 255;

/// The labels of a name in their raw bytes, or Route 53's words for what is wrong with it.
fn labels(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let fatal = |what: &str| Err(format!("FATAL problem: {what} encountered with '{text}'"));
    let bytes = text.strip_suffix('.').unwrap_or(text).as_bytes();
    let (mut all, mut label, mut at) = (Vec::new(), Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'.' => all.push(std::mem::take(&mut label)),
            b'\\' => match octal(&bytes[at + 1..]) {
                Some(byte) => {
                    label.push(byte);
                    at += 3;
                }
                None => label.push(b'\\'),
            },
            byte if byte.is_ascii_graphic() => label.push(byte),
            _ => return fatal("UnsupportedCharacter (Value contains unsupported characters)"),
        }
        at += 1;
    }
    all.push(label);
    if all.iter().any(Vec::is_empty) {
        return fatal("DomainLabelEmpty (Domain label is empty)");
    }
    if all.iter().any(|label| label.len() > LABEL) {
        return fatal("DomainLabelTooLong (Domain label is too long)");
    }
    if all.iter().map(|label| label.len() + 1).sum::<usize>() > NAME {
        return fatal("DomainNameTooLong (Domain name is too long)");
    }
    Ok(all)
}

fn octal(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.get(..3)?;
    let text = std::str::from_utf8(digits).ok()?;
    u8::from_str_radix(text, 8).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))
}

/// A name as Route 53 answers it, or its words for what is wrong.
pub fn normal(text: &str) -> Result<String, String> {
    let labels = labels(text)?;
    let mut text = String::new();
    for label in &labels {
        for byte in label {
            match byte.to_ascii_lowercase() {
                plain @ (b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_') => text.push(char::from(plain)),
                other => text.push_str(&format!("\\{other:03o}")),
            }
        }
        text.push('.');
    }
    Ok(text)
}

/// Text that sorts as Route 53 sorts names: by the last label first. Only for normal names.
pub fn sort_key(name: &str) -> String {
    let mut labels: Vec<&str> = name.trim_end_matches('.').split('.').collect();
    labels.reverse();
    // Lower than any character of a name.
    labels.join(" ")
}

/// Whether a normal name is this domain or below it.
pub fn within(name: &str, domain: &str) -> bool {
    name == domain || name.strip_suffix(domain).is_some_and(|front| front.ends_with('.'))
}
