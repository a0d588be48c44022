//! Machines on this host's kernel: what they can do, what they cannot, and what is left of them.

#![allow(clippy::unwrap_used, reason = "a test may panic, also where it only prepares")]

mod lab;

use lab::{Lab, answer, root};

const ANSWERER: &str = r#"cat > /root/serve.pl <<'X'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 8, ReuseAddr => 1) or die $!;
while (my $c = $s->accept) { my $l = <$c>; print $c "HTTP/1.0 200 OK\r\n\r\nhello\n"; close $c }
X
nohup perl /root/serve.pl &
echo data done"#;

/// Runs what is written to a FIFO; then its exit code and its output can be read.
const DOER: &str = r#"mkfifo /run/do /run/done
setsid sh -c 'while cat /run/do > /run/line; do
  sh /run/line > /run/out 2>&1; echo $? > /run/done; done' > /dev/null 2>&1 &
echo doing"#;

#[test]
fn a_machine_answers_and_runs_its_user_data_once() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("once");
    let (mut order, seen) = lab.boot("i-1", ANSWERER);
    assert!(answer(&order.netns, 80).ends_with("hello\n"));
    lab.console_says("i-1", "data done");
    assert_eq!(lab.says(&seen, "hostname; id -u; cat /proc/1/comm"), "host-i-1\n0\ninit");
    lab.says(&seen, "echo kept > /var/kept; echo kept > /usr/kept");
    order.boot = 2;
    lab.ensure(&order);
    let again = lab.ready("i-1");
    assert_ne!(again.process, seen.process);
    assert_eq!(lab.says(&again, "cat /var/kept /usr/kept"), "kept\nkept");
    assert!(!lab.console("i-1").contains("data done"));
}

#[test]
fn limits_are_seen_and_held_inside() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("limits");
    let mut order = lab.machine("i-1", "");
    order.size = world::Size { millicpus: 250, memory: 128 * lab::MIB, pids: 40 };
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    assert_eq!(seen.shortfalls, Vec::<String>::new());
    assert_eq!(
        lab.says(&seen, "nproc; getconf _NPROCESSORS_ONLN; grep -c ^processor /proc/cpuinfo"),
        "1\n1\n1"
    );
    assert_eq!(lab.says(&seen, "awk '/MemTotal/{print $2}' /proc/meminfo"), "131072");
    // The out-of-memory killer takes the program, and the machine stays.
    let hog = lab.inside(&seen, "perl -e '$x = \"x\" x (300 << 20); print length $x'");
    assert!(!hog.status.success(), "{hog:?}");
    let forks = lab.inside(&seen, "for n in $(seq 80); do sleep 1 & done; wait");
    assert!(String::from_utf8_lossy(&forks.stderr).contains("fork"), "{forks:?}");
    // A quarter of a processor: a fixed amount of work takes about four times its time.
    let times =
        lab.says(&seen, "bash -c 'time for ((n=0;n<200000;n++)); do :; done' 2>&1 | tr '\\n' ' '");
    let seconds = |name: &str| -> f64 {
        let text = times.split(name).nth(1).unwrap().trim();
        let (minutes, rest) = text.split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0
            + rest.split_once('s').unwrap().0.parse::<f64>().unwrap()
    };
    let worked = seconds("user") + seconds("sys");
    assert!(worked < 0.3 || seconds("real") > 2.0 * worked, "{times}");
    assert_eq!(lab.says(&seen, "echo alive"), "alive");
    order.size = world::Size { millicpus: 2000, memory: 512 * lab::MIB, pids: 100 };
    order.boot = 2;
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    assert_eq!(
        lab.says(&seen, "grep -c ^processor /proc/cpuinfo; cat /sys/devices/system/cpu/online"),
        "2\n0-1"
    );
    assert_eq!(lab.says(&seen, "awk '/MemTotal/{print $2}' /proc/meminfo"), "524288");
}

