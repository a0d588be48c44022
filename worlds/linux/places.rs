//! Doing something at a place of a region from outside the control plane: a command on the
//! internet or in a machine, an import, the end of it all. For processes with one thread.

use crate::anchor::{self, Anchor};
use crate::state::State;
use linux_guest::{News, Order, Seen, ZoneLink, ZonePlace};
use linux_store::{Still, Store};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};
use world::{Health, Id, Zone};

/// A zone's process that does not answer for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Whoever waits for a machine to be up looks again after this long.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A place of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Anywhere outside every router, next to every region.
    Internet,
    /// A city of the internet, as far from each region as on the globe.
    City(String),
    /// Inside a machine that runs.
    Machine(Id),
}

/// The zones whose processes run, by the sockets in the run directory.
pub(crate) fn zones_that_run(run: &Path) -> Vec<Zone> {
    let Ok(entries) = fs::read_dir(run.join("zones")) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut zones: Vec<Zone> =
        names.filter_map(|name| name.strip_suffix(".sock").map(Zone::from)).collect();
    zones.sort();
    zones
}

/// The life of a zone's process: `maquette zone`.
pub fn zone(arguments: &[String]) -> ! {
    linux_guest::zone(arguments)
}

/// The life of a node: `maquette node`.
pub fn node(arguments: &[String]) -> ! {
    linux_node::node(arguments)
}

/// Runs a command at a place: becomes it, or returns its exit code (128 and the signal, when one
/// ended it).
/// Enters the region's namespaces for good.
pub fn run_at(state: &State, anchor: &Anchor, place: &Place, command: &[String]) -> io::Result<u8> {
    anchor.join()?;
    match place {
        Place::Internet => run_in(state, &state.run().join("netns").join("internet"), command),
        Place::City(name) => {
            make_city(state, name)?;
            run_in(state, &linux_net::city_namespace(&state.run(), name), command)
        }
        Place::Machine(id) => {
            let (pid, started) = first_process(state, id)?;
            let words: Vec<OsString> = command.iter().map(OsString::from).collect();
            let code = linux_guest::enter(pid, started, &words)?;
            Ok(code.try_into().unwrap_or(1))
        }
    }
}

/// A machine's first process, once it is up: before, it may still stand in the host's network.
fn first_process(state: &State, id: &Id) -> io::Result<(i32, u64)> {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = machines(state)?.into_iter().find(|seen| seen.id == *id);
        match seen.map(|seen| (seen.health, seen.process)) {
            Some((Health::Ready, Some(process))) => return Ok(process),
            Some((Health::Coming, _)) if Instant::now() < end => thread::sleep(LOOK_AGAIN),
            _ => {
                let why = format!("no machine {id} runs; see `maquette status`");
                return Err(io::Error::other(why));
            }
        }
    }
}

/// Becomes a command in a network of the internet, with its names; returns only if it cannot.
fn run_in(state: &State, space: &Path, command: &[String]) -> io::Result<u8> {
    linux_net::move_to(space)?;
    if let Err(error) = use_model_names(&state.run()) {
        eprintln!("maquette: the host's own resolver is asked for names: {error}");
    }
    let (program, words) = command.split_first().ok_or_else(|| io::Error::other("no command"))?;
    // In this process's place: a signal to it is one to the command.
    let error = Command::new(program).args(words).exec();
    Err(io::Error::new(error.kind(), format!("{program}: {error}")))
}

