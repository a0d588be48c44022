//! Sizes and words: files short enough to read, names that say something.

use crate::tree::Tree;

const FILE_LINES: usize = 600;
const ENTRY_LINES: usize = 120;
const MEDIAN_LINES: usize = 200;
const COLUMNS: usize = 100;

/// Words that say nothing; not names of files.
const EMPTY_WORDS: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "manager", "misc", "base", "core", "provider",
    "handler",
];

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut lengths = Vec::new();
    for file in tree.production() {
        let lines = file.text.lines().count();
        lengths.push(lines);
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let entry = matches!(name, "lib.rs" | "mod.rs");
        let limit = if entry { ENTRY_LINES } else { FILE_LINES };
        if lines > limit {
            found.push(format!("{}: {lines} lines, at most {limit}", file.path));
        }
        if EMPTY_WORDS.contains(&name.trim_end_matches(".rs")) {
            found.push(format!("{}: a name that says nothing", file.path));
        }
    }
    for file in tree.rust() {
        if !file.text.starts_with("//!") {
            found.push(format!("{}: does not open with what it is (//!)", file.path));
        }
        for (at, line) in file.text.lines().enumerate() {
            if line.chars().count() > COLUMNS {
                found.push(format!("{}:{}: over {COLUMNS} columns", file.path, at + 1));
            }
        }
    }
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    if median > MEDIAN_LINES {
        found.push(format!("the median file has {median} lines, at most {MEDIAN_LINES}"));
    }
    found
}
