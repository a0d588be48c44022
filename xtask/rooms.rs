//! The shape of a room: every one has the same few entries, so that opening one shows it.

use crate::tree::Tree;
use std::collections::BTreeSet;

const ENTRIES: &[&str] = &[
    "Cargo.toml",
    "lib.rs",
    "model.rs",
    "model",
    "operations",
    "controller.rs",
    "controller",
    "dataplane",
    "tests",
];

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for file in &tree.files {
        let Some(rest) = file.path.strip_prefix("services/") else { continue };
        let mut parts = rest.split('/');
        let (Some(room), Some(entry)) = (parts.next(), parts.next()) else { continue };
        if !ENTRIES.contains(&entry) && seen.insert((room.to_owned(), entry.to_owned())) {
            found.push(format!("services/{room}/{entry}: a room has no such entry"));
        }
        if rest.contains("/operations/") {
            found.extend(serves_first(&file.path, &file.text));
        }
    }
    let rooms: BTreeSet<&str> =
        tree.crates().filter_map(|(folder, _)| folder.strip_prefix("services/")).collect();
    for room in rooms {
        for needed in ["lib.rs", "operations/mod.rs"] {
            if tree.file(&format!("services/{room}/{needed}")).is_none() {
                found.push(format!("services/{room}: has no {needed}"));
            }
        }
    }
    found
}

/// An operation says what it serves before it does anything else; or it is one of a family and
/// hands the call on as it came.
fn serves_first(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if !line.trim_start().starts_with("/// docs: API_") {
            continue;
        }
        let body = lines[at..].iter().position(|line| line.ends_with('{'));
        let first = body.and_then(|body| lines.get(at + body + 1));
        let good = |first: &str| first.starts_with("serve!(") || first.contains("(call, ");
        if !first.is_some_and(|first| good(first.trim_start())) {
            found.push(format!("{path}:{}: an operation that does not begin with serve!", at + 1));
        }
    }
    found
}
