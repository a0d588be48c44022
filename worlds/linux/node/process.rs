//! The process of a node: takes its orders from standard input, answers there, and runs the
//! program in between.

use crate::cities;
use crate::program::Running;
use linux_guest::{CitiesOrder, NodeOrder, Said, Told, frame, receive};
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Findings are told so often at most.
const BREATH: Duration = Duration::from_millis(50);
/// How long to wait for findings before waiting again.
const WAIT: Duration = Duration::from_secs(1);

/// The life of a node: `maquette node ID`. Ends when its zone's process does.
pub fn node(_words: &[String]) -> ! {
    let code = match run() {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("node: {error}");
            1
        }
    };
    std::process::exit(code)
}

fn run() -> io::Result<()> {
    // SAFETY: numbers; the zone's process asked for the same, before this program began.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong, 0, 0, 0) };
    raise_file_limit();
    let way: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
    let mut way = UnixStream::from(way);
    let mouth = Mouth(Arc::new(Mutex::new(way.try_clone()?)));
    let mut order = match first(&mut way)? {
        First::Node(order) => order,
        First::Cities(order) => {
            let say = move |name, why| mouth.say(&Said::City(name, why));
            return cities::run(order, &mut way, say);
        }
    };
    name(&order);
    let running = match Running::start(&order) {
        Ok(running) => Arc::new(running),
        Err(error) => {
            mouth.say(&Said::Failed(error.to_string()))?;
            return Err(error);
        }
    };
    mouth.say(&Said::Ready)?;
    tell_findings(&running, &mouth)?;
    loop {
        match receive(&mut way) {
            Ok(Told::Be(now)) => {
                order = now;
                mouth.say(&configured(running.configure(&order)))?;
            }
            Ok(Told::Renamed(change)) => {
                change.apply(&mut order);
                mouth.say(&configured(running.configure(&order)))?;
            }
            Ok(Told::Meter(number)) => mouth.say(&Said::Used(number, running.take_usage()))?,
            Ok(Told::Cities(_) | Told::Regions(_)) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn configured(done: io::Result<()>) -> Said {
    match done {
        Ok(()) => Said::Ready,
        Err(error) => Said::Failed(error.to_string()),
    }
}

/// What it shall be.
enum First {
    Node(Box<NodeOrder>),
    Cities(CitiesOrder),
}

/// The first order; a question before that has no answer.
fn first(way: &mut UnixStream) -> io::Result<First> {
    loop {
        match receive(way)? {
            Told::Be(order) => return Ok(First::Node(order)),
            Told::Cities(order) => return Ok(First::Cities(order)),
            _ => {}
        }
    }
}

/// Who speaks; several threads do.
#[derive(Clone)]
struct Mouth(Arc<Mutex<UnixStream>>);

impl Mouth {
    fn say(&self, said: &Said) -> io::Result<()> {
        let frame = frame(said)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(&frame)
    }
}

fn tell_findings(running: &Arc<Running>, mouth: &Mouth) -> io::Result<()> {
    let (running, mouth) = (running.clone(), mouth.clone());
    let work = move || {
        // What is known at the start replaces what an earlier process found.
        let mut news = true;
        loop {
            if news && mouth.say(&Said::Findings(running.findings())).is_err() {
                // Nobody listens any more: the whole process ends by the same.
                return;
            }
            if news {
                thread::sleep(BREATH);
            }
            news = running.wait_change(WAIT);
        }
    };
    thread::Builder::new().name("findings".into()).spawn(work).map(drop)
}

/// What `ps` shows.
fn name(order: &NodeOrder) {
    let name = format!("node-{}", order.id);
    let bytes: Vec<u8> = name.bytes().take(15).chain([0]).collect();
    // SAFETY: a string that ends with a NUL within the kernel's sixteen bytes.
    unsafe { libc::prctl(libc::PR_SET_NAME, bytes.as_ptr()) };
}

/// Ten thousand clients, and a target for each.
fn raise_file_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a whole struct rlimit.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}