#[test]
fn what_is_the_host_s_stays_the_host_s() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("escape");
    let secret = lab.state.join("secret");
    std::fs::write(&secret, "host").unwrap();
    let (_, seen) = lab.boot("i-1", "");
    let refused = [
        "mknod /root/disk b 254 0",
        "mount -t tmpfs none /mnt",
        "mount -o remount,rw /proc/sys",
        "umount /proc/meminfo",
        "unshare -m true",
        "unshare -U true",
        "unshare -n true",
        "nsenter -t 1 -m true",
        "echo b > /proc/sysrq-trigger && cat /proc/sysrq-trigger | grep .",
        "echo x > /proc/sys/kernel/core_pattern",
        "echo 3 > /proc/sys/vm/drop_caches",
        "dmesg",
        "ls /proc/1/root/",
        "cat /proc/1/environ",
        "cat /proc/1/mem",
        "dd if=/proc/1/exe of=/dev/null count=1",
        "cat /dev/vda",
        "ls /dev/loop-control",
        "ls /dev/kvm",
        "chroot /proc/1/root true",
        "hostname other",
        "date -s 2001-01-01",
        "swapon /dev/zero",
        "cat /proc/kcore",
        "ls /sys/fs/cgroup/memory",
        "ls /sys/block/vda",
        "losetup -f",
        "kill -9 1; kill -0 1 && false",
    ];
    for attempt in refused {
        let output = lab.inside(&seen, attempt);
        assert!(!output.status.success(), "{attempt} worked: {output:?}");
    }
    assert_eq!(
        lab.says(&seen, "ls -A /root /home/ubuntu /srv /opt"),
        "/home/ubuntu:\n\n/opt:\n\n/root:\n\n/srv:"
    );
    assert!(!lab.inside(&seen, &format!("cat {}", secret.display())).status.success());
    let shadow = lab.says(&seen, "cat /etc/shadow");
    assert!(shadow.lines().all(|line| line.split(':').nth(1) == Some("*")), "{shadow}");
    let mounts = lab.says(&seen, "cat /proc/self/mountinfo /proc/self/mounts");
    assert!(!mounts.contains("maquette"), "the host's paths show: {mounts}");
    let programs = lab.says(&seen, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
    assert!(programs.starts_with("/sbin/init "), "{programs}");
    assert!(!programs.contains("zone"), "the host's words show: {programs}");
    let processes: usize = lab.says(&seen, "ls -d /proc/[0-9]* | wc -l").parse().unwrap();
    assert!(processes < 8, "processes of others show: {processes}");
    // Who reaches the program of the first process all the same cannot change it: not even we.
    let program = format!("/proc/{}/exe", seen.process.unwrap().0);
    let opened = std::fs::File::options().write(true).truncate(true).open(program);
    assert_eq!(opened.unwrap_err().raw_os_error(), Some(libc::EROFS));
    // And what a machine's root may do works.
    lab.says(&seen, "su ubuntu -c 'test $(id -u) = 1001'");
    lab.says(&seen, "ip link add x type dummy || ip addr add 10.9.9.9/32 dev lo");
    lab.says(&seen, "echo 1 > /proc/sys/net/ipv4/ip_forward; chown 5:6 /root; mkfifo /run/f");
}

#[test]
fn a_machine_that_ends_says_how() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("ends");
    let (mut order, seen) = lab.boot("i-1", "");
    lab.inside(&seen, "poweroff");
    assert!(lab.off("i-1"));
    // Ordered again as it was, it stays off; with a higher boot number it comes back.
    lab.ensure(&order);
    assert!(lab.off("i-1"));
    order.boot = 2;
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    // SAFETY: the machine's own first process, still unreaped or alive.
    assert_eq!(unsafe { libc::kill(seen.process.unwrap().0, libc::SIGKILL) }, 0);
    assert!(!lab.off("i-1"));
    order.boot = 3;
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    lab.inside(&seen, "reboot");
    let again = lab.ready("i-1");
    assert_ne!(again.process, seen.process);
    // reboot(2) itself: how busybox and `systemctl -ff` do it.
    lab.inside(&again, "perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc, 0)'");
    assert!(lab.off("i-1"));
    order.boot = 4;
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    // What an image's own `poweroff` does: systemd's program under that name.
    lab.inside(&seen, "bash -c 'exec -a poweroff systemctl'");
    assert!(lab.off("i-1"));
}

#[test]
fn a_machine_that_cannot_be_made_says_why_and_may_be_tried_again() {
    use linux_guest::News;
    if !root() {
        return;
    }
    let mut lab = Lab::new("fails");
    let order = lab.machine("i-1", "");
    let mut wrong = order.clone();
    wrong.netns = lab.state.join("nowhere");
    lab.ensure(&wrong);
    let reason = lab.wait("failure", |news| match news {
        News::Failed(_, reason) => Some(reason.clone()),
        _ => None,
    });
    assert!(reason.contains("nowhere"), "{reason}");
    lab.ensure(&order);
    lab.ready("i-1");
}

