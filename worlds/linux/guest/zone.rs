//! The zone process: one thread that waits for orders, for the ends of machines and for their
//! consoles. It outlives the control plane; its machines do not outlive it.

use crate::kernel;
use crate::limits::{Limits, RETRY};
use crate::link::{self, GREETING, MESSAGE_MAX, frame};
use crate::message::{News, Order};
use crate::supervise::{Mind, Source};
use linux_store::During;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Error, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// News that a control plane has not taken; beyond it is cut off, and asks when it comes again.
const BACKLOG_MAX: usize = 32 << 20;
/// Control planes at once: one, and others that look.
const CLIENTS_MAX: usize = 16;
const EVENTS: usize = 64;
/// How long another process of this zone may take to be gone.
const LOCK: Duration = Duration::from_secs(3);

/// Runs a zone process until it is told to halt; `--run DIR --zone ZONE --tag TAG`.
pub fn zone(arguments: &[String]) -> ! {
    let code = match run(arguments) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("zone: {error}");
            1
        }
    };
    std::process::exit(code)
}

/// What is waited for.
pub struct Watch {
    epoll: OwnedFd,
    sources: BTreeMap<u64, Source>,
    next: u64,
}

impl Watch {
    fn new() -> io::Result<Watch> {
        // SAFETY: a number; the descriptor is ours.
        let epoll = unsafe {
            let fd = libc::epoll_create1(libc::EPOLL_CLOEXEC);
            kernel::done(fd.into())?;
            OwnedFd::from_raw_fd(fd)
        };
        Ok(Watch { epoll, sources: BTreeMap::new(), next: 0 })
    }

    /// Waits for `fd` to become readable from now on; the number is for [`Watch::forget`].
    pub fn add(&mut self, fd: BorrowedFd, source: Source) -> io::Result<u64> {
        self.next += 1;
        self.control(libc::EPOLL_CTL_ADD, fd, libc::EPOLLIN, self.next)?;
        self.sources.insert(self.next, source);
        Ok(self.next)
    }

    /// Before `fd` is closed: a machine that is being cloned may still hold a copy of it.
    pub fn forget(&mut self, fd: BorrowedFd, token: u64) {
        let _ = self.control(libc::EPOLL_CTL_DEL, fd, 0, token);
        self.sources.remove(&token);
    }

    /// Waits also for room to write.
    fn want_room(&mut self, fd: BorrowedFd, token: u64, room: bool) {
        let events = libc::EPOLLIN | if room { libc::EPOLLOUT } else { 0 };
        let _ = self.control(libc::EPOLL_CTL_MOD, fd, events, token);
    }

    fn control(&self, what: i32, fd: BorrowedFd, events: i32, token: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: events as u32, u64: token };
        // SAFETY: open descriptors and a whole struct epoll_event.
        kernel::done(unsafe {
            libc::epoll_ctl(self.epoll.as_raw_fd(), what, fd.as_raw_fd(), &mut event).into()
        })
    }

    fn wait(&self, millis: i32) -> Vec<Source> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; EVENTS];
        // SAFETY: room for as many events as said.
        let n = unsafe {
            libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr(), EVENTS as i32, millis)
        };
        let known = |event: &libc::epoll_event| self.sources.get(&{ event.u64 }).cloned();
        events[..n.max(0) as usize].iter().filter_map(known).collect()
    }
}

/// A stream of messages both ways that never blocks.
pub struct Client {
    pub stream: UnixStream,
    pub token: u64,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    /// Findings and usage are for who asked for them.
    governs: bool,
}

struct Desk {
    listener: UnixListener,
    clients: BTreeMap<u64, Client>,
    next: u64,
}

