//! The metadata address of a zone's machines. A process of its own, a child of the zone process:
//! what reads bytes from machines shall not be what supervises them, and the zone process must
//! keep to one thread. It is told everything and remembers nothing.

use crate::kernel::{self, Cloned};
use crate::link::{self, frame};
use linux_store::During;
use metadata::{Card, Lookup};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Error, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use world::Id;

/// Where machines ask.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// A process that takes no message for so long is replaced.
const PATIENCE: Duration = Duration::from_secs(2);
/// Processes that may fail one after the other before it is given up.
const FAILURES_MAX: u32 = 5;

/// What the process is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Told {
    Serve(Id, PathBuf, u16),
    End(Id),
    Face(Id, Vec<(Id, Ipv4Addr)>, Box<world::Card>),
    NoFace(Id),
}

/// The zone process' end.
pub struct Outside {
    stream: UnixStream,
    process: OwnedFd,
    pid: i32,
    /// For [`crate::zone::Watch::forget`].
    pub token: u64,
}

/// What must be told to a new process.
#[derive(Default)]
pub struct Desired {
    /// Router to network namespace and port.
    pub served: BTreeMap<Id, (PathBuf, u16)>,
    secret: Vec<u8>,
    failures: u32,
}

impl Desired {
    /// Starts a process, which knows nothing yet. The caller must have one thread.
    pub fn start(&mut self) -> io::Result<Outside> {
        if self.failures >= FAILURES_MAX {
            return Err(Error::other("the metadata service fails again and again"));
        }
        self.failures += 1;
        if self.secret.is_empty() {
            // As long as this zone process lives, and with it the machines, tokens stay good.
            let mut secret = [0; 32];
            File::open("/dev/urandom")?.read_exact(&mut secret)?;
            self.secret = secret.to_vec();
        }
        let (stream, theirs) = UnixStream::pair()?;
        match kernel::clone(0)? {
            Cloned::Parent(pid, process) => {
                stream.set_write_timeout(Some(PATIENCE))?;
                Ok(Outside { stream, process, pid, token: 0 })
            }
            Cloned::Child => {
                let ended = std::panic::catch_unwind(|| attend(theirs, &self.secret));
                if let Ok(Err(error)) = ended {
                    eprintln!("metadata: {error}");
                }
                // SAFETY: ends the child.
                unsafe { libc::_exit(1) }
            }
        }
    }

    /// It has shown that it works.
    pub fn works(&mut self) {
        self.failures = 0;
    }
}

impl Outside {
    /// Serves a router; failures come back through [`Outside::heard`].
    pub fn serve(&mut self, router: &Id, netns: &Path, port: u16) -> io::Result<()> {
        self.tell(&Told::Serve(router.clone(), netns.to_owned(), port))
    }

    pub fn end(&mut self, router: &Id) -> io::Result<()> {
        self.tell(&Told::End(router.clone()))
    }

    /// Who asks from these addresses, and what it may learn.
    pub fn face(
        &mut self,
        machine: &Id,
        addresses: &[(Id, Ipv4Addr)],
        card: &world::Card,
    ) -> io::Result<()> {
        self.tell(&Told::Face(machine.clone(), addresses.to_vec(), Box::new(card.clone())))
    }

    pub fn no_face(&mut self, machine: &Id) -> io::Result<()> {
        self.tell(&Told::NoFace(machine.clone()))
    }

    /// The answer to [`Outside::serve`]: a router, and why not. An error: the process is lost.
    pub fn heard(&mut self) -> io::Result<(Id, Option<String>)> {
        link::receive(&mut self.stream)
    }

    fn tell(&mut self, told: &Told) -> io::Result<()> {
        self.stream.write_all(&frame(told)?)
    }
}

impl AsFd for Outside {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = kernel::signal(self.process.as_fd(), libc::SIGKILL);
        // SAFETY: our own child, which ends now.
        unsafe { libc::waitpid(self.pid, std::ptr::null_mut(), 0) };
    }
}

// === the process ===

type Faces = Arc<RwLock<HashMap<(Id, Ipv4Addr), (String, Arc<Card>)>>>;

fn attend(mut stream: UnixStream, secret: &[u8]) -> io::Result<()> {
    kernel::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)?;
    kernel::close_others(&[stream.as_raw_fd()]);
    let home = File::open("/proc/self/ns/net")?;
    let door = http_door::Door::open(metadata::limits())?;
    let faces = Faces::default();
    let mut listening = BTreeMap::new();
    loop {
        match link::receive(&mut stream)? {
            Told::Serve(router, netns, port) => {
                listening.remove(&router);
                let made = listen(&home, &netns, port).and_then(|listener| {
                    let lookup = lookup(router.clone(), faces.clone());
                    metadata::attend(&door, listener, lookup, secret)
                });
                let reason = match made {
                    Ok(held) => {
                        listening.insert(router.clone(), held);
                        None
                    }
                    Err(error) => Some(error.to_string()),
                };
                stream.write_all(&frame(&(router, reason))?)?;
            }
            Told::End(router) => drop(listening.remove(&router)),
            Told::Face(machine, addresses, card) => {
                let card = Arc::new(metadata_card(*card));
                let mut faces = faces.write().unwrap_or_else(PoisonError::into_inner);
                faces.retain(|_, (owner, _)| owner != machine.as_str());
                for at in addresses {
                    faces.insert(at, (machine.as_str().to_owned(), card.clone()));
                }
            }
            Told::NoFace(machine) => {
                let mut faces = faces.write().unwrap_or_else(PoisonError::into_inner);
                faces.retain(|_, (owner, _)| owner != machine.as_str());
            }
        }
    }
}

fn lookup(router: Id, faces: Faces) -> Lookup {
    Arc::new(move |address| {
        let IpAddr::V4(address) = address else { return None };
        let faces = faces.read().unwrap_or_else(PoisonError::into_inner);
        faces.get(&(router.clone(), address)).cloned()
    })
}

/// A socket belongs to the namespace in which it was made; only that happens there.
fn listen(home: &File, netns: &Path, port: u16) -> io::Result<TcpListener> {
    let there = File::open(netns).during(netns.display())?;
    kernel::set_namespace(there.as_fd(), libc::CLONE_NEWNET).during("entering a router")?;
    let listener = TcpListener::bind((ADDRESS, port)).during("listening for metadata");
    kernel::set_namespace(home.as_fd(), libc::CLONE_NEWNET).during("coming back")?;
    listener
}

fn metadata_card(card: world::Card) -> Card {
    Card {
        enabled: card.enabled,
        tokens_required: card.tokens_required,
        hop_limit: card.hop_limit,
        // What may not be seen is not in the tree.
        tags_enabled: true,
        tree: card.tree,
        user_data: card.user_data,
    }
}