#[test]
fn the_frozen_machine_of_a_dead_zone_process_ends_with_the_next_one() {
    use linux_guest::{News, Order};
    if !root() {
        return;
    }
    let mut lab = Lab::new("frozen");
    let (order, seen) = lab.boot("i-1", "");
    lab.link.send(&Order::Freeze("i-1".into())).unwrap();
    lab.link.send(&Order::Inventory(1)).unwrap();
    lab.wait("inventory", |news| matches!(news, News::Inventory(1, _)).then_some(()));
    // SAFETY: the zone process that this test started.
    unsafe { libc::kill(lab.link.pid, libc::SIGKILL) };
    while !matches!(lab.news.recv_timeout(std::time::Duration::from_secs(5)), Ok(None)) {}
    lab.reconnect();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while linux_alive(&seen).is_some() {
        assert!(std::time::Instant::now() < until, "it is still there");
    }
    lab.ensure(&order);
    lab.ready("i-1");
}

/// As root everything can be promised here, as an ordinary user machines can.
#[test]
fn promises_are_tried_and_leave_nothing() {
    if !root() {
        return;
    }
    let lab = Lab::new("promise");
    let output = std::process::Command::new(lab.alone).arg("doctor").arg(&lab.state).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(text.lines().any(|line| line == "machines: kept"), "{text}");
    assert!(text.lines().any(|line| line == "memory: kept"), "{text}");
    assert!(text.lines().any(|line| line == "block devices: kept"), "{text}");
    let left = std::fs::read_dir(&lab.state).unwrap().flatten();
    assert!(left.into_iter().all(|e| !e.file_name().to_string_lossy().starts_with(".promise")));
}

#[test]
fn services_come_back_after_a_reboot() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("service");
    let data = format!(
        "{ANSWERER}\nprintf '#!/bin/sh\\nnohup perl /root/serve.pl &\\n' \
         > /etc/rc.local\nchmod +x /etc/rc.local\n\
        printf '#!/bin/sh\\necho each boot\\n' > /var/lib/cloud/scripts/per-boot/a\n\
         chmod +x /var/lib/cloud/scripts/per-boot/a"
    );
    let (mut order, seen) = lab.boot("i-1", &data);
    lab.console_says("i-1", "data done");
    assert!(answer(&order.netns, 80).ends_with("hello\n"));
    assert!(lab.says(&seen, "cat /var/log/cloud-init-output.log").contains("data done"));
    order.boot = 2;
    lab.ensure(&order);
    lab.ready("i-1");
    assert!(answer(&order.netns, 80).ends_with("hello\n"));
    lab.console_says("i-1", "each boot");
}

#[test]
fn the_zone_process_outlives_its_control_plane_and_not_its_machines() {
    use linux_guest::{News, Order};
    if !root() {
        return;
    }
    let mut lab = Lab::new("outlives");
    let (order, seen) = lab.boot("i-1", ANSWERER);
    lab.reconnect();
    assert!(answer(&order.netns, 80).ends_with("hello\n"));
    lab.link.send(&Order::Inventory(7)).unwrap();
    let found = lab.wait("inventory", |news| match news {
        News::Inventory(7, found) => Some(found.clone()),
        _ => None,
    });
    assert_eq!(found, vec![seen.clone()]);
    let (pid, started) = seen.process.unwrap();
    // SAFETY: the zone process that this test started.
    unsafe { libc::kill(lab.link.pid, libc::SIGKILL) };
    while !matches!(lab.news.recv_timeout(std::time::Duration::from_secs(5)), Ok(None)) {}
    let stat = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while stat().contains(&format!(" {started} ")) && !stat().contains(") Z ") {
        assert!(std::time::Instant::now() < until, "the machine outlived its zone process");
        std::thread::yield_now();
    }
    // The next zone process starts where nothing is, and clears the groups of the dead.
    lab.reconnect();
    lab.ensure(&order);
    lab.ready("i-1");
}

