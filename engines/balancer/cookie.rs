//! Stickiness cookies: which target or pool, until when, sealed so that only the balancer's own
//! nodes can make them. What they name is a keyed digest, so they tell nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Eight bytes of tag, eight of end in seconds (masked), sixteen of seal.
const BYTES: usize = 8 + 8 + 16;

/// What cookies of one balancer are sealed with.
#[derive(Clone)]
pub(crate) struct Seal {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    pub fn new(secret: &str, name: &str) -> Seal {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .expect("HMAC takes keys of any length (RFC 2104)");
        mac.update(b"balancer 1\0");
        mac.update(name.as_bytes());
        mac.update(b"\0");
        Seal { mac }
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// What stands for a target or pool in cookies.
    pub fn tag(&self, what: &str, more: &str) -> [u8; 8] {
        let digest = self.digest(&[b"tag", what.as_bytes(), more.as_bytes()]);
        digest[..8].try_into().expect("a digest has 32 bytes")
    }

    /// A cookie of this name for `tag` that is good until `end`, seconds since 1970. `bound` is
    /// what it is tied to beside that (an application's cookie), or empty.
    pub fn issue(&self, name: &str, tag: [u8; 8], end: u64, bound: &[u8]) -> String {
        let seal = self.digest(&[name.as_bytes(), &tag, &end.to_be_bytes(), bound]);
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend_from_slice(&seal[..16]);
        bytes.extend_from_slice(&self.masked(&seal[..16], tag, end));
        STANDARD.encode(bytes)
    }

    /// The tag of a cookie that is sealed by us and good at `now`.
    pub fn check(&self, name: &str, cookie: &[u8], now: u64, bound: &[u8]) -> Option<[u8; 8]> {
        if cookie.len() != BYTES.div_ceil(3) * 4 {
            return None;
        }
        let bytes = STANDARD.decode(cookie).ok()?;
        let (seal, masked) = bytes.split_at_checked(16)?;
        let mut plain = [0; 16];
        plain.copy_from_slice(masked.get(..16)?);
        self.mask(seal, &mut plain);
        let tag: [u8; 8] = plain[..8].try_into().ok()?;
        let end = u64::from_be_bytes(plain[8..].try_into().ok()?);
        let want = self.digest(&[name.as_bytes(), &tag, &end.to_be_bytes(), bound]);
        let same: bool = want[..16].ct_eq(seal).into();
        (same && now < end).then_some(tag)
    }

    fn masked(&self, seal: &[u8], tag: [u8; 8], end: u64) -> [u8; 16] {
        let mut plain = [0; 16];
        plain[..8].copy_from_slice(&tag);
        plain[8..].copy_from_slice(&end.to_be_bytes());
        self.mask(seal, &mut plain);
        plain
    }

    fn mask(&self, seal: &[u8], plain: &mut [u8; 16]) {
        let mask = self.digest(&[b"mask", seal]);
        plain.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
}

/// What the cookie is called that brings a client back to its target: for a time, or for as long as
/// an application's own.
pub(crate) fn name(classic: bool, application: bool) -> &'static str {
    match (classic, application) {
        (true, _) => "AWSELB",
        (false, false) => "AWSALB",
        (false, true) => "AWSALBAPP-0",
    }
}

/// What its twin for requests from other sites is called.
pub(crate) fn twin(name: &str) -> String {
    match name.strip_prefix("AWSALBAPP-") {
        Some(number) => format!("AWSALBAPPCORS-{number}"),
        None => format!("{name}CORS"),
    }
}

/// The value of the cookie of this name among Cookie headers.
pub(crate) fn find<'a>(lines: &'a [httparse::Header<'a>], name: &str) -> Option<&'a [u8]> {
    let cookies = lines.iter().filter(|line| line.name.eq_ignore_ascii_case("cookie"));
    let mut pairs = cookies.flat_map(|line| line.value.split(|byte| *byte == b';'));
    pairs.find_map(|pair| {
        let pair = pair.trim_ascii();
        pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")
    })
}
