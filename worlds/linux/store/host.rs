//! The image `host`: a small skeleton of `/` made from an allow-list, over which the host's own
//! `/usr` is shown. Nothing of /home, /root, /var, and nothing of /etc that not everybody may read.

use crate::During;
use crate::copy::{Trees, lchown};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

/// Rises when the skeleton is made differently, so that an old one is not used.
const EDITION: u32 = 1;

/// What of /etc programs need to run; secrets and the host's own settings are not on the list.
const ETC: &[&str] = &[
    "alternatives",
    "bash.bashrc",
    "bindresvport.blacklist",
    "ca-certificates",
    "ca-certificates.conf",
    "debian_version",
    "ethertypes",
    "gai.conf",
    "host.conf",
    "inputrc",
    "iproute2",
    "issue",
    "issue.net",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "libaudit.conf",
    "locale.alias",
    "localtime",
    "login.defs",
    "magic",
    "magic.mime",
    "mailcap",
    "mime.types",
    "mke2fs.conf",
    "netconfig",
    "networks",
    "nsswitch.conf",
    "os-release",
    "pam.conf",
    "pam.d",
    "perl",
    "profile",
    "profile.d",
    "protocols",
    "python3",
    "python3.11",
    "python3.12",
    "python3.13",
    "redhat-release",
    "rpc",
    "security",
    "services",
    "shells",
    "skel",
    "ssl/certs",
    "ssl/openssl.cnf",
    "terminfo",
    "timezone",
    "xattr.conf",
    "crypto-policies",
    "pki",
];

/// Directories of the skeleton and their modes.
const DIRECTORIES: &[(&str, u32)] = &[
    ("boot", 0o755),
    ("dev", 0o755),
    ("etc", 0o755),
    ("etc/ssl", 0o755),
    ("etc/ssl/private", 0o700),
    ("etc/ssh", 0o755),
    ("home", 0o755),
    ("media", 0o755),
    ("mnt", 0o755),
    ("opt", 0o755),
    ("proc", 0o555),
    ("root", 0o700),
    ("run", 0o755),
    ("srv", 0o755),
    ("sys", 0o555),
    ("tmp", 0o1777),
    ("usr", 0o755),
    ("var", 0o755),
    ("var/cache", 0o755),
    ("var/lib", 0o755),
    ("var/lib/cloud", 0o755),
    ("var/lib/cloud/scripts", 0o755),
    ("var/lib/cloud/scripts/per-boot", 0o755),
    ("var/log", 0o755),
    ("var/mail", 0o775),
    ("var/opt", 0o755),
    ("var/spool", 0o755),
    ("var/tmp", 0o1777),
];

/// Users of the customer, with their ids; AWS's images know them by these names.
pub const USERS: &[(&str, u32)] = &[("ec2-user", 1000), ("ubuntu", 1001)];

/// Switches the machine off the way that its first program understands (systemd's signals).
const SWITCHES: &[(&str, &str)] =
    &[("poweroff", "RTMIN+4"), ("halt", "RTMIN+3"), ("shutdown", ""), ("reboot", "RTMIN+5")];

/// What changes when the host's packages do: times of the files that follow them. A skeleton made
/// before is not used for new boots then; what a machine has written lies above either.
pub fn edition() -> String {
    use std::os::unix::fs::MetadataExt;
    let files =
        ["/etc/alternatives", "/etc/group", "/etc/ld.so.cache", "/etc/passwd", "/etc/pam.d"];
    let times = files.iter().filter_map(|file| fs::metadata(file).ok());
    let step = |hash: u64, time: i64| (hash ^ time as u64).wrapping_mul(0x100_0000_01b3);
    let times = times.flat_map(|meta| [meta.mtime(), meta.mtime_nsec()]);
    format!("{EDITION}-{:x}", times.fold(0xcbf2_9ce4_8422_2325, step))
}

