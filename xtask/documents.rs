//! Documents against the tree: what they name exists, and what exists is named.

use crate::tree::Tree;
use std::collections::BTreeSet;

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for needed in ["README.md", "ARCHITECTURE.md", "STYLE.md", "GLOSSARY.md", "CHANGELOG.md"] {
        if tree.file(needed).is_none() {
            found.push(format!("{needed} is missing"));
        }
    }
    architecture(tree, &mut found);
    readme(tree, &mut found);
    dependencies(tree, &mut found);
    found
}

/// ARCHITECTURE.md names every crate by its folder, and each invariant names a test that exists.
fn architecture(tree: &Tree, found: &mut Vec<String>) {
    let Some(document) = tree.file("ARCHITECTURE.md") else { return };
    let quoted: BTreeSet<&str> = document.text.split('`').skip(1).step_by(2).collect();
    let crates: BTreeSet<&str> = tree.crates().map(|(folder, _)| folder).collect();
    for folder in &crates {
        if !quoted.contains(folder) {
            found.push(format!("ARCHITECTURE.md does not name `{folder}`"));
        }
    }
    let path = |text: &&&str| {
        text.contains('/')
            && !text.contains([' ', '*', '<', '(', ':', '$', '~'])
            && !text.starts_with(['/', '.', '-'])
    };
    for named in quoted.iter().filter(path) {
        let exists = Tree::root().join(named.trim_end_matches('/')).exists();
        if !exists {
            found.push(format!("ARCHITECTURE.md names `{named}`, which does not exist"));
        }
    }
    for line in document.text.lines().filter(|line| line.contains("Held by")) {
        let held = line.split("Held by").nth(1).unwrap_or_default();
        for test in held.split('`').skip(1).step_by(2) {
            let name = test.rsplit("::").next().unwrap_or(test);
            let exists = tree.rust().any(|file| file.text.contains(&format!("fn {name}(")));
            if !exists {
                found.push(format!("ARCHITECTURE.md: no test `{test}` holds an invariant"));
            }
        }
    }
}

/// `.ci/run` calls the README's second command as written.
fn readme(tree: &Tree, found: &mut Vec<String>) {
    let Some(readme) = tree.file("README.md") else { return };
    let ci = std::fs::read_to_string(Tree::root().join(".ci/run")).unwrap_or_default();
    if !readme.text.contains("./test.sh") || !ci.lines().any(|line| line.trim() == "./test.sh") {
        found.push("README.md's test command and .ci/run differ".to_owned());
    }
}

/// Every dependency from outside has its line of reason.
fn dependencies(tree: &Tree, found: &mut Vec<String>) {
    let reasons = tree.file("decisions/dependencies.md").map_or("", |file| file.text.as_str());
    let Some(root) = tree.file("Cargo.toml") else { return };
    let mut inside = false;
    for line in root.text.lines() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        } else if inside && !line.contains("path = ") && !line.starts_with('#') {
            let name = line.split([' ', '=']).next().unwrap_or_default();
            if !name.is_empty() && !reasons.contains(&format!("`{name}`")) {
                found.push(format!("decisions/dependencies.md gives no reason for `{name}`"));
            }
        }
    }
}
