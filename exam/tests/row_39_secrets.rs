//! Row 39, secrets and listeners: canaries are in no log, no process and no refusal; files are
//! their owner's alone; nothing listens but on loopback.

use exam::{Script, Seed, Subject, full, listeners};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[test]
fn secrets_stay_where_they_were_put() {
    Seed::take("row 39, secrets");
    let mut subject = Subject::up("row39-secrets");
    let lines = Script::start(&subject, "canaries", &[]).rest(Duration::from_secs(90));
    let last = lines.last().expect("a last line");
    let mut canaries: Vec<(String, String)> = last["canaries"]
        .as_object()
        .expect("canaries")
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned()))
        .collect();
    let token = fs::read_to_string(subject.root.join("token")).expect("a token");
    canaries.push(("the region's own token".into(), token));
    assert!(canaries.len() >= 12, "only {} canaries", canaries.len());

    let mut places: Vec<(String, Vec<u8>)> = Vec::new();
    for refusal in lines.iter().filter(|line| line["refusal"].is_string()) {
        places.push((
            format!("the refusal {}", refusal["refusal"]),
            refusal["answer"].to_string().into(),
        ));
    }
    assert!(places.len() >= 10, "only {} refusals", places.len());
    look_at(&mut subject, &mut places);
    // Once more after a kill: what recovery says is also said in public.
    subject.kill();
    subject.start();
    look_at(&mut subject, &mut places);

    let mut found = Vec::new();
    for (place, bytes) in &places {
        let held = |secret: &str| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        for (name, _) in canaries.iter().filter(|(_, secret)| held(secret)) {
            found.push(format!("{name} in {place}"));
        }
    }
    assert!(found.is_empty(), "canaries found:\n{}", found.join("\n"));
    let (count, places) = (canaries.len(), places.len());
    eprintln!("row 39: {count} canaries in none of {places} places");
    private(&subject.root);
    loopback_only(&mut subject);
    subject.finish();
}

/// Everything that others may see or that is meant to be shown.
fn look_at(subject: &mut Subject, places: &mut Vec<(String, Vec<u8>)>) {
    places.push(("the log".into(), subject.log().into_bytes()));
    for words in [&["log"][..], &["status", "--json"], &["env"], &["az", "list"]] {
        let said = subject.maquette(words);
        places.push((format!("`{}`", words.join(" ")), (said.out + &said.err).into_bytes()));
    }
    subject.audit.look();
    for process in subject.audit.still_running() {
        for what in ["cmdline", "environ", "comm"] {
            let path = format!("/proc/{}/{what}", process.pid);
            let bytes = fs::read(&path).unwrap_or_default();
            places.push((format!("{what} of process {}", process.command), bytes));
        }
    }
    let folder = fs::read_dir(&subject.root).expect("a state directory").flatten();
    for entry in folder.filter(|entry| entry.metadata().is_ok_and(|meta| meta.is_file())) {
        let shared = entry.metadata().map_or(0, |meta| meta.permissions().mode() & 0o077);
        if shared != 0 {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            places.push((format!("{}, which others may read", entry.path().display()), bytes));
        }
    }
}

/// The directory and every file in it belong to their owner alone.
fn private(root: &Path) {
    let mode = |path: &PathBuf| {
        fs::symlink_metadata(path).expect("it exists").permissions().mode() & 0o777
    };
    assert_eq!(mode(&root.to_owned()), 0o700, "the state directory");
    let mut seen = 0;
    for entry in fs::read_dir(root).expect("a state directory").flatten() {
        if entry.metadata().is_ok_and(|meta| meta.is_file()) {
            seen += 1;
            assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
        }
    }
    assert!(seen >= 4, "token, journal, control and anchor are there");
}

/// All listening sockets of the region's processes in the host's network are loopback's.
fn loopback_only(subject: &mut Subject) {
    subject.audit.look();
    let host = fs::read_link("/proc/self/ns/net").expect("a namespace");
    let mut count = 0;
    for process in subject.audit.still_running() {
        if process.namespace("net").as_deref() != host.to_str() {
            continue;
        }
        for (socket, loopback) in listeners(process.pid) {
            count += 1;
            assert!(loopback, "{} listens on {socket}", process.command);
        }
    }
    assert!(count >= 1, "the API at least listens");
    eprintln!("row 39: {count} listeners, all on loopback{}", if full() { " (full)" } else { "" });
}
