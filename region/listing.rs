//! Lists as EC2 and its kin answer them: filters with wildcards, pages with tokens.

use crate::Refusal;

/// A filter as a client sends it: a name and the values of which one must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// `vpc-id`, `tag:Name`.
    pub name: String,
    /// `*` stands for any text, `?` for one character, `\` takes the next literally.
    pub values: Vec<String>,
}

/// A filter that a list offers: its name and the values that an item has for it.
pub type Field<T> = (&'static str, fn(&T) -> Vec<String>);

/// Keeps the items that match every filter. `tags` gives an item's tags for `tag:KEY`, `tag-key`
/// and `tag-value`. A filter that the list does not offer is refused by name.
pub fn filter<T>(
    mut items: Vec<T>,
    filters: &[Filter],
    fields: &[Field<T>],
    tags: impl Fn(&T) -> Vec<(String, String)>,
) -> Result<Vec<T>, Refusal> {
    for filter in filters {
        let matches = |text: &str| filter.values.iter().any(|pattern| wild(pattern, text));
        if let Some(key) = filter.name.strip_prefix("tag:") {
            items.retain(|item| {
                tags(item).iter().any(|(name, value)| name == key && matches(value))
            });
        } else if filter.name == "tag-key" {
            items.retain(|item| tags(item).iter().any(|(name, _)| matches(name)));
        } else if filter.name == "tag-value" {
            items.retain(|item| tags(item).iter().any(|(_, value)| matches(value)));
        } else if let Some((_, values)) = fields.iter().find(|(name, _)| *name == filter.name) {
            items.retain(|item| values(item).iter().any(|value| matches(value)));
        } else {
            let message = format!("The filter '{}' is invalid", filter.name);
            return Err(Refusal::new("InvalidParameterValue", message));
        }
    }
    Ok(items)
}

/// Whether `text` matches a filter's value.
pub fn wild(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let literal = pattern.get(p) == Some(&'\\') && p + 1 < pattern.len();
        let wanted = pattern.get(p + usize::from(literal));
        match wanted {
            Some('*') if !literal => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == text[t] || (*c == '?' && !literal) => {
                p += 1 + usize::from(literal);
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    t = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// One page of a list that is sorted by `name`, and the token of the next page.
///
/// The token is the name of the last item given, so that a page stays right when items come and
/// go between two calls. `limit` of `None` gives everything.
pub fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    token: Option<&str>,
    limit: Option<usize>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let after = match token {
        None | Some("") => None,
        Some(token) => Some(read_token(token).ok_or_else(|| {
            let message = format!("Unable to parse pagination token '{token}'");
            Refusal::new("InvalidNextToken", message)
        })?),
    };
    let mut rest = items.into_iter().filter(|item| match &after {
        Some(after) => name(item) > *after,
        None => true,
    });
    let page: Vec<T> = rest.by_ref().take(limit.unwrap_or(usize::MAX)).collect();
    let more = rest.next().is_some();
    let next = page.last().filter(|_| more).map(|last| write_token(&name(last)));
    Ok((page, next))
}

fn write_token(name: &str) -> String {
    let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("m1{hex}")
}

fn read_token(token: &str) -> Option<String> {
    let hex = token.strip_prefix("m1")?;
    if hex.len() % 2 != 0 || !hex.is_ascii() {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes?).ok()
}
