//! Says when addresses answer, and when they stop. Runs at a place of the model, on the network of
//! that place, and is told what to do on standard input, so that its own start costs nothing.
//!
//! Moments are nanoseconds of the machine's real time, which every place of the model shares.

use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::AsyncReadExt;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// A connection that is not there by then is given up: a dropped packet is not sent again so soon.
const TRY: Duration = Duration::from_millis(20);

/// Who was connected to answers by then, or not at all.
const ANSWER: Duration = Duration::from_secs(2);

/// Between the beginnings of two tries of one address; more where there are many.
const PAUSE: Duration = Duration::from_millis(1);
const PAUSE_EACH: Duration = Duration::from_micros(100);

/// Carries out the commands on standard input, a line each, with a line for an answer:
///
/// - `up MILLIS ADDRESS…`: when each first answered: a moment each, 0 for never.
/// - `down ADDRESS MILLIS`: the last moment at which a connection was begun that was answered,
///   once there was none for so long.
/// - `echo ADDRESS COUNT`: round trips over one connection: p50 and p99 in nanoseconds.
pub(crate) fn serve() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = match *words {
            ["up", millis, ref addresses @ ..] => up(&runtime, wait(millis)?, addresses)?,
            ["down", address, millis] => down(&runtime, parse(address)?, wait(millis)?).to_string(),
            ["echo", address, count] => echo(parse(address)?, parse(count)?)?,
            _ => return Err(io::Error::other(format!("no command: {line}"))),
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn parse<T: std::str::FromStr>(word: &str) -> io::Result<T> {
    word.parse().map_err(|_| io::Error::other(format!("not understood: {word}")))
}

fn wait(word: &str) -> io::Result<Duration> {
    Ok(Duration::from_millis(parse(word)?))
}

fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

/// Connects and waits for the first byte that the other side says.
async fn answers(address: SocketAddr) -> bool {
    match timeout(TRY, tokio::net::TcpStream::connect(address)).await {
        Ok(Ok(mut stream)) => matches!(timeout(ANSWER, stream.read_u8()).await, Ok(Ok(_))),
        _ => false,
    }
}

/// Tries overlap: one that a filter has swallowed must not keep the next one waiting.
async fn first_answer(address: SocketAddr, pause: Duration, end: Instant) -> u128 {
    let mut tries = JoinSet::new();
    let mut beat = interval(pause);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < end {
        tokio::select! {
            Some(Ok(true)) = tries.join_next() => return now(),
            _ = beat.tick() => { tries.spawn(answers(address)); }
        }
    }
    0
}

fn up(runtime: &Runtime, patience: Duration, addresses: &[&str]) -> io::Result<String> {
    let end = Instant::now() + patience;
    let addresses = addresses.iter().map(|one| parse(one)).collect::<io::Result<Vec<_>>>()?;
    let pause = PAUSE.max(PAUSE_EACH * addresses.len() as u32);
    let mut moments = vec![0; addresses.len()];
    runtime.block_on(async {
        let mut all = JoinSet::new();
        for (at, address) in addresses.into_iter().enumerate() {
            all.spawn(async move { (at, first_answer(address, pause, end).await) });
        }
        while let Some(done) = all.join_next().await {
            if let Ok((at, moment)) = done {
                moments[at] = moment;
            }
        }
    });
    Ok(moments.iter().map(u128::to_string).collect::<Vec<_>>().join(" "))
}

fn down(runtime: &Runtime, address: SocketAddr, quiet: Duration) -> u128 {
    runtime.block_on(async {
        let mut last = 0;
        let mut since = Instant::now();
        while since.elapsed() < quiet {
            let begun = now();
            if answers(address).await {
                last = begun;
                since = Instant::now();
            }
            sleep(PAUSE).await;
        }
        last
    })
}

fn echo(address: SocketAddr, count: usize) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut byte = [0u8; 1];
    stream.read_exact(&mut byte)?;
    let mut took = Vec::with_capacity(count);
    for _ in 0..count {
        let begin = Instant::now();
        stream.write_all(b"x")?;
        stream.read_exact(&mut byte)?;
        took.push(begin.elapsed().as_nanos());
    }
    took.sort_unstable();
    let at = |part: usize| took.get(count * part / 100).copied().unwrap_or_default();
    Ok(format!("{} {}", at(50), at(99)))
}
