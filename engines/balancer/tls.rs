//! TLS: listeners' certificates chosen by server name, and what is spoken with targets, whose
//! certificates nobody looks at (ALB guide, "Target groups": targets' certificates).

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, CommonState, DigitallySignedStruct, Error, ProtocolVersion, ServerConfig,
    SignatureScheme,
};
use std::sync::Arc;
use world::{Certificate, Listener, Speech};

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The suites that AWS's policies have, in their order (ALB guide, "Security policies").
fn aws() -> Arc<CryptoProvider> {
    use ring::cipher_suite as suite;
    let cipher_suites = vec![
        suite::TLS13_AES_128_GCM_SHA256,
        suite::TLS13_AES_256_GCM_SHA384,
        suite::TLS13_CHACHA20_POLY1305_SHA256,
        suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ];
    Arc::new(CryptoProvider { cipher_suites, ..ring::default_provider() })
}

/// What a listener of TLS speaks.
pub(crate) fn server(door: &Listener, http2: bool) -> ServerConfig {
    let versions: &[_] = match (door.tls13, door.tls12) {
        (true, true) => &[&TLS13, &TLS12],
        (false, true) => &[&TLS12],
        (_, false) => &[&TLS13],
    };
    let keys = door.certificates.iter();
    let keys = keys.filter_map(|one| Some((one.names.clone(), Arc::new(certified(one)?))));
    let mut config = ServerConfig::builder_with_provider(aws())
        .with_protocol_versions(versions)
        .expect("ring has suites for 1.2 and 1.3")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(ByName(keys.collect())));
    config.ignore_client_order = true;
    config.alpn_protocols = match door.speaks {
        Speech::Https if http2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        Speech::Https => vec![b"http/1.1".to_vec()],
        _ => door.alpn.iter().map(|name| name.clone().into_bytes()).collect(),
    };
    config
}

/// What is spoken with targets.
pub(crate) fn client(http2: bool) -> ClientConfig {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13, &TLS12])
        .expect("ring has suites for 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider())))
        .with_no_client_auth();
    config.alpn_protocols = vec![if http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    config
}

/// What is spoken with targets that get bytes.
pub(crate) fn bytes_client() -> ClientConfig {
    let mut config = client(false);
    config.alpn_protocols.clear();
    config
}

fn certified(one: &Certificate) -> Option<CertifiedKey> {
    let chain = CertificateDer::pem_slice_iter(one.chain.as_bytes());
    let chain: Vec<_> = chain.collect::<Result<_, _>>().ok()?;
    let key = PrivateKeyDer::from_pem_slice(one.key.as_bytes()).ok()?;
    let key = provider().key_provider.load_private_key(key).ok()?;
    (!chain.is_empty()).then(|| CertifiedKey::new(chain, key))
}

/// Certificates with the names they are for; the first is the default.
#[derive(Debug)]
struct ByName(Vec<(Vec<String>, Arc<CertifiedKey>)>);

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let wanted = hello.server_name().unwrap_or_default();
        let exact = self
            .0
            .iter()
            .find(|(names, _)| names.iter().any(|name| name.eq_ignore_ascii_case(wanted)));
        let wild = || self.0.iter().find(|(names, _)| names.iter().any(|n| covers(n, wanted)));
        exact.or_else(wild).or(self.0.first()).map(|(_, key)| key.clone())
    }
}

/// Whether `*.example.com` is for this name: one label in the star's place.
fn covers(name: &str, wanted: &str) -> bool {
    let (Some(tail), Some((_, rest))) = (name.strip_prefix("*."), wanted.split_once('.')) else {
        return false;
    };
    tail.eq_ignore_ascii_case(rest)
}

/// Version and suite as AWS's logs name them.
pub(crate) fn spoken(state: &CommonState) -> (&'static str, &'static str) {
    let version = match state.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
        _ => "TLSv1.3",
    };
    use rustls::CipherSuite::{
        TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 as EA,
        TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 as EB,
        TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 as EC,
        TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 as RA, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 as RB,
        TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 as RC, TLS13_AES_128_GCM_SHA256 as A,
        TLS13_AES_256_GCM_SHA384 as B,
    };
    let suite = match state.negotiated_cipher_suite().map(|suite| suite.suite()) {
        Some(EA) => "ECDHE-ECDSA-AES128-GCM-SHA256",
        Some(EB) => "ECDHE-ECDSA-AES256-GCM-SHA384",
        Some(EC) => "ECDHE-ECDSA-CHACHA20-POLY1305",
        Some(RA) => "ECDHE-RSA-AES128-GCM-SHA256",
        Some(RB) => "ECDHE-RSA-AES256-GCM-SHA384",
        Some(RC) => "ECDHE-RSA-CHACHA20-POLY1305",
        Some(A) => "TLS_AES_128_GCM_SHA256",
        Some(B) => "TLS_AES_256_GCM_SHA384",
        _ => "TLS_CHACHA20_POLY1305_SHA256",
    };
    (version, suite)
}

/// Takes any certificate.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
