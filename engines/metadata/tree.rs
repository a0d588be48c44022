//! Finds a path in a card's tree: a text, a directory's listing, or nothing.

use crate::Card;

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'a> {
    /// A text.
    Leaf(&'a str),
    /// Entries, directories with a slash at the end.
    Directory(Vec<String>),
    /// User data.
    Bytes(&'a [u8]),
    Nothing,
}

/// Looks up the decoded segments of a path below the version.
pub(crate) fn find<'a>(card: &'a Card, wanted: &[&str]) -> Found<'a> {
    let user_data = card.user_data.as_deref().filter(|bytes| !bytes.is_empty());
    if wanted == ["user-data"] {
        return user_data.map_or(Found::Nothing, Found::Bytes);
    }
    let mut entries: Vec<String> = Vec::new();
    for (path, text) in &card.tree {
        let segments: Vec<&str> = path.split('/').collect();
        if is_hidden(card, &segments) || !begins(&segments, wanted) {
            continue;
        }
        let Some(child) = segments.get(wanted.len()) else {
            return Found::Leaf(text);
        };
        // Neither the first level nor key pairs are shown with a slash.
        let is_directory = segments.len() > wanted.len() + 1;
        let is_plain = wanted.is_empty() || is_key_pair(&segments, wanted.len());
        let entry = if is_directory && !is_plain { format!("{child}/") } else { child.to_string() };
        if entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    if wanted.is_empty() && user_data.is_some() {
        entries.push("user-data".to_owned());
    }
    if entries.is_empty() { Found::Nothing } else { Found::Directory(entries) }
}

fn is_hidden(card: &Card, segments: &[&str]) -> bool {
    !card.tags_enabled && segments.starts_with(&["meta-data", "tags"])
}

fn begins(segments: &[&str], wanted: &[&str]) -> bool {
    segments.len() >= wanted.len()
        && wanted.iter().enumerate().all(|(index, want)| address(segments, index) == *want)
}

fn is_key_pair(segments: &[&str], index: usize) -> bool {
    index == 2 && segments.starts_with(&["meta-data", "public-keys"])
}

/// How a segment is asked for: a key pair `0=name` by its number.
fn address<'a>(segments: &[&'a str], index: usize) -> &'a str {
    let segment = segments[index];
    match segment.split_once('=') {
        Some((number, _)) if is_key_pair(segments, index) => number,
        _ => segment,
    }
}
