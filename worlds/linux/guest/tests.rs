//! The parts that need no machine: facts, the control groups of a host that has only version 2.

use crate::facts;
use crate::limits::Limits;
use world::Size;

const SIZE: Size = Size { millicpus: 2500, memory: 1 << 30, pids: 10 };

#[test]
fn a_machine_has_whole_processors_and_keeps_its_place() {
    assert_eq!(facts::processors(&SIZE), 3);
    assert_eq!(facts::processors(&Size { millicpus: 100, ..SIZE }), 1);
    let host = [0, 2, 4, 6, 8];
    let mine = facts::placement(&SIZE, "i-1", &host);
    assert_eq!(mine.len(), 3);
    assert_eq!(mine, facts::placement(&SIZE, "i-1", &host));
    assert!(mine.iter().all(|cpu| host.contains(cpu)));
    assert_eq!(facts::placement(&SIZE, "i-1", &[1, 3]), [1, 3]);
    let small = Size { millicpus: 1000, ..SIZE };
    let places: std::collections::BTreeSet<_> =
        (0..64).map(|n| facts::placement(&small, &format!("i-{n}"), &host)).collect();
    assert_eq!(places.len(), host.len(), "some processors are never used");
}

#[test]
fn the_stand_ins_read_like_the_kernel_s_files() {
    assert_eq!((facts::online(1), facts::online(8)), ("0\n".to_owned(), "0-7\n".to_owned()));
    let text = facts::meminfo(1 << 30);
    assert!(text.starts_with("MemTotal:        1048576 kB\n"), "{text}");
    let host = "processor\t: 7\nmodel name\t: X\ncpu cores\t: 9\n\nprocessor\t: 8\n\n";
    let text = facts::cpuinfo(host, 2);
    assert_eq!(text.matches("model name\t: X").count(), 2);
    assert!(text.contains("processor\t: 1\n") && !text.contains('7') && !text.contains('9'));
}

#[test]
fn a_host_without_control_groups_is_said_to_have_none() {
    let limits = Limits::open_in("", "", "maquette-none", "a");
    assert_eq!(limits.missing().len(), 5, "{:?}", limits.missing());
    let (doors, short) = limits.prepare("i-1", &SIZE, &[0]);
    assert_eq!((doors.enter().len(), short.len()), (0, 5));
    assert!(!limits.freeze("i-1", true).unwrap());
}

/// The second version as this kernel has it, without the first beside it: what it offers is used,
/// what it does not is said.
#[test]
fn the_second_version_alone_is_used_as_far_as_it_goes() {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    let second: Vec<&str> = mounts.lines().filter(|line| line.contains(" - cgroup2 ")).collect();
    // SAFETY: no arguments.
    if second.is_empty() || unsafe { libc::geteuid() } != 0 {
        eprintln!("no second version, or not root: not shown here");
        return;
    }
    let tag = format!("maquette-second-{}", std::process::id());
    let limits = Limits::open_in(second[0], "0::/", &tag, "a");
    let at = std::path::Path::new(second[0].split(' ').nth(4).unwrap()).join(&tag);
    assert!(at.join("a").is_dir());
    assert!(limits.missing().iter().all(|short| short.contains("not held")));
    let (doors, _) = limits.prepare("i-1", &SIZE, &[0]);
    assert!(at.join("a/i-1/cgroup.freeze").exists());
    drop(doors);
    assert!(limits.freeze("i-1", true).unwrap());
    assert_eq!(std::fs::read_to_string(at.join("a/i-1/cgroup.freeze")).unwrap(), "1\n");
    limits.remove("i-1");
    limits.close();
    assert!(!at.exists());
}
