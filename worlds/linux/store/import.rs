//! Names of images, and their import: see `Store::import`.

use std::io::{self, Error, ErrorKind};

/// Whether a name may be that of a file: letters, digits, `-`, `_`, `.`, not first a dot.
pub fn safe_name(name: &str) -> io::Result<()> {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > 128 || name.starts_with('.') || !name.chars().all(fine) {
        return Err(Error::new(ErrorKind::InvalidInput, format!("not a name: {name:?}")));
    }
    Ok(())
}