fn run(arguments: &[String]) -> io::Result<()> {
    kernel::run_read_only().during("starting from a read-only view")?;
    let value = |name: &str| -> io::Result<&String> {
        let at = arguments.iter().position(|word| word == name);
        at.and_then(|at| arguments.get(at + 1)).ok_or_else(|| Error::other(format!("no {name}")))
    };
    let (run, zone, tag) = (PathBuf::from(value("--run")?), value("--zone")?, value("--tag")?);
    linux_store::safe_name(zone)?;
    linux_store::safe_name(tag)?;
    let _lock = lock(&run, zone)?;
    raise_file_limit();
    let signals = kernel::signal_descriptor(&[
        libc::SIGTERM,
        libc::SIGINT,
        libc::SIGHUP,
        libc::SIGCHLD,
        libc::SIGPIPE,
    ])?;
    let limits = Limits::open(tag, zone);
    limits.sweep();
    let machines = run.join("machines");
    fs::create_dir_all(&machines).during(machines.display())?;
    fs::set_permissions(&machines, Permissions::from_mode(0o700))?;
    let at = link::socket(&run, zone);
    let _ = fs::remove_file(&at);
    let listener = UnixListener::bind(&at).during(at.display())?;
    listener.set_nonblocking(true)?;
    let mut watch = Watch::new()?;
    watch.add(listener.as_fd(), Source::Desk)?;
    watch.add(signals.as_fd(), Source::Signals)?;
    let mut desk = Desk { listener, clients: BTreeMap::new(), next: 0 };
    let mut mind = Mind::new(run, limits, watch);
    say_ready()?;
    while !mind.finished() {
        for source in mind.watch.wait(mind.patience()) {
            match source {
                Source::Desk => desk.greet(&mut mind.watch),
                Source::Client(client) => {
                    for order in desk.listen(client, &mut mind.watch) {
                        if let Order::Inventory(number) = order {
                            // What has happened is told before what there is, and only to who asks.
                            desk.tell(&mind.take_news(), &mut mind.watch);
                            let answer = News::Inventory(number, mind.inventory());
                            desk.answer(client, &answer, &mut mind.watch);
                        } else if let Order::Meter(every) = order {
                            mind.meter_every(every);
                            desk.govern(client, &mind.what_is_known(), &mut mind.watch);
                        } else {
                            mind.obey(order);
                        }
                    }
                }
                Source::Signals => {
                    if kernel::signals(&signals).contains(&libc::SIGTERM) {
                        mind.obey(Order::Halt);
                    }
                    mind.notice(&Source::Signals);
                }
                other => mind.notice(&other),
            }
        }
        mind.look_at_clock();
        let governed = desk.clients.values().any(|client| client.governs);
        desk.tell(&mind.take_news(), &mut mind.watch);
        mind.meter.tell(governed, &mut mind.news);
        desk.tell(&mind.take_news(), &mut mind.watch);
    }
    desk.tell(&mind.take_news(), &mut mind.watch);
    mind.close();
    let _ = fs::remove_file(at);
    Ok(())
}

/// One zone process a zone: the lock ends with the process, however it ends.
fn lock(run: &Path, zone: &str) -> io::Result<File> {
    let zones = run.join("zones");
    fs::create_dir_all(&zones).during(zones.display())?;
    let at = zones.join(format!("{zone}.lock"));
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&at)?;
    let until = Instant::now() + LOCK;
    // An earlier process that was killed a moment ago may still be letting go of things.
    while file.try_lock().is_err() {
        if Instant::now() >= until {
            return Err(Error::other(format!("zone {zone} already has a process")));
        }
        std::thread::sleep(RETRY);
    }
    Ok(file)
}

/// Three descriptors a machine.
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

/// One byte on standard output tells who started us that we listen; then it is let go.
fn say_ready() -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(b"+")?;
    out.flush()?;
    let null = OpenOptions::new().write(true).open("/dev/null")?;
    // SAFETY: open descriptors.
    kernel::done(unsafe { libc::dup2(null.as_raw_fd(), 1) }.into())
}

impl Desk {
    fn greet(&mut self, watch: &mut Watch) {
        while let Ok((stream, _)) = self.listener.accept() {
            self.next += 1;
            if self.clients.len() >= CLIENTS_MAX || stream.set_nonblocking(true).is_err() {
                continue;
            }
            if let Ok(token) = watch.add(stream.as_fd(), Source::Client(self.next)) {
                let greeting = News::Inventory(GREETING, Vec::new());
                let mut client = Client::new(stream, token);
                if client.say(&frame(&greeting).unwrap_or_default(), watch) {
                    self.clients.insert(self.next, client);
                } else {
                    watch.forget(client.stream.as_fd(), token);
                }
            }
        }
    }

