//! AWS's own signature vectors (`../shared/cases/sigv4`): each is verified, and each is signed.
#![allow(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use signature::{Claim, Flaw, Proof, Request, Signer, claim, sign, verify};
use std::path::{Path, PathBuf};

/// The key that all vectors use, published with them.
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// 2015-08-30 12:36:00 UTC.
const NOW_MS: i64 = 1_440_938_160_000;

fn cases() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases");
    let root = std::env::var_os("MAQUETTE_CASES").map_or(beside, PathBuf::from);
    let folder = root.join("sigv4");
    folder.is_dir().then_some(folder)
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "req") {
            found.push(path);
        }
    }
}

struct Vector {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
}

impl Vector {
    fn read(file: &Path) -> Vector {
        let text = |ending: &str| {
            let text = std::fs::read_to_string(file.with_extension(ending)).unwrap();
            text.replace("\r\n", "\n")
        };
        let request = text("req");
        let (head, body) = request.split_once("\n\n").unwrap_or((&request, ""));
        let mut lines = head.trim_end_matches('\n').lines();
        let first = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
        let (method, target) = first.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            match line.split_once(':') {
                Some((name, value)) if !line.starts_with(' ') => {
                    headers.push((name.to_owned(), value.to_owned()));
                }
                // An obsolete folded line continues the value before it.
                _ => headers.last_mut().unwrap().1.push_str(&format!("\n{line}")),
            }
        }
        Vector {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.as_bytes().to_vec(),
            canonical_request: text("creq"),
            string_to_sign: text("sts"),
            authorization: text("authz"),
        }
    }

    fn request<'a>(&'a self, headers: &'a [(String, String)]) -> Request<'a> {
        Request {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers,
            body: &self.body,
        }
    }

    /// The token of a vector that carries one but does not sign it, or signs it.
    fn token(&self) -> Option<String> {
        let named =
            |(name, _): &&(String, String)| name.eq_ignore_ascii_case("x-amz-security-token");
        self.headers.iter().find(named).map(|(_, value)| value.clone()).or_else(|| {
            let line =
                self.canonical_request.lines().find(|l| l.starts_with("x-amz-security-token:"));
            line.map(|line| line["x-amz-security-token:".len()..].to_owned())
        })
    }

    fn signs_token(&self) -> bool {
        self.canonical_request.contains("x-amz-security-token:")
    }
}

#[test]
fn each_vector_verifies_and_signs() {
    let Some(folder) = cases() else {
        eprintln!("NOT RUN: ../shared/cases/sigv4 is absent (or set MAQUETTE_CASES)");
        return;
    };
    let mut files = Vec::new();
    find(&folder, &mut files);
    files.sort();
    assert!(files.len() >= 30, "only {} vectors found", files.len());
    for file in &files {
        let vector = Vector::read(file);
        verifies(file, &vector);
        signs(file, &vector);
    }
}

fn verifies(file: &Path, vector: &Vector) {
    let name = file.display();
    let token = vector.token();
    let mut headers = vector.headers.clone();
    if let Some(token) = &token
        && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-amz-security-token"))
    {
        headers.push(("X-Amz-Security-Token".to_owned(), token.clone()));
    }
    headers.push(("Authorization".to_owned(), vector.authorization.clone()));
    let request = vector.request(&headers);
    let claimed = claim(&request).unwrap_or_else(|flaw| panic!("{name}: {flaw:?}"));
    assert!(matches!(claimed, Claim::Header(_)), "{name}");
    let proof = verify(&claimed, &request, SECRET, token.as_deref(), NOW_MS, 0);
    assert_eq!(proof, Ok(Proof::Body), "{name}");
    let proof = verify(&claimed, &request, "another", token.as_deref(), NOW_MS, 0);
    let Err(Flaw::Mismatch(evidence)) = proof else { panic!("{name}: {proof:?}") };
    assert_eq!(evidence.canonical_request, vector.canonical_request, "{name}");
    assert_eq!(evidence.string_to_sign, vector.string_to_sign, "{name}");
}

fn signs(file: &Path, vector: &Vector) {
    let token = vector.token().filter(|_| vector.signs_token());
    let headers: Vec<(String, String)> = vector
        .headers
        .iter()
        .filter(|(name, _)| {
            vector.signs_token() || !name.eq_ignore_ascii_case("x-amz-security-token")
        })
        .cloned()
        .collect();
    let signer = Signer {
        key_id: "AKIDEXAMPLE",
        secret: SECRET,
        token: token.as_deref(),
        region: "us-east-1",
        service: "service",
    };
    let added = sign(&vector.request(&headers), &signer, NOW_MS);
    let (_, authorization) = added.last().unwrap();
    assert_eq!(*authorization, vector.authorization, "{}", file.display());
}
