//! Which operation a REST request means: method and path, then literal query keys.

use crate::query;
use shape::{Api, OperationSchema};

/// The operation of a REST request. Literal segments beat labels, labels beat greedy labels, and
/// more literal query keys beat fewer. A slash at the end does not matter.
pub fn operation_of(
    api: &'static Api,
    method: &str,
    path: &str,
    query: &str,
) -> Option<&'static OperationSchema> {
    let pairs: Vec<(String, String)> = query::pairs(query).collect();
    let candidates = api.operations.iter().filter(|operation| operation.method == method);
    let fitting = candidates.filter_map(|operation| {
        let pattern = Pattern::of(operation.uri);
        pattern.labels(path)?;
        let keys = pattern.query_keys(&pairs)?;
        Some(((pattern.literals(), keys), operation))
    });
    // On a draw the first by name, so that the choice never depends on anything else.
    let best = fitting.reduce(|best, one| if one.0 > best.0 { one } else { best });
    best.map(|(_, operation)| operation)
}

/// A `requestUri` of the model: `/{Bucket}/{Key+}?tagging`.
pub(crate) struct Pattern<'a> {
    segments: Vec<Segment<'a>>,
    query: &'a str,
}

#[derive(Clone, Copy, PartialEq)]
enum Segment<'a> {
    Literal(&'a str),
    Label(&'a str),
    Greedy(&'a str),
}

// === impl Pattern ===

impl<'a> Pattern<'a> {
    pub(crate) fn of(uri: &'a str) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segments = path.trim_matches('/').split('/').filter(|it| !it.is_empty());
        let segment =
            |text: &'a str| match text.strip_prefix('{').map(|it| it.trim_end_matches('}')) {
                None => Segment::Literal(text),
                Some(label) => match label.strip_suffix('+') {
                    Some(label) => Segment::Greedy(label),
                    None => Segment::Label(label),
                },
            };
        Pattern { segments: segments.map(segment).collect(), query }
    }

    /// Labels with their raw texts, if the path is of this pattern. No label is empty.
    pub(crate) fn labels<'p>(&self, path: &'p str) -> Option<Vec<(&'a str, &'p str)>> {
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        let mut found = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            let after = self.segments.len() - at - 1;
            let end = match segment {
                Segment::Greedy(_) if after == 0 => rest.len(),
                Segment::Greedy(_) => {
                    // What stands after takes as many segments as it has, from the end.
                    let trimmed = rest.strip_suffix('/').unwrap_or(rest);
                    trimmed.rmatch_indices('/').nth(after - 1)?.0
                }
                _ => rest.find('/').unwrap_or(rest.len()),
            };
            let text = &rest[..end];
            match segment {
                Segment::Literal(literal) if text != *literal => return None,
                Segment::Literal(_) => {}
                Segment::Label(_) | Segment::Greedy(_) if text.is_empty() => return None,
                Segment::Label(name) | Segment::Greedy(name) => found.push((*name, text)),
            }
            rest = rest[end..].strip_prefix('/').unwrap_or("");
            if rest.is_empty() && after > 0 {
                return None;
            }
        }
        rest.is_empty().then_some(found)
    }

    /// Literal keys of the pattern's query; `None` when the request lacks one.
    fn query_keys(&self, pairs: &[(String, String)]) -> Option<usize> {
        let mut count = 0;
        for (key, value) in query::pairs(self.query) {
            // `x-id=Operation` is for the reader of logs only.
            if key != "x-id" {
                let same = |pair: &&(String, String)| {
                    pair.0 == key && (value.is_empty() || pair.1 == value)
                };
                pairs.iter().find(same)?;
                count += 1;
            }
        }
        Some(count)
    }

    /// Whether the pattern's query names this key.
    pub(crate) fn has_query_key(&self, key: &str) -> bool {
        query::pairs(self.query).any(|(known, _)| known == key)
    }

    /// For comparing patterns of one path: what each segment is worth, left to right.
    fn literals(&self) -> Vec<u8> {
        let worth = |segment: &Segment| match segment {
            Segment::Literal(_) => 2,
            Segment::Label(_) => 1,
            Segment::Greedy(_) => 0,
        };
        self.segments.iter().map(worth).collect()
    }
}
