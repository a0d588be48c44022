//! What must not be there: no clock, thread, lock, chance, file, process or socket in the floors
//! that are replayed, and no service in what carries all services.

use crate::tree::Tree;

/// Folders that must run the same in both worlds and under replay.
const PURE: &[&str] = &["world/", "wire/", "region/", "services/", "endpoint/", "worlds/sim/"];

const IMPURE: &[&str] = &[
    "std::thread",
    "thread::spawn",
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::process",
    "std::env",
    "TcpListener",
    "TcpStream",
    "UdpSocket",
    "UnixStream",
    "Mutex",
    "RwLock",
    "AtomicU",
    "HashMap",
    "HashSet",
    "async fn",
    "tokio",
    ".await",
    "getrandom",
    "rand::",
];

/// Knows no service: neither by crate nor by room.
const BLIND: &[&str] = &["world/", "wire/", "region/", "endpoint/", "worlds/"];
const SERVICES: &[&str] = &["sqs::", "ec2::", "vpc::", "ebs::", "iam::", "sts::", "ssm::", "api_"];

/// Services know no protocol and no socket.
const WIRE: &[&str] = &["wire::", "signature::", "http_door", "endpoint::"];

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.production().filter(|file| !file.path.ends_with("build.rs")) {
        let inside = |folders: &[&str]| folders.iter().any(|folder| file.path.starts_with(folder));
        if inside(PURE) {
            found.extend(words(&file.path, &file.text, IMPURE));
        }
        if inside(BLIND) {
            found.extend(words(&file.path, &file.text, SERVICES));
        }
        if inside(&["services/"]) {
            found.extend(words(&file.path, &file.text, WIRE));
        }
        if !inside(&["xtask/"]) && file.text.contains("todo!(") {
            found.push(format!("{}: unfinished", file.path));
        }
    }
    found
}

fn words(path: &str, text: &str, forbidden: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for word in forbidden.iter().filter(|word| has(code, word)) {
            found.push(format!("{path}:{}: {word} must not be here", at + 1));
        }
    }
    found
}

/// Whether `word` stands in `code`, not as the end of a longer name.
fn has(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            || word.starts_with('.')
    })
}
