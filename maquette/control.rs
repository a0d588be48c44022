//! The control plane as a process: lock, namespaces, door, loop, log file.

use crate::trouble::Trouble;
use endpoint::{FrontDoor, Settings};
use linux::{Anchor, Counter, Identity, Linux, Lock, Running, State};
use region::Region;
use std::io::Write;
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

/// All request bodies in memory at once: with the copies that decoding makes of the largest, a
/// flood of them costs less than 100 MiB.
const BODIES_BYTES: usize = 48 << 20;

/// The disk may take this long to finish the last write of a control plane that was killed.
const DYING: Duration = Duration::from_secs(20);

/// Runs the control plane until it is told to stop.
pub(crate) fn run(state: &State, port: u16) -> Result<(), Trouble> {
    let _lock = lock(state)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Trouble::new(format!("port {port} on 127.0.0.1: {error}; choose another with --port"))
    })?;
    let port = listener.local_addr()?.port();
    Anchor::ensure(state)?.join()?;
    let damaged = state.mend()?;
    let pace = state.pace();
    let token = state.token()?;
    let rooms = rooms::all();
    let door = FrontDoor::new(&rooms, Settings { hosts: Vec::new(), token });
    let signals = block_signals();
    let world = Linux::open(state, pace)?;
    let counter = world.counter();
    let mut region = Region::open(world, &rooms, Box::new(door));
    region.damaged_beside(damaged);
    end_on_signals(signals, &counter)?;
    let limits = http_door::Limits { bodies_bytes: BODIES_BYTES, ..Default::default() };
    let open = http_door::serve(listener, std::sync::Arc::new(counter), limits)?;
    state.announce(&Running { control: Identity::own()?, port, pace })?;
    let mut log = state.open_log()?;
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
    state.renounce();
    Ok(())
}

/// The lock. One that was killed lets go of it only when its last write has reached the disk.
fn lock(state: &State) -> Result<Lock, Trouble> {
    let end = Instant::now() + DYING;
    loop {
        if let Some(lock) = state.lock()? {
            return Ok(lock);
        }
        if state.holder().is_some() || Instant::now() > end {
            let state = state.root().display();
            let message =
                format!("another control plane already runs in {state}; see `maquette status`");
            return Err(Trouble::running(message));
        }
        // The kernel does not say when a process that is no more will be gone.
        thread::sleep(Duration::from_millis(2));
    }
}

/// Ctrl-C, SIGTERM and the end of the terminal wait for [`end_on_signals`]. Blocked in every thread
/// that is started after this; programs that are started get them back.
fn block_signals() -> libc::sigset_t {
    let mut signals = MaybeUninit::uninit();
    // SAFETY: the set is initialised by the first call and only read afterwards; the old mask is
    // not asked for.
    unsafe {
        libc::sigemptyset(signals.as_mut_ptr());
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            libc::sigaddset(signals.as_mut_ptr(), signal);
        }
        let signals = signals.assume_init();
        libc::pthread_sigmask(libc::SIG_BLOCK, &signals, std::ptr::null_mut());
        signals
    }
}

/// The blocked signals stop the loop in good order.
fn end_on_signals(signals: libc::sigset_t, counter: &Counter) -> Result<(), Trouble> {
    let counter = counter.clone();
    let wait = move || {
        let mut signal = 0;
        // SAFETY: both pointers are to values of this frame.
        while unsafe { libc::sigwait(&signals, &mut signal) } == 0 {
            counter.stop();
        }
    };
    thread::Builder::new().name("signals".into()).spawn(wait)?;
    Ok(())
}

/// A moment for a person.
pub(crate) fn stamp(time: world::Time) -> String {
    shape::Timestamp(time.millis() as i64).iso8601_millis()
}
