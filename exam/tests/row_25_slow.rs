//! Row 25: clients that send heads and bodies and read answers slowly on purpose do not disturb
//! the others, cost little memory, and are gone in time.

#[path = "live/front.rs"]
mod front;
mod live;

use exam::{Script, Subject, memory_kib, size};
use front::{Front, Load, Responder, nodes};
use live::eventually;
use serde_json::json;
use std::time::{Duration, Instant};

/// Connections that clients have to nodes, as the kernel counts them.
fn connections(pids: &[u32]) -> usize {
    let of = |pid: &u32| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/net/tcp")).unwrap_or_default();
        let ours = |line: &&str| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            fields.get(1).is_some_and(|local| local.ends_with(":0050")) && fields[3] == "01"
        };
        text.lines().filter(ours).count()
    };
    pids.iter().map(of).sum()
}

#[test]
fn slow_clients_disturb_nobody_and_are_gone_in_time() {
    let (count, idle, load) = (size(1000, 1000), size(10, 60), size(25, 80));
    let mut subject = Subject::up("row25");
    let mut front = Front::of(&subject);
    let open = front.group.clone();
    let id = front.instance(0, &open);
    let balancer = front.balancer("slow", "application", 2);
    front.of_balancer(&balancer, "idle_timeout.timeout_seconds", &idle.to_string());
    let group = front.group("slow", "HTTP", 8000, &json!({}));
    let listener = front.listener(&balancer, "HTTP", 80, &group);
    // Slow clients wear out a server of their own: what is examined is the balancer.
    let victim = front.instance(0, &open);
    let victims = front.group("victims", "HTTP", 8000, &json!({}));
    front.rule(&listener, 1, "do", &victims);
    front.calls.in_state(&id, "running");
    front.calls.in_state(&victim, "running");
    let responder = Responder::start(&subject, &id, &[8000]);
    let worn = Responder::start(&subject, &victim, &[8000]);
    front.register(&victims, &victim, 8000);
    front.register(&group, &id, 8000);
    front.in_state(&group, &id, 8000, "healthy", 20);
    front.in_state(&victims, &victim, 8000, "healthy", 20);
    eventually(&subject, &["as", "internet", "--", "getent", "hosts", &balancer.dns]);
    let pids: Vec<u32> = nodes(&mut subject).iter().map(|one| one.pid).collect();
    assert_eq!(pids.len(), 2, "a node a zone");
    let memory = || -> u64 { pids.iter().map(|pid| memory_kib(*pid, "VmRSS")).sum() };
    let before = memory();
    let normal = Load::start(&subject, &format!("http://{}/", balancer.dns), 100, load);
    std::thread::sleep(Duration::from_secs(2));
    let alone = connections(&pids);
    let all = count.to_string();
    let mut slow = Script::start_at(&subject, "internet", "slow", &[&balancer.dns, &all]);
    let opened = slow.hear(Duration::from_secs(60))["open"].as_u64().expect("a number");
    let begun = Instant::now();
    assert_eq!(opened, 3 * count);
    let most = connections(&pids);
    assert!(most as u64 >= opened, "only {most} connections are there");
    let mut grown = 0;
    // What normal traffic has open may change a little meanwhile.
    while connections(&pids) > alone + 100 {
        grown = grown.max(memory().saturating_sub(before));
        let limit = Duration::from_secs(idle + 5);
        let left = connections(&pids);
        assert!(begun.elapsed() <= limit, "{left} connections after {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_millis(100));
    }
    let gone = begun.elapsed();
    let report = normal.report();
    eprintln!(
        "row 25: {opened} slow connections, gone {gone:?} after the last was opened (idle timeout \
         {idle} s); nodes grew by {} MiB; normal traffic: {} of {} well, p99 {} ms",
        grown / 1024,
        report["good"],
        report["requests"],
        report["p99_ms"]
    );
    assert_eq!(report["good"], report["requests"], "{report}");
    assert!(report["requests"].as_u64().is_some_and(|all| all >= 95 * load), "{report}");
    assert!(report["p99_ms"].as_f64().is_some_and(|p99| p99 < 250.0), "{report}");
    assert!(grown < 200 * 1024, "{grown} KiB");
    slow.tell("stop");
    slow.rest(Duration::from_secs(10));
    drop((responder, worn));
    subject.finish();
}
