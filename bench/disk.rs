//! How often a second the disk makes an append durable: the bound of one durable writer.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// The least that is measured, also on a slow disk.
const LEAST: u64 = 20;

/// Appends `bytes` and syncs, for `time`; prints how often and how fast. Removes the file.
pub(crate) fn disk(path: &str, bytes: usize, time: Duration) -> io::Result<()> {
    let mut file = OpenOptions::new().create_new(true).append(true).open(path)?;
    let piece = vec![b'x'; bytes];
    let begin = Instant::now();
    let mut syncs = 0u64;
    while syncs < LEAST || begin.elapsed() < time {
        file.write_all(&piece)?;
        file.sync_data()?;
        syncs += 1;
    }
    let took = begin.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    writeln!(io::stdout(), "{{\"rate\": {:.1}, \"count\": {syncs}}}", syncs as f64 / took)
}
