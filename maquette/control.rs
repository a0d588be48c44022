//! The control plane as a process: lock, namespaces, door, loop, log file.

use crate::rooms;
use crate::trouble::Trouble;
use endpoint::{FrontDoor, Settings};
use linux::{Anchor, Identity, Linux, Running, State};
use region::Region;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

/// Runs the control plane until it is told to stop.
pub(crate) fn run(state: &State, port: u16) -> Result<(), Trouble> {
    let Some(_lock) = state.lock()? else {
        let state = state.root().display();
        let message =
            format!("another control plane already runs in {state}; see `maquette status`");
        return Err(Trouble::running(message));
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Trouble::new(format!("port {port} on 127.0.0.1: {error}; choose another with --port"))
    })?;
    let port = listener.local_addr()?.port();
    Anchor::ensure(state)?.join()?;
    let token = state.token()?;
    let rooms = rooms::all();
    let door = FrontDoor::new(&rooms, Settings { hosts: Vec::new(), token });
    let world = Linux::open(state)?;
    let counter = world.counter();
    let mut region = Region::open(world, &rooms, Box::new(door));
    let limits = http_door::Limits::default();
    let open = http_door::serve(listener, std::sync::Arc::new(counter), limits)?;
    state.announce(&Running { control: Identity::own()?, port })?;
    let mut log = OpenOptions::new().create(true).append(true).open(state.log())?;
    loop {
        let more = region.step();
        let mut text = String::new();
        for (time, line) in region.audit().fresh() {
            text.push_str(&format!("{} {line}\n", stamp(time)));
        }
        // A log that cannot be written must not stop the region.
        let _ = log.write_all(text.as_bytes());
        if !more {
            break;
        }
    }
    open.stop(Duration::from_secs(1));
    Ok(())
}

/// A moment for a person.
pub(crate) fn stamp(time: world::Time) -> String {
    shape::Timestamp(time.millis() as i64).iso8601_millis()
}