#[test]
fn a_dark_zone_loses_its_machines_at_once() {
    use linux_guest::{News, Order};
    if !root() {
        return;
    }
    let mut lab = Lab::new("dark");
    let (mut order, _) = lab.boot("i-1", "");
    lab.link.send(&Order::Darken).unwrap();
    lab.wait("dark", |news| matches!(news, News::Dark(_)).then_some(()));
    order.boot = 2;
    lab.ensure(&order);
    let other = lab.machine("i-2", "");
    lab.ensure(&other);
    lab.wait("dark", |news| (*news == News::Dark("i-2".into())).then_some(()));
    lab.link.send(&Order::Lighten).unwrap();
    let mut up = std::collections::BTreeSet::new();
    while up.len() < 2 {
        up.insert(lab.wait("ready", |news| match news {
            News::Ready(seen) => Some(seen.id.clone()),
            _ => None,
        }));
    }
}

#[test]
fn frozen_it_does_nothing_and_thawed_it_goes_on() {
    use linux_guest::Order;
    if !root() {
        return;
    }
    let mut lab = Lab::new("freeze");
    let (_, seen) = lab.boot("i-1", "while :; do echo tick; sleep 0.01; done");
    lab.console_says("i-1", "tick\ntick\n");
    lab.link.send(&Order::Freeze("i-1".into())).unwrap();
    lab.link.send(&Order::Inventory(1)).unwrap();
    lab.wait("inventory", |news| matches!(news, linux_guest::News::Inventory(1, _)).then_some(()));
    std::thread::sleep(std::time::Duration::from_millis(60));
    let length = lab.console("i-1").len();
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert_eq!(lab.console("i-1").len(), length);
    lab.link.send(&Order::Thaw("i-1".into())).unwrap();
    let more = "tick\n".repeat(length / 5 + 2);
    lab.console_says("i-1", &more);
    lab.link.send(&Order::Freeze("i-1".into())).unwrap();
    lab.link.send(&Order::Remove("i-1".into())).unwrap();
    lab.wait("gone", |news| matches!(news, linux_guest::News::Gone(_)).then_some(()));
    assert!(linux_alive(&seen).is_none());
}

fn linux_alive(seen: &linux_guest::Seen) -> Option<String> {
    let (pid, started) = seen.process.unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let alive = stat.contains(&format!(" {started} ")) && !stat.contains(") Z ");
    alive.then_some(stat)
}

#[test]
fn a_snapshot_carries_the_files_to_another_machine() {
    use world::{Form, Id, Snapshot, Source};
    if !root() {
        return;
    }
    let mut lab = Lab::new("snapshot");
    let (_, seen) = lab.boot("i-1", "echo first boot");
    lab.console_says("i-1", "first boot");
    lab.says(
        &seen,
        "echo golden > /root/file; rm /etc/issue; rm -r /usr/games; \
         ln -s a /root/b; chown ubuntu /root/file",
    );
    let snapshot = Snapshot { disk: Id::from("i-1-root"), form: Form::Tree };
    lab.store.create_snapshot(&Id::from("snap-1"), &snapshot).unwrap();
    lab.says(&seen, "echo later > /root/file");
    lab.disk_of("i-2-root", Form::Tree, 1 << 30, Source::Snapshot("snap-1".into()));
    let (_, seen) = lab.boot("i-2", "echo first boot");
    lab.console_says("i-2", "first boot");
    assert_eq!(
        lab.says(&seen, "cat /root/file; stat -c %U /root/file; readlink /root/b; hostname"),
        "golden\nubuntu\na\nhost-i-2"
    );
    lab.says(&seen, "test ! -e /etc/issue && test ! -e /usr/games");
}

/// Not theirs to mount or unmount, with a disk on /data.
const MOUNTS_REFUSED: [&str; 12] = [
    "mount -t tmpfs none /mnt",
    "mount --bind /root /mnt",
    "mount -o remount,exec /proc",
    "mount -t proc proc /mnt",
    "mount /dev/vda /mnt",
    "mount /dev/loop0 /mnt",
    "umount /proc/meminfo",
    "umount -l /",
    "su ubuntu -c 'umount /data'",
    "su ubuntu -c 'mount /dev/xvdf /mnt'",
    "perl -e 'exit(syscall(165, 1, 2, 3, 4, 5) == 0 ? 0 : 1)'",
    "mount -o journal_path=/dev/vda /dev/xvdf /mnt",
];

