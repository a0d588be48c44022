//! What a machine is told about its processors and memory: texts that stand in for the kernel's
//! files, which would show the whole host. A picture at boot, not a meter.

use std::fmt::Write;
use world::Size;

/// How many processors a machine of this size has.
pub fn processors(size: &Size) -> usize {
    size.millicpus.div_ceil(1000).max(1) as usize
}

/// On which of the host's processors a machine runs; all, when it has as many as the host or more.
pub fn placement(size: &Size, id: &str, host: &[usize]) -> Vec<usize> {
    let wanted = processors(size);
    if wanted >= host.len() {
        return host.to_vec();
    }
    // FNV-1a: machines spread evenly, and each keeps its place.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let first = id.bytes().fold(0xcbf2_9ce4_8422_2325, step) as usize;
    let mut found: Vec<usize> = (0..wanted).map(|n| host[(first + n) % host.len()]).collect();
    found.sort_unstable();
    found
}

/// `0-3`, as the kernel writes lists of processors.
pub fn online(count: usize) -> String {
    if count == 1 { "0\n".to_owned() } else { format!("0-{}\n", count - 1) }
}

/// `0,2`, as the kernel reads them.
pub fn list(processors: &[usize]) -> String {
    processors.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
}

/// `/proc/meminfo` of a machine with this much memory, without swap.
pub fn meminfo(memory: u64) -> String {
    let total = memory / 1024;
    let used = (total / 20).min(96 * 1024);
    let mut text = String::new();
    let rows = [
        ("MemTotal", total),
        ("MemFree", total - used),
        ("MemAvailable", total - used),
        ("Buffers", 0),
        ("Cached", used / 2),
        ("SwapCached", 0),
        ("Active", used / 2),
        ("Inactive", used / 4),
        ("SwapTotal", 0),
        ("SwapFree", 0),
        ("Dirty", 0),
        ("Writeback", 0),
        ("AnonPages", used / 2),
        ("Mapped", used / 4),
        ("Shmem", 0),
        ("Slab", used / 8),
        ("SReclaimable", 0),
        ("SUnreclaim", used / 8),
        ("CommitLimit", total),
        ("Committed_AS", used),
    ];
    for (name, kib) in rows {
        let name = format!("{name}:");
        let _ = writeln!(text, "{name:<16}{kib:>8} kB");
    }
    text
}

/// `/proc/cpuinfo` with `count` processors like the host's first one.
pub fn cpuinfo(host: &str, count: usize) -> String {
    let first = host.split("\n\n").next().unwrap_or_default();
    let mut text = String::new();
    for number in 0..count {
        for line in first.lines() {
            let (key, value) = line.split_once(':').unwrap_or((line, ""));
            let value = match key.trim() {
                "processor" | "core id" | "apicid" | "initial apicid" => format!(" {number}"),
                "siblings" | "cpu cores" => format!(" {count}"),
                "physical id" => " 0".to_owned(),
                _ => value.to_owned(),
            };
            let _ = writeln!(text, "{key}:{value}");
        }
        text.push('\n');
    }
    text
}
