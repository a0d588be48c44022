//! The room's stories, with only the rooms that it reads.

use std::path::Path;

#[test]
fn every_story_plays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut played = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "story") {
            let text = std::fs::read_to_string(&path).unwrap();
            stories::play(&text, &crate::rooms(), 7)
                .unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            played += 1;
        }
    }
    assert!(played > 0);
}