#[test]
fn a_block_disk_is_plugged_formatted_and_kept() {
    use linux_guest::{News, Plugged};
    use world::{Form, Id, Source};
    if !root() {
        return;
    }
    let mut lab = Lab::new("block");
    lab.disk_of("vol-1", Form::Block, 64 * lab::MIB, Source::Blank);
    let file = lab.store.block(&Id::from("vol-1")).unwrap();
    let plugged = Plugged { disk: Id::from("vol-1"), file, device: "/dev/sdf".to_owned() };
    let (mut order, seen) = lab.boot("i-1", DOER);
    lab.console_says("i-1", "doing");
    order.disks = vec![plugged];
    lab.ensure(&order);
    lab.wait("plug", |news| match news {
        News::Plug(_, _, true) => Some(()),
        News::PlugFailed(_, _, reason) => panic!("{reason}"),
        _ => None,
    });
    lab.says(&seen, "test -b /dev/xvdf && mkfs.ext4 -q /dev/sdf && sync");
    assert_eq!(lab.says(&seen, "blkid -p -o value -s TYPE /dev/xvdf"), "ext4");
    assert!(!lab.inside(&seen, "losetup -d /dev/xvdf").status.success());
    // What an administrator types in a login, which descends from the first program as this does.
    let typed = |lab: &Lab, seen: &linux_guest::Seen, line: &str| {
        let script = format!("cat > /run/do <<'X'\n{line}\nX\ncat /run/done /run/out");
        lab.says(seen, &script)
    };
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    assert_eq!(first(typed(&lab, &seen, "mkdir /data && cd / && mount /dev/xvdf data")), "0");
    assert_eq!(
        first(typed(&lab, &seen, "mountpoint /data && echo kept > /data/text && df /data")),
        "0"
    );
    for attempt in MOUNTS_REFUSED {
        assert_ne!(first(typed(&lab, &seen, attempt)), "0", "{attempt} worked");
    }
    // The way in of `maquette as` has the same rights.
    lab.says(&seen, "mkdir /more && mount /dev/sdf /more && cat /more/text && umount /more");
    assert!(!lab.inside(&seen, "mount -t tmpfs none /mnt").status.success());
    // A disk in use stays; once it is let go of it can be taken out, and holds what was written.
    let disks = std::mem::take(&mut order.disks);
    lab.ensure(&order);
    lab.wait("refusal", |news| matches!(news, News::PlugFailed(..)).then_some(()));
    assert_eq!(first(typed(&lab, &seen, "umount /data")), "0");
    lab.says(&seen, "echo '/dev/xvdf /data ext4 defaults,nofail 0 2' > /etc/fstab");
    order.disks = disks.clone();
    order.boot = 2;
    lab.ensure(&order);
    let seen = lab.wait("second boot", |news| match news {
        News::Ready(seen) if seen.boot == 2 => Some(seen.clone()),
        _ => None,
    });
    lab.says(&seen, "until test -e /data/text; do sleep 0.01; done; umount /data");
    order.disks.clear();
    lab.ensure(&order);
    lab.wait("unplug", |news| matches!(news, News::Plug(_, _, false)).then_some(()));
    lab.says(&seen, "test ! -e /dev/sdf && test ! -e /dev/xvdf && test ! -e /data/text");
    // The disk goes to the next machine.
    let mut other = lab.machine("i-2", DOER);
    other.disks = disks;
    lab.ensure(&other);
    let seen = lab.ready("i-2");
    lab.console_says("i-2", "doing");
    let typed = typed(&lab, &seen, "mount -o ro /dev/sdf /mnt && cat /mnt/text && ! touch /mnt/x");
    assert_eq!(typed.lines().take(2).collect::<Vec<_>>(), ["0", "kept"], "{typed}");
}

