//! What this host allows, probed by trying: one finding for each promise that depends on it.

use crate::state::State;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

/// One promise and whether it holds here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is promised.
    pub promise: String,
    /// Whether it holds.
    pub holds: bool,
    /// Whether a region can start without it.
    pub needed: bool,
    /// What to do where it does not.
    pub advice: String,
}

/// Probes everything. Changes nothing on the host.
pub fn examine(state: &State) -> Vec<Finding> {
    // SAFETY: geteuid cannot fail.
    let root = unsafe { libc::geteuid() } == 0;
    let mut findings = needed(root);
    findings.extend(wished(root));
    let journal = state.root().display();
    findings.push(finding(
        true,
        fs::write(state.root().join(".probe"), b"").is_ok()
            && fs::remove_file(state.root().join(".probe")).is_ok(),
        "durable state",
        &format!("{journal} cannot be written; choose another with --state."),
    ));
    findings
}

fn finding(needed: bool, holds: bool, promise: &str, advice: &str) -> Finding {
    Finding { promise: promise.to_owned(), holds, needed, advice: advice.to_owned() }
}

/// Without these no region starts.
fn needed(root: bool) -> Vec<Finding> {
    vec![
        finding(
            true,
            works("unshare", &[if root { "-nm" } else { "-Urnm" }, "true"]),
            "networks: network and mount namespaces",
            "Run as root, or allow unprivileged user namespaces (Ubuntu: an AppArmor profile for \
             maquette; Debian: sysctl kernel.unprivileged_userns_clone=1).",
        ),
        finding(
            true,
            Path::new("/proc/net/netlink").exists() && kernel_has("nf_tables"),
            "security groups and network ACLs: nftables in the kernel",
            "Use a kernel with CONFIG_NF_TABLES and CONFIG_NF_CONNTRACK (every distribution's).",
        ),
        finding(
            true,
            fs::read_link("/bin").is_ok_and(|to| to.ends_with("usr/bin")),
            "the built-in AMIs: this host's own /usr",
            "The host's /usr is not merged; import an image with `maquette image import`.",
        ),
    ]
}

/// Without one of these the promise that it names is refused.
fn wished(root: bool) -> Vec<Finding> {
    let sshd = Path::new("/usr/sbin/sshd").exists();
    let short = linux_guest::shortfalls();
    vec![
        finding(
            false,
            root,
            "EBS volumes as block devices",
            "Needs root for loop devices; without it AttachVolume is refused.",
        ),
        finding(
            false,
            root && sshd,
            "SSH into instances of the built-in AMIs",
            match root {
                true => {
                    "Install openssh-server on this host (it need not run); `maquette ssh` works."
                }
                false => "Its logins need several user ids; run as root. `maquette ssh` works.",
            },
        ),
        finding(
            false,
            File::options().read(true).write(true).open("/dev/net/tun").is_ok(),
            "`maquette as CITY` and `--from CITY`: places as far away as on the globe",
            "Run as root, or let this user open /dev/net/tun; `maquette as internet` always works.",
        ),
        finding(
            false,
            Path::new("/usr/bin/python3").exists(),
            "the stories' services, written in Python",
            "Install python3.",
        ),
        finding(
            false,
            short.is_empty(),
            "instances held to the CPU, memory and process limits of their type",
            &format!(
                "{}. Root has them; an ordinary user needs delegated cgroups.",
                short.join("; ")
            ),
        ),
    ]
}

fn works(program: &str, words: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn kernel_has(module: &str) -> bool {
    let listed = fs::read_to_string("/proc/modules").unwrap_or_default();
    let loaded = listed.lines().any(|line| line.split(' ').next() == Some(module));
    loaded || Path::new("/proc/sys/net/netfilter").exists() || !Path::new("/proc/modules").exists()
}
