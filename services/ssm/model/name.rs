//! Names of parameters: what a new one may be called, and what a client may mean by one.

use crate::model::refuse;
use region::{Arn, Refusal, Scope};

/// Levels of a name (AWS: API_PutParameter).
const LEVELS: usize = 15;
/// Characters of a name with the ARN before it (AWS: API_PutParameter).
const LENGTH: usize = 1011;

const RULE: &str = "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). \
                    If formed as a path, it can consist of sub-paths divided by slash symbol; \
                    each sub-path can be formed as a mix of letters, numbers and the following 3 \
                    symbols .-_";

/// Refuses what a new parameter cannot be called.
pub(crate) fn check_new(name: &str, scope: &Scope) -> Result<(), Refusal> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if !name.chars().all(fine) || name.contains("//") || name.ends_with('/') {
        return Err(refuse::validation(RULE));
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err(refuse::validation("Parameter name must be a fully qualified name."));
    }
    let first = name.trim_start_matches('/').to_ascii_lowercase();
    if first.starts_with("aws") || first.starts_with("ssm") {
        if name.starts_with("/aws/") {
            let message = format!("No access to reserved parameter name: {name}.");
            return Err(Refusal::new("AccessDeniedException", message).status(400));
        }
        return Err(refuse::validation(RULE));
    }
    let levels = name.trim_start_matches('/').split('/').count();
    if levels > LEVELS {
        let message = format!(
            "A hierarchy can have a maximum of {LEVELS} levels. The parameter name {name} has \
             {levels} levels."
        );
        return Err(Refusal::new("HierarchyLevelLimitExceededException", message));
    }
    if scope.arn("ssm", &format!("parameter/{name}")).len() > LENGTH {
        return Err(refuse::validation("The parameter name is too long: 1011 characters at most."));
    }
    Ok(())
}

/// What a client asks for: a name, and behind a colon a version or a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The parameter's name, as it may be kept.
    pub(crate) name: String,
    /// `3` or `prod`.
    pub(crate) selector: Option<String>,
}

/// The parameter's name in a name or an ARN of this account and region.
pub(crate) fn plain(text: &str, scope: &Scope) -> Option<String> {
    if !text.starts_with("arn:") {
        return Some(text.to_owned());
    }
    let arn = Arn::parse(text).filter(|arn| arn.service == "ssm")?;
    let own = *arn.region == *scope.region && *arn.account == *scope.account;
    let public = arn.account.is_empty();
    let rest = arn.resource.strip_prefix("parameter/").filter(|_| own || public)?;
    // The ARN of `/a` and that of `a` are the same; AWS takes a single word as `a`.
    Some(if rest.contains('/') { format!("/{rest}") } else { rest.to_owned() })
}

/// Takes `NAME`, `NAME:3`, `NAME:label` and ARNs of the same apart.
pub(crate) fn wanted(text: &str, scope: &Scope) -> Option<Wanted> {
    let colons = if text.starts_with("arn:") { 5 } else { 0 };
    let (text, selector) = match text.matches(':').count() > colons {
        true => text.rsplit_once(':').map(|(name, selector)| (name, Some(selector.to_owned())))?,
        false => (text, None),
    };
    Some(Wanted { name: plain(text, scope)?, selector })
}
