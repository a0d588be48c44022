//! Questions about certificates that more than one room asks. Nothing here changes anything.

use super::{Authority, Certificate, Status, Use};
use region::{Arn, Key, Scope, Store};

/// A certificate that a listener can show.
#[derive(Clone, PartialEq, Eq)]
pub struct Usable {
    /// Names it is for.
    pub names: Vec<String>,
    /// PEM, leaf first.
    pub chain: String,
    /// PEM (PKCS#8).
    pub key: String,
}

/// The ARN of a certificate.
pub fn arn(scope: &Scope, id: &str) -> String {
    scope.arn("acm", &format!("certificate/{id}"))
}

/// The key of what an ARN names; none when it is no certificate's.
pub fn key(arn: &str) -> Option<Key> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "acm")?;
    let id = arn.resource.strip_prefix("certificate/")?;
    Some(Key::new(&Scope::new(arn.account, arn.region), id))
}

/// The certificate of an ARN, if it exists and was issued.
pub fn usable(store: &Store, arn: &str) -> Option<Usable> {
    let certificate = store.get::<Certificate>(&key(arn)?)?;
    let issued = certificate.status == Status::Issued;
    issued.then(|| Usable {
        names: certificate.names.clone(),
        chain: format!("{}{}", certificate.body, certificate.chain),
        key: certificate.key.clone(),
    })
}

/// The certificate (PEM) of the authority that issues certificates in an account and region; none
/// until the first is asked for.
pub fn authority(store: &Store, scope: &Scope) -> Option<String> {
    let authority = store.get::<Authority>(&Key::new(scope, "authority"))?;
    Some(authority.certificate.clone())
}

/// The ARNs of what uses a certificate.
pub fn users(store: &Store, scope: &Scope, arn: &str) -> Vec<String> {
    let all = store.list::<Use>(scope).filter_map(|(_, one)| one.used.get(arn));
    let mut all: Vec<String> = all.flatten().cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// A certificate that another room keeps (PEM body, chain and unencrypted key), as a listener
/// needs it. None when it cannot be read.
pub fn foreign(body: &str, chain: Option<&str>, key: &str) -> Option<Usable> {
    let leaf = super::read::chain(body)?.into_iter().next()?;
    let names = if leaf.names.is_empty() { leaf.common.into_iter().collect() } else { leaf.names };
    let chain = format!("{}\n{}\n", body.trim(), chain.unwrap_or_default().trim());
    Some(Usable { names, chain, key: super::read::key(key)?.pem })
}
