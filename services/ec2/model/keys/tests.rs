//! Keys against what openssl and ssh-keygen say of them.

use super::*;

// Made with `ssh-keygen -t rsa -b 2048`; the fingerprint with
// `ssh-keygen -e -m PKCS8 | openssl pkey -pubin -outform DER | openssl md5 -c`.
const RSA: &str = concat!(
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC4v6SjU+Kqsl5tMZ0AEBQkOBBXAN+bo6Z2yCAH8YYJQtiy",
    "M8n1D6iHWEVfe+Ls5w8yCh3UpWL28HnL/gg8144LACgM4VLUgOBichqle3e5AJHuPSddfRHBXJ+51yLSSuQ3",
    "UXlf422hkHuV4dOkCvFbuLMiNai8+UrWeCT7HWMQouQ8lMJLIXAC/mImuR7+HBQqgPi5hEYuQWLw2trQNupK",
    "k0jlBJn6BGZAD5Tk+4rEADOO/g945VoZeftl0zMTQvfGI4eWErA1dxEC0tIybQOSI9v6NR5VwM4etX+ovZM5",
    "LYQf7iYMMHtNY6HCdwGqSXquF3383TMKr414LZFmzPul web",
);
const RSA_MD5: &str = "e0:d5:ce:06:7f:53:a0:f2:10:5b:6d:72:fd:cb:08:50";
const ED: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMpbaPW3rShtFfwwv0kT5WbkIFFjXH+QBtG7Q+BLky1p web";
const ED_SHA256: &str = "v+l5NkZXm/MXd5jlW5Pree2gZwGRthgDaOPxpV1U0OE=";

#[test]
fn imported_keys_have_the_fingerprints_that_openssl_and_ssh_keygen_print() {
    let rsa = read(RSA.as_bytes()).unwrap();
    assert_eq!((rsa.kind, rsa.fingerprint.as_str()), (KeyKind::Rsa, RSA_MD5));
    assert_eq!(rsa.public, RSA);
    let ed = read(format!("{ED}\n").as_bytes()).unwrap();
    assert_eq!((ed.kind, ed.fingerprint.as_str()), (KeyKind::Ed25519, ED_SHA256));
    assert_eq!(ed.public, ED);
}

#[test]
fn what_is_no_key_is_refused() {
    let (name, blob) = ED.split_once(' ').unwrap();
    let cut = format!("{name} {}", &blob[..40]);
    let other = format!("ssh-rsa {blob}");
    for bad in ["", "ssh-ed25519", "hello world", &cut, &other, "ecdsa-sha2-nistp256 AAAA"] {
        assert_eq!(read(bad.as_bytes()).err().unwrap().code, "InvalidKey.Format", "{bad}");
    }
}

#[test]
fn a_made_ed25519_key_reads_back_as_itself() {
    let made = make_ed25519([7; 32], 9, "web");
    let read = read(made.public.as_bytes()).unwrap();
    assert_eq!((read.kind, &read.fingerprint), (KeyKind::Ed25519, &made.fingerprint));
    assert!(made.private.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
    // As `ssh-keygen -lf` printed it for the file of this seed.
    let print = "doxiASlJnKSD9j+JpVoWpfEFHjUrsF9ZYr+cir4FYjo=";
    assert_eq!(make_ed25519([9; 32], 5, "web").fingerprint, print);
    let other = make_ed25519([8; 32], 9, "web");
    assert_ne!(made.public, other.public);
}

#[test]
fn a_made_rsa_key_reads_back_as_itself_and_another_seed_gives_another() {
    let made = make_rsa([7; 32], "web");
    let read = read(made.public.as_bytes()).unwrap();
    assert_eq!((read.kind, &read.public), (KeyKind::Rsa, &made.public));
    assert!(made.private.starts_with("-----BEGIN RSA PRIVATE KEY-----\nMIIE"));
    // As `openssl pkcs8 -topk8 -nocrypt -outform DER | openssl sha1 -c` printed it for this seed;
    // `openssl rsa -check` and `ssh-keygen -y` accepted the file.
    let print = "49:7e:ce:52:2c:29:9b:f6:91:76:13:0f:33:42:14:6d:4a:9f:2c:06";
    assert_eq!(make_rsa([9; 32], "web").fingerprint, print);
    assert_eq!(make_rsa([7; 32], "web").private, made.private);
    assert_ne!(make_rsa([8; 32], "web").public, made.public);
}