    /// Whole orders that have come from a client. One that speaks nonsense is let go.
    fn listen(&mut self, number: u64, watch: &mut Watch) -> Vec<Order> {
        let mut orders = Vec::new();
        let Some(client) = self.clients.get_mut(&number) else { return orders };
        let mut alive = client.read() && client.write(watch);
        while alive && let Some(bytes) = client.message(&mut alive) {
            match serde_json::from_slice(&bytes) {
                Ok(order) => orders.push(order),
                Err(error) => {
                    eprintln!("zone: an order that is none: {error}");
                    alive = false;
                }
            }
        }
        if !alive {
            self.dismiss(number, watch);
        }
        orders
    }

    /// From now on this client hears findings and usage too, first what is known already.
    fn govern(&mut self, number: u64, known: &[News], watch: &mut Watch) {
        let Some(client) = self.clients.get_mut(&number) else { return };
        client.governs = true;
        known.iter().for_each(|news| self.answer(number, news, watch));
    }

    fn tell(&mut self, news: &[News], watch: &mut Watch) {
        let own = |news: &News| matches!(news, News::Findings(..) | News::Usage(..));
        let frames: Vec<(bool, Vec<u8>)> =
            news.iter().filter_map(|news| Some((own(news), frame(news).ok()?))).collect();
        let mut lost = Vec::new();
        for (number, client) in &mut self.clients {
            let governs = client.governs;
            let heard = frames.iter().filter(|(own, _)| governs || !own);
            client.outgoing.extend(heard.flat_map(|(_, frame)| frame));
            if !client.outgoing.is_empty() && !client.write(watch) {
                lost.push(*number);
            }
        }
        lost.into_iter().for_each(|number| self.dismiss(number, watch));
    }

    fn answer(&mut self, number: u64, news: &News, watch: &mut Watch) {
        let Some(client) = self.clients.get_mut(&number) else { return };
        client.outgoing.extend(frame(news).unwrap_or_default());
        if !client.write(watch) {
            self.dismiss(number, watch);
        }
    }

    fn dismiss(&mut self, number: u64, watch: &mut Watch) {
        if let Some(client) = self.clients.remove(&number) {
            watch.forget(client.stream.as_fd(), client.token);
        }
    }
}

impl Client {
    /// The stream does not block, and is watched under this number.
    pub fn new(stream: UnixStream, token: u64) -> Client {
        Client { stream, token, incoming: Vec::new(), outgoing: Vec::new(), governs: false }
    }

    /// Says a frame, now or as soon as there is room; false: nobody listens any more.
    pub fn say(&mut self, frame: &[u8], watch: &mut Watch) -> bool {
        self.outgoing.extend(frame);
        self.write(watch)
    }

    pub fn read(&mut self) -> bool {
        let mut buffer = [0; 64 * 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return false,
                Ok(n) => self.incoming.extend(&buffer[..n]),
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
            }
            if self.incoming.len() > 2 * MESSAGE_MAX {
                return true; // The rest is read when this has been understood.
            }
        }
    }

    pub fn message(&mut self, alive: &mut bool) -> Option<Vec<u8>> {
        let length = self.incoming.first_chunk().map(|n| u32::from_le_bytes(*n) as usize)?;
        if length > MESSAGE_MAX {
            *alive = false;
            return None;
        }
        let bytes = self.incoming.get(4..4 + length)?.to_vec();
        self.incoming.drain(..4 + length);
        Some(bytes)
    }

    pub fn write(&mut self, watch: &mut Watch) -> bool {
        let before = self.outgoing.len();
        while !self.outgoing.is_empty() {
            match self.stream.write(&self.outgoing) {
                Ok(n) => drop(self.outgoing.drain(..n)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        if before > 0 {
            watch.want_room(self.stream.as_fd(), self.token, !self.outgoing.is_empty());
        }
        self.outgoing.len() <= BACKLOG_MAX
    }
}
