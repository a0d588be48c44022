//! The state directory: what lies where, who may look, and that only one region uses it at a time.

use crate::process::Identity;
use linux_store::{Store, seal};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Where a region keeps everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    root: PathBuf,
}

/// The control plane that runs, as it wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The process.
    pub control: Identity,
    /// The port of its API on 127.0.0.1.
    pub port: u16,
    /// How many times shorter than AWS's own its waits are.
    #[serde(default = "one")]
    pub pace: u32,
}

fn one() -> u32 {
    1
}

/// Held for as long as a control plane runs; the kernel lets go of it with the process.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock lives in the open file")] File);

impl State {
    /// The directory `root`, made when it is not there, for its owner alone.
    pub fn open(root: &Path) -> io::Result<State> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(root)?;
        let root = root.canonicalize()?;
        fs::set_permissions(&root, fs::Permissions::from_mode(0o700))?;
        let state = State { root };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(state.run())?;
        Ok(state)
    }

    /// The default: `maquette` below the user's XDG state home.
    pub fn default_root() -> PathBuf {
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/".into()));
        let base = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
        base.filter(|base| base.is_absolute())
            .unwrap_or_else(|| home().join(".local/state"))
            .join("maquette")
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The journal.
    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Disks, snapshots and images.
    pub fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// What lives only as long as the region's namespaces: a memory file system of its own.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// What happened and why, as text.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The log, to write at its end; for its owner alone, like everything here.
    pub fn open_log(&self) -> io::Result<File> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(self.log())
    }

    /// Who keeps the region's namespaces.
    pub fn anchor(&self) -> PathBuf {
        self.root.join("anchor.json")
    }

    /// Twelve hexadecimal digits that tell this state directory from others on the machine.
    pub fn tag(&self) -> String {
        // Names of kernel objects must be short and stable, not secret.
        let hash = seal::fnv(self.root.as_os_str().as_encoded_bytes());
        format!("{:012x}", hash & 0xFFFF_FFFF_FFFF)
    }

    /// Makes this process the only control plane here. `None` when another one is.
    pub fn lock(&self) -> io::Result<Option<Lock>> {
        let path = self.root.join("lock");
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        // SAFETY: flock takes no pointers; the descriptor is open.
        let taken = unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) };
        match taken {
            0 => Ok(Some(Lock(file))),
            _ if io::Error::last_os_error().kind() == io::ErrorKind::WouldBlock => Ok(None),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// The control plane that runs here, if one does.
    pub fn running(&self) -> Option<Running> {
        let text = fs::read(self.root.join("control.json")).ok()?;
        let running: Running = seal::open(&text)?;
        running.control.alive().then_some(running)
    }

    /// Who holds the lock: the control plane, also where what it wrote down is damaged.
    pub fn holder(&self) -> Option<Identity> {
        let inode = fs::metadata(self.root.join("lock")).ok()?.ino().to_string();
        let locks = fs::read_to_string("/proc/locks").ok()?;
        // `1: FLOCK ADVISORY WRITE 2371 08:01:1234 0 EOF` (proc_locks(5)).
        locks.lines().find_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, "FLOCK", _, _, pid, place, ..] = fields[..] else { return None };
            let same = place.rsplit(':').next() == Some(inode.as_str());
            Identity::of(pid.parse().ok().filter(|_| same)?)
        })
    }

    /// The pace that was asked for when the region came up; 1 when nothing is written down.
    pub fn pace(&self) -> u32 {
        let text = fs::read_to_string(self.root.join("pace")).unwrap_or_default();
        text.trim().parse().ok().filter(|pace| *pace > 0).unwrap_or(1)
    }

    /// Writes the pace down for control planes to come.
    pub fn set_pace(&self, pace: u32) -> io::Result<()> {
        self.write("pace", pace.to_string().as_bytes())
    }

    /// What was written down for as long as the region is up.
    pub(crate) fn forget_run(&self) {
        for file in [self.root.join("pace"), linux_node::Doors::file(&self.root)] {
            // Most regions write neither.
            let _ = fs::remove_file(file);
        }
    }

    /// Writes down that this process is the control plane.
    pub fn announce(&self, running: &Running) -> io::Result<()> {
        self.write("control.json", &seal::seal(running)?)
    }

    /// The control plane ends: what it wrote down no longer holds.
    pub fn renounce(&self) {
        // Left behind it does no harm: no process has that id and start time any more.
        let _ = fs::remove_file(self.root.join("control.json"));
    }

    /// The token for the region's own paths, readable by the owner alone. Made at first use, and
    /// anew when it is not as it was written: its last eight digits are a sum over the others.
    pub fn token(&self) -> io::Result<String> {
        if let Some(token) = self.present_token() {
            return Ok(token);
        }
        let mut bytes = [0; 20];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let token = format!("{digits}{}", token_sum(&digits));
        self.write("token", token.as_bytes())?;
        Ok(token)
    }

    fn present_token(&self) -> Option<String> {
        let token = fs::read_to_string(self.root.join("token")).ok()?;
        let (digits, sum) = token.split_at_checked(40)?;
        (sum == token_sum(digits)).then_some(token)
    }

    /// Looks at the small files before they are used, and names what is damaged. What can be is
    /// made anew. For the only control plane here: the lock is held.
    pub fn mend(&self) -> io::Result<Vec<String>> {
        let mut named = Vec::new();
        let token = self.root.join("token");
        if token.exists() && self.present_token().is_none() {
            fs::remove_file(&token)?;
            named.push("token is damaged; a new one was made".to_owned());
        }
        let control = self.root.join("control.json");
        if let Ok(bytes) = fs::read(&control)
            && seal::open::<Running>(&bytes).is_none()
        {
            fs::remove_file(&control)?;
            named.push("control.json is damaged; it is written anew".to_owned());
        }
        // Put aside by whoever looked for the anchor first.
        let aside = self.root.join("anchor.json.damaged");
        if aside.exists() {
            fs::remove_file(&aside)?;
            named.push("anchor.json is damaged; it was written anew".to_owned());
        }
        named.extend(crate::journal::mend(&self.journal())?);
        let lost = Store::open(&self.store())?.damaged()?;
        named.extend(lost.iter().map(|id| format!("the record of {id} is damaged; not served")));
        Ok(named)
    }

    /// Writes a small file whole or not at all, for the owner alone.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.root.join(format!("{name}.new"));
        let mut file =
            OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(new, self.root.join(name))
    }
}

fn token_sum(digits: &str) -> String {
    format!("{:08x}", seal::fnv(digits.as_bytes()) as u32)
}
