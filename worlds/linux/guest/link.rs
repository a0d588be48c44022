//! The control plane's end of its link to a zone process: connects to the one that runs, or starts
//! one. It runs on when the control plane ends.

use crate::message::{News, Order};
use linux_store::During;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Error, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;
use world::Zone;

/// A message longer than this is not ours.
pub const MESSAGE_MAX: usize = 64 << 20;
/// A zone process that takes no orders for so long is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a zone process is, and how to start it.
#[derive(Debug, Clone)]
pub struct ZonePlace {
    /// The region's run directory.
    pub run: PathBuf,
    /// The zone.
    pub zone: Zone,
    /// The name of the state directory in names of kernel objects: `maquette-1f2e3d`.
    pub tag: String,
    /// The program and its first words, which call [`crate::zone`] with the words that follow.
    pub program: Vec<PathBuf>,
}

/// The number of the empty inventory with which a zone process greets.
pub const GREETING: u64 = 0;

/// A link to a zone process.
#[derive(Debug)]
pub struct ZoneLink {
    stream: UnixStream,
    /// The process id of the zone process.
    pub pid: i32,
}

/// The socket of a zone in a run directory.
pub fn socket(run: &Path, zone: &str) -> PathBuf {
    run.join("zones").join(format!("{zone}.sock"))
}

impl ZoneLink {
    /// Connects to the zone process, started if none runs. `hear` is called on a thread of its own
    /// with each piece of news, and with none, once, when the zone process is lost.
    pub fn open(
        place: &ZonePlace,
        hear: impl FnMut(Option<News>) + Send + 'static,
    ) -> io::Result<ZoneLink> {
        let stream = match Self::connect(place) {
            Ok(found) => found,
            Err(_) => {
                start(place)?;
                Self::connect(place)?
            }
        };
        let pid = peer(&stream)?;
        let mut reader = stream.try_clone()?;
        let mut hear = hear;
        thread::Builder::new().name(format!("zone {}", place.zone)).spawn(move || {
            while let Ok(news) = receive(&mut reader) {
                hear(Some(news));
            }
            hear(None);
        })?;
        Ok(ZoneLink { stream, pid })
    }

    /// Connects only if a zone process runs. One that is just dying may still let us in, but does
    /// not greet.
    fn connect(place: &ZonePlace) -> io::Result<UnixStream> {
        let at = socket(&place.run, place.zone.as_str());
        let mut stream = UnixStream::connect(&at).during(at.display())?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let _: News = receive(&mut stream).during(at.display())?;
        stream.set_read_timeout(None)?;
        Ok(stream)
    }

    /// Sends an order; an error means that the zone process is lost.
    pub fn send(&mut self, order: &Order) -> io::Result<()> {
        self.stream.write_all(&frame(order)?)
    }
}

impl Drop for ZoneLink {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

/// A message as it goes over the socket.
pub fn frame<T: serde::Serialize>(message: &T) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, message)?;
    let length = bytes.len() - 4;
    if length > MESSAGE_MAX {
        return Err(Error::new(io::ErrorKind::InvalidInput, "message too long"));
    }
    bytes[..4].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(bytes)
}

/// The next message.
pub fn receive<T: serde::de::DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MESSAGE_MAX {
        return Err(Error::other("message too long"));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}

fn peer(stream: &UnixStream) -> io::Result<i32> {
    use std::os::fd::AsRawFd;
    let mut who = libc::ucred { pid: 0, uid: 0, gid: 0 };
    let mut size = size_of::<libc::ucred>() as libc::socklen_t;
    let (fd, option) = (stream.as_raw_fd(), libc::SO_PEERCRED);
    // SAFETY: room for a struct ucred.
    let done =
        unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, option, (&raw mut who).cast(), &mut size) };
    crate::kernel::done(done.into())?;
    Ok(who.pid)
}

/// Starts the zone process and waits until it listens.
fn start(place: &ZonePlace) -> io::Result<()> {
    let zones = place.run.join("zones");
    fs::create_dir_all(&zones).during(zones.display())?;
    let log_path = zones.join(format!("{}.log", place.zone));
    let log = OpenOptions::new().create(true).append(true).open(&log_path)?;
    let (program, words) =
        place.program.split_first().ok_or_else(|| Error::other("no program for zones"))?;
    let mut command = Command::new(program);
    command.args(words).arg("--run").arg(&place.run);
    command.args(["--zone", place.zone.as_str(), "--tag", &place.tag]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    // SAFETY: a call that is safe between fork and exec. A session of its own: what ends the
    // control plane's terminal does not end it.
    unsafe {
        command.pre_exec(|| {
            libc::setsid();
            Ok(())
        });
    }
    let mut child = command.spawn().during(program.display())?;
    let mut ready = [0];
    let said = match &mut child.stdout {
        Some(out) => out.read(&mut ready)?,
        None => 0,
    };
    // It is reaped whenever it ends, so that no trace of it stays while we live.
    thread::Builder::new().name("zone's end".to_owned()).spawn(move || child.wait())?;
    if said == 1 {
        return Ok(());
    }
    let log = File::open(&log_path).and_then(io::read_to_string).unwrap_or_default();
    let last = log.lines().last().unwrap_or("it said nothing").to_owned();
    Err(Error::other(format!("the zone process of {} did not start: {last}", place.zone)))
}