/// What the machine has written and not yet synced is in the snapshot of a mounted disk, and the
/// file system in it is whole.
#[test]
fn a_snapshot_of_a_mounted_disk_is_of_one_moment() {
    use linux_guest::Plugged;
    use world::{Form, Id, Snapshot, Source};
    if !root() {
        return;
    }
    let mut lab = Lab::new("moment");
    lab.disk_of("vol-1", Form::Block, 64 * lab::MIB, Source::Blank);
    let plugged = |lab: &Lab, id: &str| {
        let file = lab.store.block(&Id::from(id)).unwrap();
        vec![Plugged { disk: Id::from(id), file, device: "/dev/sdf".to_owned() }]
    };
    let mut order = lab.machine("i-1", "");
    order.disks = plugged(&lab, "vol-1");
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    lab.says(&seen, "mkfs.ext4 -q /dev/sdf && mkdir /data && mount /dev/sdf /data");
    let writer =
        "nohup sh -c 'n=0; while :; do n=$((n+1)); echo $n > /data/n$n; done' >/dev/null 2>&1 &";
    lab.says(&seen, &format!("echo kept > /data/text; {writer}"));
    let snapshot = Snapshot { disk: Id::from("vol-1"), form: Form::Block };
    lab.store.create_snapshot(&Id::from("snap-1"), &snapshot).unwrap();
    // It goes on afterwards.
    lab.says(&seen, "touch /data/more && sync /data/more");
    lab.disk_of("vol-2", Form::Block, 64 * lab::MIB, Source::Snapshot("snap-1".into()));
    let mut order = lab.machine("i-2", "");
    order.disks = plugged(&lab, "vol-2");
    lab.ensure(&order);
    let seen = lab.ready("i-2");
    lab.says(&seen, "e2fsck -fn /dev/sdf; mkdir /data && mount /dev/sdf /data && umount /data");
    lab.says(&seen, "e2fsck -fn /dev/sdf && mount /dev/sdf /data");
    assert_eq!(lab.says(&seen, "cat /data/text; ls /data/more 2>/dev/null || true"), "kept");
}

#[test]
fn ssh_lets_the_holder_of_the_key_in() {
    if !root() || !std::path::Path::new("/usr/sbin/sshd").exists() {
        eprintln!("no sshd on this host: not shown");
        return;
    }
    let mut lab = Lab::new("ssh");
    let key = lab.state.join("key");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&key)
        .status();
    assert!(made.unwrap().success());
    let mut order = lab.machine("i-1", "");
    order.guest.keys =
        vec![std::fs::read_to_string(key.with_extension("pub")).unwrap().trim().to_owned()];
    lab.ensure(&order);
    let seen = lab.ready("i-1");
    assert!(answer(&order.netns, 22).starts_with("SSH-2.0"));
    for user in ["root", "ec2-user", "ubuntu"] {
        let output = std::process::Command::new("nsenter")
            .arg(format!("--net={}", order.netns.display()))
            .args(["ssh", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
            .args(["-o", "BatchMode=yes", "-i"])
            .arg(&key)
            .args([&format!("{user}@127.0.0.1"), "whoami"])
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            user,
            "{output:?} {}",
            lab.console("i-1")
        );
    }
    drop(seen);
}

#[test]
fn a_machine_learns_about_itself_and_of_nobody_else() {
    use linux_guest::Order;
    if !root() {
        return;
    }
    let mut lab = Lab::new("metadata");
    let (mut order, _) = lab.boot("i-1", "");
    let router = lab.net();
    let inside = format!("--net={}", router.display());
    let run = |words: &[&str]| {
        let output = std::process::Command::new("nsenter").arg(&inside).args(words).output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    };
    for address in ["169.254.169.254", "10.0.0.4", "10.0.0.5"] {
        run(&["ip", "addr", "add", &format!("{address}/32"), "dev", "lo"]);
    }
    order.addresses = vec![("vpc-1".into(), "10.0.0.4".parse().unwrap())];
    order.guest.card.enabled = true;
    order.guest.card.tree.insert("meta-data/instance-id".into(), "i-1".into());
    lab.ensure(&order);
    lab.ready("i-1");
    let serve =
        Order::ServeMetadata { router: "vpc-1".into(), netns: router.clone(), port: 20_001 };
    lab.link.send(&serve).unwrap();
    let asked = |from: &str, path: &str| {
        let url = format!("http://169.254.169.254:20001/latest/{path}");
        run(&["curl", "-s", "--retry", "9", "--retry-connrefused", "--interface", from, &url])
    };
    assert_eq!(asked("10.0.0.4", "meta-data/instance-id"), "i-1");
    assert!(asked("10.0.0.5", "meta-data/instance-id").starts_with("no instance"));
    let mut card = order.guest.card.clone();
    card.tree.insert("meta-data/instance-id".into(), "other".into());
    lab.link.send(&Order::Card("i-1".into(), Box::new(card))).unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while asked("10.0.0.4", "meta-data/instance-id") != "other" {
        assert!(std::time::Instant::now() < until);
    }
}

struct User(String);

impl Drop for User {
    fn drop(&mut self) {
        let _ = std::process::Command::new("userdel").args(["-f", "-r", &self.0]).output();
    }
}

