//! Load over kept connections: each sends a request, waits for the whole answer, sends the next.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tokio::time::timeout;

/// After this an answer counts as failed and its connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all connections of a run share.
struct Run {
    address: String,
    requests: Vec<Vec<u8>>,
    next: Cell<usize>,
    most: usize,
    end: Instant,
    took: RefCell<Vec<u32>>,
    failed: Cell<u64>,
    why: RefCell<Option<String>>,
}

/// Sends the requests of `file` in turn over `connections` for `time`, `most` at most, and prints
/// one line of JSON: answers a second, failures, and latencies in microseconds.
pub(crate) fn load(
    address: &str,
    file: &str,
    connections: usize,
    time: Duration,
    most: usize,
) -> io::Result<()> {
    let begin = Instant::now();
    let run = Rc::new(Run {
        address: address.to_owned(),
        requests: pieces(&std::fs::read(file)?)?,
        next: Cell::new(0),
        most,
        end: begin + time,
        took: RefCell::default(),
        failed: Cell::new(0),
        why: RefCell::default(),
    });
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let all = LocalSet::new();
    for _ in 0..connections {
        let run = run.clone();
        all.spawn_local(async move {
            if let Err(error) = run.talk().await {
                run.fail(error.to_string());
            }
        });
    }
    runtime.block_on(all);
    run.report(begin.elapsed())
}

/// The file is pieces, each a length in four bytes (little end first) and so many bytes.
fn pieces(mut bytes: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let torn = || io::Error::other("the file of requests is torn");
        let (piece, rest) = rest.split_at_checked(length).ok_or_else(torn)?;
        all.push(piece.to_vec());
        bytes = rest;
    }
    match all.is_empty() {
        true => Err(io::Error::other("no requests")),
        false => Ok(all),
    }
}

impl Run {
    fn fail(&self, why: String) {
        self.failed.set(self.failed.get() + 1);
        self.why.borrow_mut().get_or_insert(why);
    }

    /// The next request, until time or number is used up.
    fn take(&self) -> Option<&[u8]> {
        let next = self.next.get();
        if next >= self.most || Instant::now() >= self.end {
            return None;
        }
        self.next.set(next + 1);
        Some(&self.requests[next % self.requests.len()])
    }

    async fn talk(&self) -> io::Result<()> {
        let mut stream: Option<TcpStream> = None;
        let mut buffer = Vec::with_capacity(256 * 1024);
        while let Some(request) = self.take() {
            let sent = Instant::now();
            let open = match stream.take() {
                Some(open) => open,
                None => {
                    let open = TcpStream::connect(&self.address).await?;
                    open.set_nodelay(true)?;
                    open
                }
            };
            let exchange = timeout(PATIENCE, exchange(open, request, &mut buffer)).await;
            let (open, status) = exchange.map_err(io::Error::other)??;
            stream = open;
            match status {
                200 => self.took.borrow_mut().push(sent.elapsed().as_micros() as u32),
                _ => self.fail(String::from_utf8_lossy(&buffer).into_owned()),
            }
        }
        Ok(())
    }

    fn report(&self, took: Duration) -> io::Result<()> {
        let mut all = self.took.borrow_mut();
        all.sort_unstable();
        let at = |part: f64| match all.len() {
            0 => 0,
            count => all[((count as f64 * part) as usize).min(count - 1)],
        };
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "{{\"rate\": {:.2}, \"count\": {}, \"failed\": {}, \"p50\": {}, \"p99\": {}}}",
            all.len() as f64 / took.as_secs_f64(),
            all.len(),
            self.failed.get(),
            at(0.5),
            at(0.99)
        )?;
        if let Some(why) = &*self.why.borrow() {
            eprintln!("bench: {} failed, the first: {why}", self.failed.get());
        }
        Ok(())
    }
}

/// One request and its whole answer. The stream comes back when it may be used again.
async fn exchange(
    mut stream: TcpStream,
    request: &[u8],
    buffer: &mut Vec<u8>,
) -> io::Result<(Option<TcpStream>, u16)> {
    stream.write_all(request).await?;
    buffer.clear();
    let head = loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let header = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    };
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let length = header("content-length").and_then(|length| length.parse::<usize>().ok());
    let length = length.ok_or_else(|| io::Error::other("an answer without a length"))?;
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let close = header("connection") == Some("close") || text.starts_with("http/1.0");
    Ok(((!close).then_some(stream), status))
}