/// From here on this process, and what it starts, asks the model's own resolver.
fn use_model_names(run: &Path) -> io::Result<()> {
    let folder = run.join("names");
    fs::create_dir_all(&folder)?;
    let resolver = world::INTERNET_RESOLVER;
    let files = [
        ("/etc/resolv.conf", format!("nameserver {resolver}\noptions timeout:3 attempts:2\n")),
        ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n".to_owned()),
    ];
    // SAFETY: unshare takes no pointers.
    if unsafe { libc::unshare(libc::CLONE_NEWNS) } != 0 {
        return Err(io::Error::last_os_error());
    }
    anchor::mount(None, Path::new("/"), None, libc::MS_REC | libc::MS_PRIVATE)?;
    for (at, text) in files {
        let at = Path::new(at);
        let name = at.file_name().unwrap_or_default();
        let own = folder.join(name);
        let new = folder.join(format!("{}.{}", name.display(), std::process::id()));
        fs::write(&new, text)?;
        fs::rename(&new, &own)?;
        // Where the host has no such file, programs go without it too.
        if at.exists() {
            anchor::mount(own.to_str(), at, None, libc::MS_BIND)?;
        }
    }
    Ok(())
}

/// Asks the internet's zone for a city.
fn make_city(state: &State, name: &str) -> io::Result<()> {
    let (sender, heard) = channel();
    let hear = move |news: Option<News>| {
        // The one who asked may have got its answer already.
        let _ = sender.send(news);
    };
    let mut link = ZoneLink::open(&place(state, &Zone::from(world::EDGE)), hear)?;
    link.send(&Order::City(name.to_owned()))?;
    loop {
        match heard.recv_timeout(PATIENCE) {
            Ok(Some(News::City(made, None))) if made == name => return Ok(()),
            Ok(Some(News::City(made, Some(why)))) if made == name => {
                let advice = "a city needs /dev/net/tun, which on some hosts only root may open";
                return Err(io::Error::other(format!("{name} cannot be made: {why}; {advice}")));
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return Err(io::Error::other("the internet's zone is silent")),
        }
    }
}

/// Every machine that any zone's process has. In the region's namespaces.
fn machines(state: &State) -> io::Result<Vec<Seen>> {
    let mut all = Vec::new();
    for zone in zones_that_run(&state.run()) {
        let (sender, heard) = channel();
        let hear = move |news: Option<News>| {
            // The one who asked may have got its answer already.
            let _ = sender.send(news);
        };
        let mut link = ZoneLink::open(&place(state, &zone), hear)?;
        link.send(&Order::Inventory(1))?;
        while let Ok(Some(news)) = heard.recv_timeout(PATIENCE) {
            if let News::Inventory(_, seen) = news {
                all.extend(seen);
                break;
            }
        }
    }
    Ok(all)
}

fn place(state: &State, zone: &Zone) -> ZonePlace {
    ZonePlace {
        run: state.run(),
        zone: zone.clone(),
        tag: format!("maquette-{}", state.tag()),
        program: program(),
    }
}

/// How a zone's process is started; the words that follow are the zone's own.
pub(crate) fn program() -> Vec<PathBuf> {
    vec!["/proc/self/exe".into(), "zone".into()]
}

/// Ends every zone with its machines, and then the namespaces. The control plane is gone already.
pub fn halt(state: &State, anchor: &Anchor) -> io::Result<()> {
    anchor.join()?;
    // Whoever waits for a disk that stalls could not be ended.
    if let Ok(store) = Store::open(&state.store()) {
        for (id, _) in store.disks().unwrap_or_default() {
            store.block(&id).iter().for_each(|block| Still::release(block));
        }
    }
    for zone in zones_that_run(&state.run()) {
        let (sender, heard) = channel();
        let hear = move |news: Option<News>| {
            // Only its end is of interest, and we may have lost patience.
            let _ = sender.send(news.is_none());
        };
        let Ok(mut link) = ZoneLink::open(&place(state, &zone), hear) else { continue };
        if link.send(&Order::Halt).is_ok() {
            while heard.recv_timeout(PATIENCE) == Ok(false) {}
        }
    }
    state.forget_run();
    anchor.end(state)
}

/// Unpacks a root file system as an image of the store.
pub fn import_image(state: &State, path: &Path, name: &str) -> io::Result<()> {
    Store::open(&state.store())?.import(name, path)
}
