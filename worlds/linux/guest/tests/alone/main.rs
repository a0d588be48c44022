//! The zone process and the way into a machine alone, as the tests start them; the product has
//! them as `maquette zone` and `maquette as`.

use std::ffi::OsString;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().unwrap_or_default();
    let arguments: Vec<String> = arguments.collect();
    if first == "zone" {
        linux_guest::zone(&arguments);
    }
    if first == "disk" {
        // STORE ID: a tree over the host's image; says from what a machine on it is overlaid.
        let store = linux_store::Store::open(arguments[0].as_ref()).expect("a store");
        let disk = world::Disk {
            zone: "a".into(),
            size: 1 << 30,
            form: world::Form::Tree,
            source: world::Source::Image("host".to_owned()),
        };
        let id = world::Id::from(&arguments[1]);
        store.create_disk(&id, &disk).expect("a disk");
        let root = store.root(&id).expect("a root");
        serde_json::to_writer(std::io::stdout(), &root).expect("standard output");
        return;
    }
    if first == "doctor" {
        use std::io::Write;
        for promise in linux_guest::promises(arguments[0].as_ref()) {
            let said = promise.broken.unwrap_or_else(|| "kept".to_owned());
            let _ = writeln!(std::io::stdout(), "{}: {said}", promise.name);
        }
        return;
    }
    // PID START COMMAND...
    let number = |at: usize| arguments.get(at).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    let command: Vec<OsString> = arguments.iter().skip(2).map(OsString::from).collect();
    match linux_guest::enter(number(0) as i32, number(1), &command) {
        Ok(code) => std::process::exit(code),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(125)
        }
    }
}