#[test]
fn an_ordinary_user_has_machines_too() {
    if !root() {
        return;
    }
    let user = User(format!("maquette{}", std::process::id()));
    lab::run(&["useradd", "-m", &user.0]);
    {
        let (mut lab, netns) = Lab::rootless("rootless", &user.0);
        let root = lab.own_root("disk-1");
        let mut order = lab.machine_on("i-1", ANSWERER, netns.clone(), root);
        order.guest.keys = vec!["ssh-ed25519 AAAA nobody".to_owned()];
        lab.ensure(&order);
        let seen = lab.ready("i-1");
        // What cannot be held is said.
        eprintln!("{:?}", seen.shortfalls);
        assert!(seen.shortfalls.iter().any(|short| short.starts_with("memory")));
        assert!(answer(&netns, 80).ends_with("hello\n"));
        lab.console_says("i-1", "data done");
        let said =
            lab.says(&seen, "id -u; hostname; nproc; echo kept > /var/kept; ls /usr/bin/env");
        assert_eq!(said, "0\nhost-i-1\n1\n/usr/bin/env");
        assert!(!lab.inside(&seen, "cat /etc/gshadow- /root/.ssh/x").status.success());
        assert!(!lab.inside(&seen, "mount -t tmpfs none /mnt").status.success());
        assert!(!lab.inside(&seen, "unshare -Ur true").status.success());
        order.boot = 2;
        lab.ensure(&order);
        let seen = lab.ready("i-1");
        assert_eq!(lab.says(&seen, "cat /var/kept"), "kept");
    }
}

/// Any tree with a shell is an image: no /dev, /proc, /etc in it, no program of ours.
#[test]
fn an_image_that_was_imported_boots() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("image");
    let tree = lab.state.join("tree");
    let libraries = "ldd /bin/dash | grep -o '/[^ ]*'";
    let script = format!(
        "mkdir -p {0}/bin && cp /bin/dash {0}/bin/sh && for l in $({libraries}); do \
         install -D $l {0}/$l; done && tar -C {0} -czf {0}.tar.gz .",
        tree.display()
    );
    lab::run(&["sh", "-c", &script]);
    lab.store.import("tiny", &tree.with_extension("tar.gz")).unwrap();
    lab.disk("i-1-root", "tiny");
    let (_, seen) = lab.boot("i-1", "read name < /etc/hostname; echo I am $name; kill -38 1");
    assert!(lab.off("i-1"));
    let console = lab.console("i-1");
    assert!(console.contains("I am host-i-1"), "{console}");
    assert!(seen.shortfalls.is_empty());
}

/// What the host has that a region could leave behind: groups, processes, mounts, loop devices.
fn traces(lab: &Lab) -> Vec<String> {
    let tag = lab.place.tag.as_str();
    let words = ["/sys/fs/cgroup", "-type", "d", "-path", &format!("*{tag}*")];
    let groups = std::process::Command::new("find").args(words).output().unwrap();
    let mut found: Vec<String> =
        String::from_utf8_lossy(&groups.stdout).lines().map(str::to_owned).collect();
    let has = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(tag.len()).any(|part| part == tag.as_bytes()).then(|| format!("{path:?}"))
    };
    let entries = |at: &str| std::fs::read_dir(at).unwrap().flatten().map(|entry| entry.path());
    for process in entries("/proc").filter(|path| path.join("cgroup").exists()) {
        let files = ["cmdline", "cgroup", "mountinfo"].map(|file| process.join(file));
        if !process.ends_with(std::process::id().to_string()) {
            found.extend(files.into_iter().filter_map(has));
        }
    }
    found.extend(entries("/sys/block").filter_map(|path| has(path.join("loop/backing_file"))));
    found
}

#[test]
fn who_sits_at_a_terminal_has_one_inside() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("terminal");
    let (_, seen) = lab.boot("i-1", "");
    let (pid, started) = seen.process.unwrap();
    let command = format!(
        "nsenter -m -t {} {} enter {pid} {started} bash -ic \
         'tty; stty size; set -m; echo $-; exit 7'",
        lab.link.pid, lab.alone
    );
    let script = format!("stty rows 33 cols 99; {command}");
    let output = std::process::Command::new("script")
        .args(["-qec", &script, "/dev/null"])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("/dev/pts/0") && text.contains("33 99"), "{text}");
    assert!(!text.contains("no job control"), "{text}");
    assert_eq!(output.status.code(), Some(7), "{text}");
}

