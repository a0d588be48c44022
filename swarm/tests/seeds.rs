//! Two hundred seeds and more, each twice.

use swarm::QUICK;

/// `SWARM_SEEDS` runs more.
#[test]
fn every_seed_holds() {
    let wanted = std::env::var("SWARM_SEEDS").ok().and_then(|count| count.parse().ok());
    let count: u64 = wanted.unwrap_or(240);
    let begun = std::time::Instant::now();
    let mut calls = 0;
    let mut failed = Vec::new();
    for seed in 1..=count {
        match swarm::seed(seed, &QUICK) {
            Ok(made) => calls += made,
            Err(failure) => failed.push(failure),
        }
    }
    let line = format!(
        "{count} seeds, each twice, {calls} calls, {} failed, {:.1} s",
        failed.len(),
        begun.elapsed().as_secs_f64()
    );
    println!("{line}");
    let list: Vec<String> = failed.iter().map(|f| format!("{}: {}", f.seed, f.what)).collect();
    let story = failed.first().map(|failure| failure.story.as_str()).unwrap_or_default();
    assert!(failed.is_empty(), "{line}\n{}\n{story}", list.join("\n"));
}
