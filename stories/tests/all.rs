//! Plays every story of every room, each in a region of its own.

use std::fs;
use std::path::{Path, PathBuf};

fn stories() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let rooms = fs::read_dir(root.join("services")).expect("services/ is beside stories/");
    let mut folders: Vec<PathBuf> = rooms
        .flatten()
        .map(|room| room.path().join("tests"))
        .filter(|path| path.is_dir())
        .collect();
    folders.push(root.join("stories/tests"));
    for folder in folders {
        let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
        found.extend(files.filter(|path| path.extension().is_some_and(|end| end == "story")));
    }
    found.sort();
    found
}

#[test]
fn every_story_holds() {
    let only = std::env::var("STORY").ok();
    let chosen =
        |path: &PathBuf| only.as_ref().is_none_or(|only| path.to_string_lossy().contains(only));
    let stories: Vec<PathBuf> = stories().into_iter().filter(chosen).collect();
    assert!(!stories.is_empty(), "no story was found");
    let mut failed = Vec::new();
    for path in &stories {
        let text = fs::read_to_string(path).unwrap();
        for seed in 1..=3 {
            if let Err(what) = stories::play(&text, &rooms::all(), seed) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                failed.push(format!("{name} (seed {seed}): {what}"));
                break;
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} stories:\n{}",
        failed.len(),
        stories.len(),
        failed.join("\n")
    );
    println!("{} stories hold", stories.len());
}
