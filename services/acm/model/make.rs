//! Makes keys and certificates. All chance comes from the caller.

use p256::SecretKey;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use std::str::FromStr;
use std::time::Duration;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder, Result};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::EncodePem;
use x509_cert::der::asn1::Ia5String;
use x509_cert::der::oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

/// A certificate to be made.
pub(crate) struct Order<'a> {
    /// `CN=example.com`; RFC 4514.
    pub(crate) subject: String,
    /// Names it is for; none makes an authority.
    pub(crate) names: &'a [String],
    /// Its key, PEM (PKCS#8).
    pub(crate) key: &'a str,
    /// Who signs: subject and key; none signs itself.
    pub(crate) by: Option<(&'a str, &'a str)>,
    /// Seconds since 1970.
    pub(crate) from: u64,
    /// Seconds since 1970.
    pub(crate) until: u64,
    /// Sixteen bytes of chance.
    pub(crate) serial: [u8; 16],
}

/// A P-256 key from thirty-two bytes of chance, PEM (PKCS#8). None for the few that are no key.
pub(crate) fn key(chance: [u8; 32]) -> Option<String> {
    let key = SecretKey::from_slice(&chance).ok()?;
    Some(key.to_pkcs8_pem(LineEnding::LF).ok()?.to_string())
}

/// The certificate, PEM. None where a name cannot be in a certificate.
pub(crate) fn certificate(order: &Order) -> Option<String> {
    let own = SecretKey::from_pkcs8_pem(order.key).ok()?;
    let spki = SubjectPublicKeyInfo::from_key(&own.public_key()).ok()?;
    let subject = Name::from_str(&order.subject).ok()?;
    let (issuer, key) = order.by.unwrap_or((&order.subject, order.key));
    let profile =
        Profile { subject, issuer: Name::from_str(issuer).ok()?, names: order.names.to_vec() };
    let moment = |seconds| Some(Time::UtcTime(at(seconds)?));
    let validity = Validity::new(moment(order.from)?, moment(order.until)?);
    // A serial number is positive and has at most twenty octets (RFC 5280 section 4.1.2.2).
    let mut serial = order.serial;
    serial[0] = serial[0] & 0x7F | 0x40;
    let serial = SerialNumber::new(&serial).ok()?;
    sign(profile, serial, validity, spki, key)
}

fn at(seconds: u64) -> Option<x509_cert::der::asn1::UtcTime> {
    x509_cert::der::asn1::UtcTime::from_unix_duration(Duration::from_secs(seconds)).ok()
}

fn sign(
    profile: Profile,
    serial: SerialNumber,
    validity: Validity,
    spki: SubjectPublicKeyInfoOwned,
    key: &str,
) -> Option<String> {
    let signer = SigningKey::from(SecretKey::from_pkcs8_pem(key).ok()?);
    let builder = CertificateBuilder::new(profile, serial, validity, spki).ok()?;
    let certificate = builder.build::<_, DerSignature>(&signer).ok()?;
    certificate.to_pem(LineEnding::LF).ok()
}

struct Profile {
    subject: Name,
    issuer: Name,
    names: Vec<String>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        spki: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> Result<Vec<Extension>> {
        let mut all: Vec<Extension> = Vec::new();
        let subject = tbs.subject();
        let authority = self.names.is_empty();
        let path_len_constraint = authority.then_some(0);
        let basic = BasicConstraints { ca: authority, path_len_constraint };
        all.push(basic.to_extension(subject, &all)?);
        let usage = if authority {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else {
            KeyUsages::DigitalSignature.into()
        };
        all.push(KeyUsage(usage).to_extension(subject, &all)?);
        all.push(SubjectKeyIdentifier::try_from(spki)?.to_extension(subject, &all)?);
        all.push(AuthorityKeyIdentifier::try_from(issuer)?.to_extension(subject, &all)?);
        if !authority {
            let usage = ExtendedKeyUsage(vec![ID_KP_SERVER_AUTH, ID_KP_CLIENT_AUTH]);
            all.push(usage.to_extension(subject, &all)?);
            let mut names = Vec::new();
            for name in &self.names {
                names.push(GeneralName::DnsName(Ia5String::new(name)?));
            }
            all.push(SubjectAltName(names).to_extension(subject, &all)?);
        }
        Ok(all)
    }
}
