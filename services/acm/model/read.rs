//! Reads certificates and keys that customers bring (RFC 5280, RFC 5958, RFC 8017, RFC 5915).

use p256::pkcs8::{DecodePrivateKey, LineEnding};
use x509_cert::Certificate;
use x509_cert::der::asn1::{AnyRef, ContextSpecific, OctetStringRef, UintRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, DecodePem, Encode, SliceReader, Tag, TagNumber, pem};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// What is read off a certificate.
pub(crate) struct Read {
    /// RFC 4514, the order of the certificate.
    pub(crate) subject: String,
    /// The subject's common name.
    pub(crate) common: Option<String>,
    /// The issuer's common name, or organisation.
    pub(crate) issuer: String,
    /// Whether subject and issuer are the same.
    pub(crate) self_signed: bool,
    /// Names it is for.
    pub(crate) names: Vec<String>,
    /// Bytes in hexadecimal, with colons.
    pub(crate) serial: String,
    /// Seconds since 1970.
    pub(crate) not_before: i64,
    /// Seconds since 1970.
    pub(crate) not_after: i64,
    /// `RSA_2048`; none for what is not supported.
    pub(crate) key_algorithm: Option<&'static str>,
    /// `SHA256WITHRSA`
    pub(crate) signature_algorithm: String,
    /// The bits of its public key.
    pub(crate) public: Vec<u8>,
    issuer_name: Vec<u8>,
    subject_name: Vec<u8>,
}

impl Read {
    /// Whether the other one is, by its name, the one that signed this.
    pub(crate) fn issued_by(&self, other: &Read) -> bool {
        self.issuer_name == other.subject_name
    }
}

/// Certificates of a PEM text, in order. None when one cannot be read or there is none.
pub(crate) fn chain(text: &str) -> Option<Vec<Read>> {
    let all: Option<Vec<Read>> = blocks(text).map(|block| one(&block)).collect();
    all.filter(|all| !all.is_empty())
}

/// The PEM blocks of a text.
fn blocks(text: &str) -> impl Iterator<Item = String> {
    const END: &str = "-----END CERTIFICATE-----";
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        let begin = rest.find("-----BEGIN ").filter(|_| !rest.is_empty())?;
        let end = rest.find(END).map_or(rest.len(), |end| end + END.len());
        let block = rest.get(begin..end)?;
        rest = rest[end..].trim();
        Some(format!("{block}\n"))
    })
}

fn one(block: &str) -> Option<Read> {
    let certificate = Certificate::from_pem(block).ok()?;
    let tbs = certificate.tbs_certificate();
    let names = match tbs.get_extension::<SubjectAltName>() {
        Ok(Some((_, SubjectAltName(names)))) => names,
        Ok(None) => Vec::new(),
        Err(_) => return None,
    };
    let dns = |name: GeneralName| match name {
        GeneralName::DnsName(name) => Some(name.as_str().to_owned()),
        _ => None,
    };
    let text = |name: &x509_cert::name::Name| name.to_string();
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs() as i64;
    let serial: Vec<String> =
        tbs.serial_number().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let spki = tbs.subject_public_key_info();
    let common = |name: &x509_cert::name::Name| {
        name.common_name().ok().flatten().map(|name| name.value().into_owned())
    };
    let organisation = tbs.issuer().organization().ok().flatten();
    let organisation = organisation.map(|name| name.value().into_owned());
    Some(Read {
        subject: text(tbs.subject()),
        common: common(tbs.subject()),
        issuer: organisation.or_else(|| common(tbs.issuer())).unwrap_or_default(),
        self_signed: tbs.subject() == tbs.issuer(),
        names: names.into_iter().filter_map(dns).collect(),
        serial: serial.join(":"),
        not_before: seconds(tbs.validity().not_before),
        not_after: seconds(tbs.validity().not_after),
        key_algorithm: algorithm(
            spki.algorithm.oid,
            spki.algorithm.parameters.as_ref().and_then(|any| any.decode_as().ok()),
            spki.subject_public_key.raw_bytes(),
        ),
        signature_algorithm: signature(certificate.signature_algorithm().oid),
        public: spki.subject_public_key.raw_bytes().to_vec(),
        issuer_name: tbs.issuer().to_der().ok()?,
        subject_name: tbs.subject().to_der().ok()?,
    })
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

fn algorithm(
    oid: ObjectIdentifier,
    curve: Option<ObjectIdentifier>,
    public: &[u8],
) -> Option<&'static str> {
    if oid == EC {
        return match curve?.to_string().as_str() {
            "1.2.840.10045.3.1.7" => Some("EC_prime256v1"),
            "1.3.132.0.34" => Some("EC_secp384r1"),
            "1.3.132.0.35" => Some("EC_secp521r1"),
            _ => None,
        };
    }
    if oid != RSA {
        return None;
    }
    // RSAPublicKey (RFC 8017 appendix A.1.1).
    let sequence = AnyRef::from_der(public).ok()?;
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?;
    match modulus.as_bytes().len() * 8 {
        1024 => Some("RSA_1024"),
        2048 => Some("RSA_2048"),
        3072 => Some("RSA_3072"),
        4096 => Some("RSA_4096"),
        _ => None,
    }
}

