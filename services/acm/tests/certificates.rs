//! The room's story, and certificates against OpenSSL where the machine has it.

use serde_json::{Value as Json, json};
use std::io::Write;
use std::process::{Command, Stdio};
use stories::Bench;

#[test]
fn certificates_from_first_to_last() {
    let text = include_str!("certificates.story");
    for seed in 0..2 {
        if let Err(why) = stories::play(text, &[&sts::SERVICE, &iam::SERVICE, &acm::SERVICE], seed)
        {
            panic!("seed {seed}: {why}");
        }
    }
}

fn bench() -> Bench {
    Bench::of(vec![&sts::SERVICE, &iam::SERVICE, &acm::SERVICE], 1, sim::Settings::default())
}

fn openssl(arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed");
    let mut stdin = child.stdin.take().expect("it was piped");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it writes text")
}

#[test]
fn openssl_trusts_what_the_authority_issues() {
    let mut bench = bench();
    let input = json!({"DomainName": "*.example.com", "SubjectAlternativeNames": ["example.com"],
        "ValidationMethod": "DNS"});
    let made = bench.call("acm", "RequestCertificate", &input).unwrap();
    let arn = &made["CertificateArn"];
    let now = bench.now();
    bench.region().step_until(now + world::Span::seconds(2));
    let got = bench.call("acm", "GetCertificate", &json!({"CertificateArn": arn})).unwrap();
    let text = |name: &str| got[name].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("ca"), text("CertificateChain")).unwrap();
    std::fs::write(path("leaf"), text("Certificate")).unwrap();
    // Virtual time is not today's.
    let at = (bench.now().seconds() + 10).to_string();
    let (ca, leaf) = (path("ca"), path("leaf"));
    let verified = openssl(
        &[
            "verify",
            "-attime",
            &at,
            "-CAfile",
            &ca,
            "-verify_hostname",
            "www.example.com",
            "-purpose",
            "sslserver",
            "-x509_strict",
            &leaf,
        ],
        b"",
    );
    assert!(verified.contains("OK"), "{verified}");
}

fn import(bench: &mut Bench, body: &str, key: &str) -> Result<Json, stories::Refused> {
    let encode = |text: &str| shape::base64::encode(text.as_bytes());
    bench.call(
        "acm",
        "ImportCertificate",
        &json!({"Certificate": encode(body), "PrivateKey": encode(key)}),
    )
}

#[test]
fn keys_of_every_form_are_matched_with_their_certificates() {
    let mut bench = bench();
    // OpenSSL's certificates begin to be good in real time.
    let real = std::time::UNIX_EPOCH.elapsed().unwrap().as_micros() as u64;
    let behind = real.saturating_sub(bench.now().0);
    bench.wait(world::Span(behind + 60_000_000));
    let mut made = Vec::new();
    for (kind, option) in [
        ("rsa", "rsa_keygen_bits:2048"),
        ("EC", "ec_paramgen_curve:P-256"),
        ("EC", "ec_paramgen_curve:P-384"),
    ] {
        let key = openssl(&["genpkey", "-algorithm", kind, "-pkeyopt", option], b"");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key").to_str().unwrap().to_owned();
        std::fs::write(&path, &key).unwrap();
        let body = openssl(
            &["req", "-x509", "-new", "-key", &path, "-subj", "/CN=a.example", "-days", "36500"],
            b"",
        );
        let old = openssl(&["pkey", "-traditional"], key.as_bytes());
        assert_ne!(key, old);
        import(&mut bench, &body, &key).unwrap();
        import(&mut bench, &body, &old).unwrap();
        made.push((body, key));
    }
    for (at, (body, _)) in made.iter().enumerate() {
        let (_, other) = &made[(at + 1) % made.len()];
        let refused = import(&mut bench, body, other).unwrap_err();
        assert_eq!(refused.message, "The private key does not match the certificate.");
    }
    let listed = bench.call("acm", "ListCertificates", &json!({})).unwrap();
    let kinds: Vec<&str> = listed["CertificateSummaryList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["KeyAlgorithm"].as_str().unwrap())
        .collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "RSA_2048").count(), 2);
    assert_eq!(kinds.iter().filter(|kind| **kind == "EC_secp384r1").count(), 2);
}