#[test]
fn a_zone_process_starts_although_its_program_was_replaced() {
    if !root() {
        return;
    }
    let state = std::env::temp_dir().join(format!("maquette-test-gone-{}", std::process::id()));
    std::fs::create_dir_all(&state).unwrap();
    let copy = state.join("program");
    std::fs::copy(env!("CARGO_BIN_EXE_zone-alone"), &copy).unwrap();
    // The shell holds the file open, removes it, and executes what it holds.
    let script = format!(
        "exec 5< {0}; rm {0}; exec /proc/self/fd/5 zone --run {1} --zone a --tag maquette-{2}-gone",
        copy.display(),
        state.join("run").display(),
        std::process::id(),
    );
    let mut child = std::process::Command::new("sh")
        .args(["-c", &script])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
    assert_eq!(said, *b"+");
    // SAFETY: our own child.
    unsafe { libc::kill(child.id() as i32, libc::SIGTERM) };
    assert!(child.wait().unwrap().success());
    std::fs::remove_dir_all(state).unwrap();
}

#[test]
fn nothing_is_left_of_a_region() {
    use linux_guest::{News, Order, Plugged};
    use world::{Form, Id, Source};
    if !root() {
        return;
    }
    let mut lab = Lab::new("leaks");
    lab.disk_of("vol-1", Form::Block, 64 * lab::MIB, Source::Blank);
    let file = lab.store.block(&Id::from("vol-1")).unwrap();
    for n in 0..3 {
        let mut order = lab.machine(&format!("i-{n}"), ANSWERER);
        if n == 0 {
            let disk =
                Plugged { disk: "vol-1".into(), file: file.clone(), device: "/dev/sdf".into() };
            order.disks = vec![disk];
        }
        lab.ensure(&order);
        lab.ready(order.id.as_str());
    }
    lab.link.send(&Order::Remove("i-1".into())).unwrap();
    lab.wait("gone", |news| (*news == News::Gone("i-1".into())).then_some(()));
    let left = traces(&lab).join("\n");
    assert!(left.contains("i-0") && !left.contains("i-1"), "{left}");
    // SAFETY: the zone process that this test started.
    unsafe { libc::kill(lab.link.pid, libc::SIGKILL) };
    while !matches!(lab.news.recv_timeout(std::time::Duration::from_secs(5)), Ok(None)) {}
    lab.reconnect();
    lab.link.send(&Order::Halt).unwrap();
    while !matches!(lab.news.recv_timeout(std::time::Duration::from_secs(5)), Ok(None)) {}
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while !traces(&lab).is_empty() {
        assert!(std::time::Instant::now() < until, "{:?}", traces(&lab));
    }
}

/// From the order to a TCP answer of a program that the user data starts, one after the other and
/// then all at once. The bound is loose, for shared machines; the figures are printed.
#[test]
fn thirty_boots_take_their_time() {
    if !root() {
        return;
    }
    const BOOTS: usize = 30;
    let mut lab = Lab::new("times");
    let orders: Vec<_> = (0..BOOTS).map(|n| lab.machine(&format!("i-{n}"), ANSWERER)).collect();
    let (mut ready, mut answered) = (Vec::new(), Vec::new());
    for order in &orders {
        let start = std::time::Instant::now();
        lab.ensure(order);
        lab.ready(order.id.as_str());
        ready.push(start.elapsed());
        answer(&order.netns, 80);
        answered.push(start.elapsed());
    }
    for (what, times) in [("ready", &mut ready), ("answer", &mut answered)] {
        times.sort();
        let part = |percent: usize| times[BOOTS * percent / 100];
        eprintln!("{what}: p10 {:?} p50 {:?} p95 {:?}", part(10), part(50), part(95));
    }
    assert!(answered[BOOTS / 2] < std::time::Duration::from_secs(1));
    let start = std::time::Instant::now();
    for order in &orders {
        lab.ensure(&linux_guest::MachineOrder { boot: 2, ..order.clone() });
    }
    let mut up = std::collections::BTreeSet::new();
    while up.len() < BOOTS {
        up.insert(lab.wait("ready", |news| match news {
            linux_guest::News::Ready(seen) => Some(seen.id.clone()),
            _ => None,
        }));
    }
    eprintln!("{BOOTS} reboots at once: {:?}", start.elapsed());
}
