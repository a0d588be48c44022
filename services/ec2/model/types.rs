//! The instance types that exist here, from `types.txt`.

use world::Size;

/// An instance type.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceType {
    /// `t3.micro`.
    pub name: &'static str,
    /// Virtual processors.
    pub vcpus: u32,
    /// Virtual processors of one core.
    pub threads: u32,
    /// Memory.
    pub mib: u32,
    /// Network interfaces, at most.
    pub interfaces: usize,
    /// Private addresses of each, at most.
    pub addresses: usize,
    /// Sustained clock speed; what AWS says, not what the host has.
    pub ghz: f64,
    /// `Intel` or `AMD`.
    pub maker: &'static str,
    /// Whether AWS still offers it as current.
    pub current: bool,
    /// `Up to 5 Gigabit`; what AWS says, not what the host has.
    pub network: &'static str,
}

/// All of them, in the order of the table.
pub fn all() -> impl Iterator<Item = InstanceType> {
    include_str!("types.txt").lines().filter_map(parse)
}

/// The one of this name.
pub fn named(name: &str) -> Option<InstanceType> {
    all().find(|kind| kind.name == name)
}

fn parse(line: &'static str) -> Option<InstanceType> {
    if line.starts_with('#') {
        return None;
    }
    let mut words = line.splitn(10, ' ');
    Some(InstanceType {
        name: words.next()?,
        vcpus: words.next()?.parse().ok()?,
        threads: words.next()?.parse().ok()?,
        mib: words.next()?.parse().ok()?,
        interfaces: words.next()?.parse().ok()?,
        addresses: words.next()?.parse().ok()?,
        ghz: words.next()?.parse().ok()?,
        maker: if words.next()? == "amd" { "AMD" } else { "Intel" },
        current: words.next()? == "current",
        network: words.next()?,
    })
}

impl InstanceType {
    /// `t3` of `t3.micro`.
    pub fn family(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }

    /// Whether AWS gives it processor credits.
    pub fn burstable(&self) -> bool {
        self.name.starts_with('t')
    }

    /// `xen` or `nitro`.
    pub fn hypervisor(&self) -> &'static str {
        if matches!(self.family(), "t2" | "m4") { "xen" } else { "nitro" }
    }

    /// What the world lets its machines use. Processes and threads: one for each 512 KiB of
    /// memory, as Linux itself reckons roughly, within 512 and 32,768.
    pub fn size(&self) -> Size {
        Size {
            millicpus: self.vcpus * 1_000,
            memory: u64::from(self.mib) << 20,
            pids: (self.mib * 2).clamp(512, 32_768),
        }
    }
}