/// As ACM shows it.
fn signature(oid: ObjectIdentifier) -> String {
    let name = match oid.to_string().as_str() {
        "1.2.840.113549.1.1.5" => "SHA1WITHRSA",
        "1.2.840.113549.1.1.11" => "SHA256WITHRSA",
        "1.2.840.113549.1.1.12" => "SHA384WITHRSA",
        "1.2.840.113549.1.1.13" => "SHA512WITHRSA",
        "1.2.840.10045.4.3.2" => "SHA256WITHECDSA",
        "1.2.840.10045.4.3.3" => "SHA384WITHECDSA",
        "1.2.840.10045.4.3.4" => "SHA512WITHECDSA",
        other => return other.to_owned(),
    };
    name.to_owned()
}

/// A private key that was read.
pub(crate) struct Key {
    /// PEM (PKCS#8).
    pub(crate) pem: String,
    /// The bits of its public key; none where the key does not say.
    pub(crate) public: Option<Vec<u8>>,
}

/// Reads an unencrypted private key: PKCS#8, PKCS#1 (RSA) or SEC1 (EC).
pub(crate) fn key(text: &str) -> Option<Key> {
    let begin = text.find("-----BEGIN ")?;
    // OpenSSL writes the curve before the key.
    let begin = text.find("-----BEGIN EC PRIVATE KEY").unwrap_or(begin);
    let block = format!("{}\n", text[begin..].trim());
    let (label, der) = pem::decode_vec(block.as_bytes()).ok()?;
    let wrapped = match label {
        "PRIVATE KEY" => der,
        "RSA PRIVATE KEY" => wrap(RSA, &[0x05, 0x00], &der)?,
        "EC PRIVATE KEY" => {
            let curve = ec(&der)?.curve?;
            wrap(EC, &curve.to_der().ok()?, &der)?
        }
        _ => return None,
    };
    let public = public(&wrapped);
    let pem = pem::encode_string("PRIVATE KEY", LineEnding::LF, &wrapped).ok()?;
    Some(Key { pem, public })
}

/// PrivateKeyInfo (RFC 5958) around a key.
fn wrap(oid: ObjectIdentifier, parameters: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let algorithm = sequence(&[oid.to_der().ok()?, parameters.to_vec()].concat())?;
    let key = OctetStringRef::new(key).ok()?.to_der().ok()?;
    sequence(&[vec![0x02, 0x01, 0x00], algorithm, key].concat())
}

fn sequence(content: &[u8]) -> Option<Vec<u8>> {
    AnyRef::new(Tag::Sequence, content).ok()?.to_der().ok()
}

/// The bits of the public key of a PrivateKeyInfo.
fn public(wrapped: &[u8]) -> Option<Vec<u8>> {
    if let Ok(key) = p256::SecretKey::from_pkcs8_der(wrapped) {
        return Some(key.public_key().to_sec1_bytes().to_vec());
    }
    let whole = AnyRef::from_der(wrapped).ok()?;
    let mut reader = SliceReader::new(whole.value()).ok()?;
    AnyRef::decode(&mut reader).ok()?;
    let algorithm = AnyRef::decode(&mut reader).ok()?;
    let oid = {
        let mut inner = SliceReader::new(algorithm.value()).ok()?;
        ObjectIdentifier::decode(&mut inner).ok()?
    };
    let key = <&OctetStringRef>::decode(&mut reader).ok()?;
    if oid == EC {
        return ec(key.as_bytes())?.public;
    }
    // RSAPrivateKey begins with version, modulus and exponent (RFC 8017 appendix A.1.2).
    let inner = AnyRef::from_der(key.as_bytes()).ok()?;
    let mut reader = SliceReader::new(inner.value()).ok()?;
    AnyRef::decode(&mut reader).ok()?;
    let modulus = AnyRef::decode(&mut reader).ok()?.to_der().ok()?;
    let exponent = AnyRef::decode(&mut reader).ok()?.to_der().ok()?;
    sequence(&[modulus, exponent].concat())
}

/// What an ECPrivateKey (RFC 5915) says of itself.
struct Ec {
    curve: Option<ObjectIdentifier>,
    public: Option<Vec<u8>>,
}

fn ec(der: &[u8]) -> Option<Ec> {
    let whole = AnyRef::from_der(der).ok()?;
    let mut reader = SliceReader::new(whole.value()).ok()?;
    AnyRef::decode(&mut reader).ok()?;
    AnyRef::decode(&mut reader).ok()?;
    let curve =
        ContextSpecific::<ObjectIdentifier>::decode_explicit(&mut reader, TagNumber(0)).ok()?;
    let public = ContextSpecific::<AnyRef>::decode_explicit(&mut reader, TagNumber(1)).ok()?;
    Some(Ec {
        curve: curve.map(|curve| curve.value),
        // A bit string begins with the number of its unused bits.
        public: public.and_then(|bits| bits.value.value().get(1..).map(<[u8]>::to_vec)),
    })
}
