//! From a program's configuration to what it looks at, and from what was heard to what that means.

use super::{Gaze, Heard, Reply, Rhythm, Wish};
use crate::reach::{From, Scene};
use crate::{Delivery, Sim};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::{Balancer, Courier, Id, Letter, LookAt, Names, Outcome, Program, Question, Span, Time};

/// Until the first look after an order, and a connection's way there and back.
const SOON: Span = Span::millis(1);

/// A courier waits so long for an answer.
const LETTER: Span = Span::seconds(15);

/// From where the internet's own machines look and deliver.
pub(crate) const EDGE_HOST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 53);

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Aim {
    /// A balancer's target.
    Target(Ipv4Addr, u16, Question),
    /// An endpoint of the internet.
    Endpoint(Endpoint),
    /// A letter to deliver.
    Letter(Letter),
}

/// See [`LookAt::Endpoint`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Endpoint {
    address: Option<Ipv4Addr>,
    name: Option<String>,
    port: u16,
    path: Option<String>,
    text: Option<String>,
}

/// Makes `gazes` what this program looks at, keeping what is known of what stays.
pub(super) fn refresh(gazes: &mut BTreeMap<String, (Aim, Gaze)>, program: &Program, now: Time) {
    let wanted = match program {
        Program::Balancer(balancer) => targets(balancer),
        Program::Names(names) => endpoints(names),
        Program::Courier(courier) => letters(courier),
        Program::Resolver(_) | Program::Guest(_) => BTreeMap::new(),
    };
    gazes.retain(|name, _| wanted.contains_key(name));
    for (name, (aim, rhythm)) in wanted {
        match gazes.get_mut(&name) {
            Some((present, gaze)) => {
                *present = aim;
                gaze.rhythm = rhythm;
            }
            None => {
                let mut gaze = Gaze::new(rhythm, now + SOON, now);
                if let Program::Names(names) = program {
                    // What an earlier life found.
                    gaze.probe.well = names.checks.get(&Id::from(&name)).and_then(|one| one.last);
                }
                gazes.insert(name, (aim, gaze));
            }
        }
    }
}

type Wanted = BTreeMap<String, (Aim, Rhythm)>;

fn targets(balancer: &Balancer) -> Wanted {
    let mut wanted = Wanted::new();
    for (id, pool) in &balancer.pools {
        let check = &pool.check;
        let rhythm = Rhythm {
            every: check.every,
            patience: check.patience,
            rise: check.rise,
            fall: check.fall,
            once: false,
        };
        for (name, target) in pool.targets.iter().filter(|(_, one)| one.leaving.is_none()) {
            let port = check.port.unwrap_or(target.port);
            let aim = Aim::Target(target.address, port, check.by.clone());
            wanted.insert(format!("{id}/{name}"), (aim, rhythm.clone()));
        }
    }
    wanted
}

fn endpoints(names: &Names) -> Wanted {
    let enabled = names.checks.iter().filter(|(_, look)| !look.disabled);
    let endpoint = |(id, look): (&Id, &world::Look)| match &look.at {
        LookAt::Endpoint { address, name, port, path, text, every, threshold, .. } => {
            let (address, port, threshold) = (*address, *port, (*threshold).max(1));
            let (name, path, text) = (name.clone(), path.clone(), text.clone());
            let aim = Aim::Endpoint(Endpoint { address, name, port, path, text });
            let patience = Span(every.0 / 3);
            let (every, rise, fall) = (*every, threshold, threshold);
            Some((id.to_string(), (aim, Rhythm { every, patience, rise, fall, once: false })))
        }
        LookAt::Calculated { .. } | LookAt::Told(_) => None,
    };
    enabled.filter_map(endpoint).collect()
}

fn letters(courier: &Courier) -> Wanted {
    let rhythm = Rhythm { every: LETTER, patience: LETTER, rise: 1, fall: 1, once: true };
    let letters = courier.letters.iter();
    letters.map(|(name, one)| (name.clone(), (Aim::Letter(one.clone()), rhythm.clone()))).collect()
}

