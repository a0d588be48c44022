//! A panic ends what it was in and nothing else; here it becomes a text for the audit.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does the work; `Err` is the text of its panic. What the work had changed by then stays: callers
/// hand in work that changes nothing, or undo it.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}
