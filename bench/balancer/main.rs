//! What `bench/balancer/run.sh` measures with: a node, an origin that costs next to nothing, load
//! over kept connections that costs little, and connections that only wait.

use balancer::Node;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::ops::Range;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::LocalSet;
use world::{
    Action, Backend, Balancer, Check, Choice, Id, Listener, Manners, Pool, Question, Rule, Secret,
    Span, Speech, Sticky, Target, Zone,
};

const USAGE: &str = "usage:
  balance node ADDRESS HTTP_PORT TCP_PORT TARGET...   until standard input ends
  balance origin ADDRESS                              small answers, until standard input ends
  balance load ADDRESS CONNECTIONS SECONDS            one line of JSON
  balance idle ADDRESS COUNT                          says `open`, until standard input ends";

const REQUEST: &[u8] = b"GET /small HTTP/1.1\r\nHost: bench.example\r\nUser-Agent: bench\r\n\
    Accept: */*\r\n\r\n";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 64\r\n\r\n\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("balance: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> io::Result<()> {
    match *words {
        ["node", address, http, tcp, ref targets @ ..] => {
            let node = node(parsed(address)?, parsed(http)?, parsed(tcp)?, targets)?;
            end_of_input()?;
            drop(node);
            Ok(())
        }
        ["origin", address] => {
            let address = address.to_owned();
            std::thread::spawn(move || alone(origin(address)));
            end_of_input()
        }
        ["load", address, connections, seconds] => {
            let seconds = Duration::from_secs_f64(parsed(seconds)?);
            alone(load(address.to_owned(), parsed(connections)?, seconds))
        }
        ["idle", address, count] => {
            let all = idle(address, parsed(count)?)?;
            writeln!(io::stdout(), "open")?;
            end_of_input()?;
            drop(all);
            Ok(())
        }
        _ => Err(io::Error::other(USAGE)),
    }
}

fn parsed<T: std::str::FromStr>(word: &str) -> io::Result<T> {
    word.parse().map_err(|_| io::Error::other(format!("not understood: {word}")))
}

fn end_of_input() -> io::Result<()> {
    io::copy(&mut io::stdin(), &mut io::sink()).map(|_| ())
}

fn alone<T>(task: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(LocalSet::new().run_until(task))
}

fn node(address: Ipv4Addr, http: u16, tcp: u16, targets: &[&str]) -> io::Result<Node> {
    let pool = |speaks, by, choice| -> io::Result<Pool> {
        let mut all = BTreeMap::new();
        for (n, target) in targets.iter().enumerate() {
            let at: SocketAddrV4 = parsed(target)?;
            let (address, port) = (*at.ip(), at.port());
            all.insert(format!("t{n}"), Target { address, port, zone: None, leaving: None });
        }
        let (every, patience) = (Span::seconds(5), Span::seconds(2));
        Ok(Pool {
            speaks,
            targets: all,
            check: Check { by, port: None, every, patience, rise: 2, fall: 2 },
            choice,
            slow_start: Span(0),
            sticky: Sticky::No,
            cross_zone: true,
            drain: Span::seconds(300),
            preserve_client: false,
            proxy_header: false,
            cut_drained: false,
            cut_unwell: false,
            fewest_well: 1,
        })
    };
    let question =
        Question::Http { path: "/".into(), good: vec![(200, 299)], tls: false, http2: false };
    let listener = |port, speaks, pool: &str| {
        let action = Action::Forward { pools: vec![(Id::from(pool), 1)], sticky: None };
        Listener {
            port,
            speaks,
            certificates: Vec::new(),
            tls12: true,
            tls13: true,
            alpn: Vec::new(),
            rules: vec![Rule { name: "default".into(), conditions: Vec::new(), action }],
            idle: Span::seconds(350),
        }
    };
    let config = Balancer {
        name: "app/bench/0000000000000000".into(),
        secret: Secret("bench".into()),
        listeners: vec![listener(http, Speech::Http, "http"), listener(tcp, Speech::Tcp, "tcp")],
        pools: BTreeMap::from([
            (Id::from("http"), pool(Backend::Http1, question, Choice::RoundRobin)?),
            (Id::from("tcp"), pool(Backend::Tcp, Question::Tcp, Choice::FlowHash)?),
        ]),
        manners: Manners { idle: Span::seconds(600), ..Manners::default() },
        log: false,
        prefix: String::new(),
    };
    Node::start(Zone::from("bench"), address, config, None)
}

async fn origin(address: String) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    loop {
        let (mut stream, _) = listener.accept().await?;
        tokio::task::spawn_local(async move {
            let _ = stream.set_nodelay(true);
            let mut room = [0; 2048];
            let mut have = 0;
            while let Ok(count @ 1..) = stream.read(&mut room[have..]).await {
                have += count;
                if room[..have].ends_with(b"\r\n\r\n") {
                    have = 0;
                    if stream.write_all(ANSWER).await.is_err() {
                        return;
                    }
                }
                have %= room.len();
            }
        });
    }
}

/// What happens first is not measured: connections to the origin are made, threads find their
/// place.
const WARM: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Seen {
    took: RefCell<Vec<u32>>,
    all: Cell<u64>,
    failed: Cell<u64>,
}

async fn load(address: String, connections: usize, time: Duration) -> io::Result<()> {
    let seen = Rc::new(Seen::default());
    let mut streams = Vec::new();
    for _ in 0..connections {
        streams.push(TcpStream::connect(&address).await?);
    }
    let begin = Instant::now() + WARM;
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|stream| {
            let seen = seen.clone();
            tokio::task::spawn_local(async move {
                if talk(stream, begin..begin + time, &seen).await.is_err() {
                    seen.failed.set(seen.failed.get() + 1);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.map_err(io::Error::other)?;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let mut took = seen.took.borrow_mut();
    took.sort_unstable();
    let part = |share: f64| took.get((took.len() as f64 * share) as usize).copied().unwrap_or(0);
    writeln!(
        io::stdout(),
        "{{\"rate\": {:.0}, \"count\": {}, \"failed\": {}, \"p50\": {}, \"p99\": {}}}",
        took.len() as f64 / seconds,
        seen.all.get(),
        seen.failed.get(),
        part(0.5),
        part(0.99)
    )
}

/// Asks and waits for the whole answer, again and again. All answers are as long as the first.
async fn talk(mut stream: TcpStream, when: Range<Instant>, seen: &Seen) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut room = [0; 4096];
    let mut size = None;
    loop {
        let sent = Instant::now();
        if sent >= when.end {
            return Ok(());
        }
        stream.write_all(REQUEST).await?;
        let mut have = 0;
        loop {
            let count = stream.read(&mut room[have..]).await?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            have += count;
            let head = || room[..have].windows(4).position(|four| four == b"\r\n\r\n");
            let whole = size.or_else(|| head().map(|head| head + 4 + 64));
            if whole.is_some_and(|whole| have >= whole) {
                size = whole;
                break;
            }
        }
        if Some(have) != size || !room.starts_with(b"HTTP/1.1 200") {
            return Err(io::Error::other("not the answer"));
        }
        seen.all.set(seen.all.get() + 1);
        if sent >= when.start {
            seen.took.borrow_mut().push(sent.elapsed().as_micros() as u32);
        }
    }
}

fn idle(address: &str, count: usize) -> io::Result<Vec<std::net::TcpStream>> {
    (0..count).map(|_| std::net::TcpStream::connect(address)).collect()
}