impl Sim {
    /// One look.
    pub(super) fn judge(&mut self, scene: &Scene, who: &Id, name: &str, aim: &Aim) -> Outcome {
        match aim {
            Aim::Target(address, port, question) => {
                let path = match question {
                    Question::Http { path, .. } | Question::Grpc { path, .. } => path,
                    Question::Tcp => "",
                };
                let from = From::Machine(who.clone());
                let wish = Wish { host: "", path };
                meaning(self.ask_in(scene, from, *address, *port, wish), question)
            }
            Aim::Endpoint(endpoint) => self.judge_endpoint(scene, endpoint),
            Aim::Letter(letter) => self.deliver(scene, who, name, letter),
        }
    }

    fn judge_endpoint(&self, scene: &Scene, endpoint: &Endpoint) -> Outcome {
        let host = endpoint.name.as_deref().unwrap_or_default();
        let Some(address) = endpoint.address.or_else(|| self.resolve(host).first().copied()) else {
            return Outcome::Wrong("its name has no address".to_owned());
        };
        let path = endpoint.path.as_deref().unwrap_or_default();
        let from = From::Internet(EDGE_HOST);
        let heard = self.ask_in(scene, from, address, endpoint.port, Wish { host, path });
        let question = match &endpoint.path {
            None => Question::Tcp,
            Some(path) => Question::Http {
                path: path.clone(),
                good: vec![(200, 399)],
                tls: false,
                http2: false,
            },
        };
        let lacks = |body: &str| endpoint.text.as_ref().is_some_and(|text| !body.contains(text));
        let body = match &heard {
            Heard::Reply(Reply::Text(_, body)) => body.clone(),
            _ => String::new(),
        };
        match meaning(heard, &question) {
            Outcome::Good if lacks(&body) => Outcome::Wrong("the text is not there".to_owned()),
            outcome => outcome,
        }
    }

    fn deliver(&mut self, scene: &Scene, who: &Id, name: &str, letter: &Letter) -> Outcome {
        let Some((host, port, path)) = parts(&letter.url) else {
            return Outcome::Wrong("no URL".to_owned());
        };
        let loopback = |address: &Ipv4Addr| address.is_loopback();
        let address = host.parse().ok().or_else(|| self.resolve(host).first().copied());
        let question = Question::Http {
            path: path.to_owned(),
            good: vec![(200, 299)],
            tls: false,
            http2: false,
        };
        let outcome = match address {
            // The host's own programs take everything.
            _ if host == "localhost" => Outcome::Good,
            Some(address) if loopback(&address) => Outcome::Good,
            None => Outcome::Wrong("its name has no address".to_owned()),
            Some(address) => {
                let wish = Wish { host, path };
                let from = From::Internet(EDGE_HOST);
                meaning(self.ask_in(scene, from, address, port, wish), &question)
            }
        };
        if outcome == Outcome::Good {
            let (at, courier, name) = (self.now, who.clone(), name.to_owned());
            self.watch.delivered.push(Delivery { at, courier, name, letter: letter.clone() });
        }
        outcome
    }
}

/// Host, port and path of a URL.
fn parts(url: &str) -> Option<(&str, u16, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let (place, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let own = if scheme == "https" { 443 } else { 80 };
    match place.split_once(':') {
        Some((host, port)) => Some((host, port.parse().ok()?, path)),
        None => Some((place, own, path)),
    }
}

/// What an answer means to who asked this.
fn meaning(heard: Heard, question: &Question) -> Outcome {
    let reply = match heard {
        Heard::Reply(reply) => reply,
        Heard::TimedOut => return Outcome::TimedOut,
        Heard::Refused => return Outcome::Refused,
    };
    let status = match (reply, question) {
        (Reply::Refuse, _) => return Outcome::Refused,
        (_, Question::Tcp) => return Outcome::Good,
        (Reply::Hang, _) => return Outcome::TimedOut,
        // A server that does not know the method says so: UNIMPLEMENTED.
        (Reply::Status(200) | Reply::Text(200, _), Question::Grpc { .. }) => 12,
        (Reply::Status(status) | Reply::Text(status, _), _) => status,
    };
    let (Question::Http { good, .. } | Question::Grpc { good, .. }) = question else {
        return Outcome::Good;
    };
    let expected = good.iter().any(|(first, last)| (first..=last).contains(&&status));
    if expected { Outcome::Good } else { Outcome::Status(status) }
}
