//! The tree as a reader sees it: every source file, manifest and document, read once.

use std::fs;
use std::path::{Path, PathBuf};

/// One file.
pub(crate) struct File {
    /// From the root of the tree, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All files that somebody wrote.
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

/// Folders that hold nothing that somebody wrote.
const SKIP: &[&str] = &["target", ".git", "node_modules", "corpus", "artifacts"];
const KINDS: &[&str] = &["rs", "toml", "md", "sh", "py", "story"];

impl Tree {
    /// The root of the repository.
    pub(crate) fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    /// This repository.
    pub(crate) fn here() -> Tree {
        let root = Tree::root();
        let mut files = Vec::new();
        walk(&root, &root, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree { files }
    }

    /// Rust files that are neither tests nor examples.
    pub(crate) fn production(&self) -> impl Iterator<Item = &File> {
        self.rust().filter(|file| !is_test(&file.path))
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Folders with a manifest, the root apart: the crates.
    pub(crate) fn crates(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().filter_map(|file| {
            let folder = file.path.strip_suffix("/Cargo.toml")?;
            Some((folder, file))
        })
    }
}

pub(crate) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.starts_with("fuzz/")
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIP.contains(&name.as_str()) {
                walk(root, &path, files);
            }
        } else if KINDS.iter().any(|kind| name.ends_with(&format!(".{kind}")))
            && let Ok(text) = fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.push(File { path, text });
        }
    }
}
