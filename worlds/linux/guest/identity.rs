//! The files that make an image this machine: names, addresses, keys and the user data, written
//! from inside, after the pivot, so that a link on the disk leads nowhere else.

use crate::message::MachineOrder;
use linux_store::During;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, lchown};
use std::path::{Path, PathBuf};

/// Where the marks are that something was done once.
const MARKS: &str = "/var/lib/maquette";
const SSHD: [&str; 2] = ["/usr/sbin/sshd", "/usr/bin/sshd"];
const HOST_KEY: &str = "/etc/ssh/ssh_host_ed25519_key";
const SSHD_CONFIG: &str = "\
Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
AcceptEnv LANG LC_*
AuthorizedKeysFile .ssh/authorized_keys
Subsystem sftp internal-sftp
";

/// Writes what this machine needs to know; returns what a person at the console should.
pub fn prepare(order: &MachineOrder) -> Vec<String> {
    let mut lines = Vec::new();
    let mut note = |what: &str, done: io::Result<()>| {
        if let Err(error) = done {
            lines.push(format!("{what}: {error}"));
        }
    };
    let text = match (order.nameserver, &order.search) {
        (Some(server), Some(search)) => {
            format!("search {search}\nnameserver {server}\noptions timeout:2 attempts:2\n")
        }
        (Some(server), None) => format!("nameserver {server}\noptions timeout:2 attempts:2\n"),
        // Nobody listens on its loopback: lookups fail at once.
        (None, _) => "# Nobody answers for names here.\n".to_owned(),
    };
    note("resolv.conf", write("/etc/resolv.conf", &text, 0o644));
    if mark(order, "named").is_some_and(|first| first) {
        let name = &order.guest.hostname;
        note("hostname", write("/etc/hostname", &format!("{name}\n"), 0o644));
        let short = name.split('.').next().unwrap_or(name);
        let address = order.addresses.first().map_or("127.0.1.1".to_owned(), |a| a.1.to_string());
        let hosts = format!("127.0.0.1 localhost\n{address} {name} {short}\n");
        note("hosts", write("/etc/hosts", &hosts, 0o644));
        note("machine-id", write("/etc/machine-id", &machine_id(order), 0o444));
        if !order.guest.keys.is_empty() {
            note("keys", keys(&order.guest.keys));
        }
    }
    if !order.guest.keys.is_empty() && single_id() {
        lines.push(
            "no SSH server: its logins need several user ids, and this region has one; \
             `maquette ssh` works without"
                .to_owned(),
        );
    } else if !order.guest.keys.is_empty() && ssh_program().is_none() {
        lines.push(
            "no SSH server in this image: install openssh-server on the host, or in the image; \
             `maquette ssh` works without"
                .to_owned(),
        );
    }
    lines
}

/// Whether this has now been marked for the first time for this machine on this disk; none when
/// marks cannot be written.
fn mark(order: &MachineOrder, what: &str) -> Option<bool> {
    let path = Path::new(MARKS).join(format!("{what}-{}", order.id));
    if path.exists() {
        return Some(false);
    }
    fs::create_dir_all(MARKS).ok()?;
    fs::write(&path, "").ok()?;
    Some(true)
}

fn machine_id(order: &MachineOrder) -> String {
    let step = |hash: u128, byte: u8| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    };
    let start = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    format!("{:032x}\n", order.id.as_str().bytes().fold(start, step))
}

/// Lets the holders of these keys log in as root and as the customer's users of the image.
fn keys(keys: &[String]) -> io::Result<()> {
    let text = keys.join("\n") + "\n";
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    for line in passwd.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, uid, gid, _, home, ..] = fields.as_slice() else { continue };
        let known = ["root", "ec2-user", "ubuntu", "admin"];
        let (true, Ok(uid), Ok(gid)) = (known.contains(name), uid.parse(), gid.parse()) else {
            continue;
        };
        let directory = Path::new(home).join(".ssh");
        fs::create_dir_all(&directory).during(directory.display())?;
        fs::set_permissions(&directory, Permissions::from_mode(0o700))?;
        let file = directory.join("authorized_keys");
        fs::write(&file, &text)?;
        fs::set_permissions(&file, Permissions::from_mode(0o600))?;
        for path in [&directory, &file] {
            // Without a range of ids everything belongs to the one user that there is.
            let _ = lchown(path, Some(uid), Some(gid));
        }
    }
    Ok(())
}

/// Whether this region's user namespace knows only one user.
fn single_id() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let counts = map.lines().filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok());
    counts.sum::<u64>() == 1
}

fn ssh_program() -> Option<&'static str> {
    SSHD.into_iter().find(|path| Path::new(path).exists())
}

/// How to start the SSH server, when there is one and somebody may log in.
pub fn ssh_server() -> Option<[String; 3]> {
    let program = ssh_program().filter(|_| !single_id())?;
    if !Path::new("/root/.ssh/authorized_keys").exists() {
        return None;
    }
    let _ = fs::create_dir_all("/run/sshd");
    if !Path::new("/etc/ssh/sshd_config").exists() {
        let _ = write("/etc/ssh/sshd_config", SSHD_CONFIG, 0o644);
    }
    let script = format!(
        "test -s {HOST_KEY} || ssh-keygen -q -t ed25519 -N '' -f {HOST_KEY}; exec {program} -D -e"
    );
    Some(["/bin/sh".to_owned(), "-c".to_owned(), script])
}

/// The user data as a program to run now, if this is the first boot of this machine on this disk.
pub fn first_boot(order: &MachineOrder) -> io::Result<Option<PathBuf>> {
    let Some(data) = &order.guest.first_boot else { return Ok(None) };
    match mark(order, "first-boot") {
        Some(true) => {}
        Some(false) => return Ok(None),
        None => return Err(io::Error::other("the disk takes no mark, so it is not run")),
    }
    if !data.starts_with(b"#!") {
        return Err(io::Error::other("not a script (no #! at its start), so it is not run"));
    }
    let directory = Path::new("/var/lib/cloud/instances").join(order.id.as_str());
    fs::create_dir_all(&directory).during(directory.display())?;
    let file = directory.join("user-data.txt");
    fs::write(&file, data)?;
    fs::set_permissions(&file, Permissions::from_mode(0o700))?;
    Ok(Some(file))
}

fn write(at: &str, text: &str, mode: u32) -> io::Result<()> {
    let path = Path::new(at);
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    // Images often have a link here into a directory that only their own init makes.
    if path.is_symlink() {
        fs::remove_file(path)?;
    }
    if path.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o200 == 0) {
        fs::remove_file(path)?;
    }
    fs::write(path, text)?;
    fs::set_permissions(path, Permissions::from_mode(mode))
}
