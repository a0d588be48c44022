//! Licences and known-bad versions of everything in Cargo.lock. Works without a network: the
//! advisories that concern our field are a list here, beside what `cargo deny` can add elsewhere.

use crate::tree::Tree;
use serde_json::Value as Json;
use std::process::Command;

/// Licences that a dependency may be had under.
const ALLOWED: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "CC0-1.0",
    "0BSD",
    "BSL-1.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT-0",
];

/// Crates with an advisory (RustSec) or without maintenance: name, versions, where it is written.
const REFUSED: &[(&str, &str, &str)] = &[
    ("bincode", "", "RUSTSEC-2025-0141"),
    ("hickory-recursor", "", "RUSTSEC-2026-0106"),
    ("h2", "0.3.", "RUSTSEC-2026-0258"),
    ("libyml", "", "RUSTSEC-2025-0067"),
    ("loopdev", "", "RUSTSEC-2023-0088"),
    ("pingora-core", "0.7.", "RUSTSEC-2026-0033"),
    ("rsa", "", "RUSTSEC-2023-0071"),
    ("rustls-webpki", "0.101.", "RUSTSEC-2026-0098"),
    ("serde_yml", "", "RUSTSEC-2025-0068"),
    ("sled", "", "no stable release since 2021"),
    ("tokio-tar", "", "RUSTSEC-2025-0111"),
];

pub(crate) fn check(_: &Tree) -> Vec<String> {
    let mut command = Command::new("cargo");
    command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(Tree::root());
    let output = match command.output() {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => return vec![String::from_utf8_lossy(&output.stderr).into_owned()],
        Err(error) => return vec![format!("cargo metadata: {error}")],
    };
    let metadata: Json = serde_json::from_slice(&output).unwrap_or_default();
    let empty = Vec::new();
    let packages = metadata["packages"].as_array().unwrap_or(&empty);
    packages.iter().filter(|package| !package["source"].is_null()).flat_map(package).collect()
}

fn package(package: &Json) -> Vec<String> {
    let text = |field: &str| package[field].as_str().unwrap_or_default();
    let (name, version, licence) = (text("name"), text("version"), text("license"));
    let mut found = Vec::new();
    if !allowed(licence) {
        found.push(format!("{name} {version}: licence {licence:?} is not on the list"));
    }
    for (bad, versions, why) in REFUSED {
        if name == *bad && version.starts_with(versions) {
            found.push(format!("{name} {version}: {why}"));
        }
    }
    found
}

/// Whether some choice of an SPDX expression is on the list in all its parts.
pub(crate) fn allowed(expression: &str) -> bool {
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    !flat.is_empty()
        && flat
            .split(" OR ")
            .any(|choice| choice.split(" AND ").all(|part| ALLOWED.contains(&part.trim())))
}