/// Builds the skeleton (`root`) and the thin layer above the host's `/usr` (`usr`) under `at`.
pub fn build(at: &Path) -> io::Result<()> {
    let root = at.join("root");
    for (path, mode) in DIRECTORIES {
        let path = root.join(path);
        fs::create_dir_all(&path).during(path.display())?;
        fs::set_permissions(&path, Permissions::from_mode(*mode))?;
    }
    for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
        let host = Path::new("/").join(name);
        match fs::read_link(&host) {
            Ok(target) => symlink(target, root.join(name))?,
            Err(_) if host.is_dir() => {
                return Err(io::Error::other(format!(
                    "{} is not a link into /usr: this host cannot serve as an image, import one",
                    host.display()
                )));
            }
            Err(_) => {}
        }
    }
    symlink("../run", root.join("var/run"))?;
    symlink("../run/lock", root.join("var/lock"))?;
    symlink("/proc/self/mounts", root.join("etc/mtab"))?;
    let mut trees = Trees::only_public();
    for name in ETC {
        let from = Path::new("/etc").join(name);
        if from.symlink_metadata().is_ok() {
            trees.copy(&from, &root.join("etc").join(name)).during(from.display())?;
        }
    }
    accounts(&root)?;
    switches(&at.join("usr"))
}

fn accounts(root: &Path) -> io::Result<()> {
    // System accounts are kept so that the host's packages find their users; people are not.
    let system = |file: &str| -> String {
        let text = fs::read_to_string(Path::new("/etc").join(file)).unwrap_or_default();
        let is_system = |line: &&str| {
            let id = line.split(':').nth(2).and_then(|id| id.parse::<u32>().ok());
            id.is_some_and(|id| (1..1000).contains(&id) || id == 65534)
        };
        text.lines().filter(is_system).map(plain_account).collect()
    };
    let mut passwd = "root:x:0:0:root:/root:/bin/bash\n".to_owned() + &system("passwd");
    let mut group = "root:x:0:\n".to_owned() + &system("group");
    if !passwd.contains("\nsshd:") {
        passwd += "sshd:x:74:65534::/run/sshd:/usr/sbin/nologin\n";
    }
    for (name, id) in USERS {
        passwd += &format!("{name}:x:{id}:{id}:{name}:/home/{name}:/bin/bash\n");
        group += &format!("{name}:x:{id}:\n");
        let home = root.join("home").join(name);
        fs::create_dir_all(&home)?;
        fs::set_permissions(&home, Permissions::from_mode(0o750))?;
        // Without a range of ids the home stays the one user's that there is.
        let _ = lchown(&home, *id, *id);
    }
    let shadow: String = passwd
        .lines()
        .filter_map(|l| l.split(':').next())
        .map(|n| format!("{n}:*:19000::::::\n"))
        .collect();
    write(root, "etc/passwd", &passwd, 0o644)?;
    write(root, "etc/group", &group, 0o644)?;
    write(root, "etc/shadow", &shadow, 0o600)?;
    write(root, "etc/gshadow", "", 0o600)?;
    write(root, "etc/fstab", "", 0o644)?;
    write(root, "etc/environment", "", 0o644)?;
    write(root, "etc/motd", "", 0o644)
}

/// An account or group line without a person's comment or a member list.
fn plain_account(line: &str) -> String {
    let fields: Vec<&str> = line.split(':').collect();
    match fields.as_slice() {
        [name, _, uid, gid, _, home, shell] => format!("{name}:x:{uid}:{gid}::{home}:{shell}\n"),
        [name, _, gid, _] => format!("{name}:x:{gid}:\n"),
        _ => String::new(),
    }
}

fn switches(usr: &Path) -> io::Result<()> {
    fs::create_dir_all(usr.join("sbin"))?;
    for (name, signal) in SWITCHES {
        let text = if signal.is_empty() {
            "#!/bin/sh\ncase \" $* \" in\n*' -r '*) s=RTMIN+5;;\n*' -c '*) exit 0;;\n\
             *) s=RTMIN+4;;\nesac\n\
             exec kill -s $s 1\n"
                .to_owned()
        } else {
            format!("#!/bin/sh\nexec kill -s {signal} 1\n")
        };
        // `kill` of dash knows no real-time names by themselves; the numbers are 34 + n.
        let text = text.replace("RTMIN+3", "37").replace("RTMIN+4", "38").replace("RTMIN+5", "39");
        write(usr, &format!("sbin/{name}"), &text, 0o755)?;
    }
    Ok(())
}

fn write(root: &Path, name: &str, text: &str, mode: u32) -> io::Result<()> {
    let path = root.join(name);
    fs::write(&path, text).during(path.display())?;
    fs::set_permissions(&path, Permissions::from_mode(mode))
}
