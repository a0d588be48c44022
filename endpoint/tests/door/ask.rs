//! Requests as a client makes and signs them, and answers taken apart.

use crate::rooms::ROOMS;
use endpoint::{FrontDoor, Settings};
use region::Region;
use signature::Signer;
use sim::Sim;
use world::{Request, Span, World};

/// A region of toy rooms behind its front door.
pub struct Front(Region<Sim>);

/// A key and the secret, and the token of a session.
#[derive(Clone, Copy)]
pub struct Key(pub &'static str, pub &'static str, pub Option<&'static str>);

/// The built-in key.
pub const TEST: Key = Key("test", "test", None);
/// What [`Front::new`] gives to `endpoint`.
pub const TOKEN: &str = "0123456789abcdef";

/// A request before it is signed.
#[derive(Clone)]
pub struct Ask {
    pub method: &'static str,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// `None` leaves it unsigned.
    pub key: Option<Key>,
    pub service: &'static str,
    pub region: &'static str,
    /// How far the signer's clock is ahead.
    pub ahead_ms: i64,
    /// Signed in the query instead of in headers, for so many seconds.
    pub presigned: Option<u32>,
    /// Happens to it on the way.
    pub after: fn(&mut Request),
}

/// An answer.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub text: String,
}

// === impl Ask ===

impl Ask {
    fn new(service: &'static str, method: &'static str, target: &str, body: &[u8]) -> Ask {
        Ask {
            method,
            target: target.into(),
            headers: vec![("Host".into(), "localhost:4566".into())],
            body: body.to_vec(),
            key: Some(TEST),
            service,
            region: "us-east-1",
            ahead_ms: 0,
            presigned: None,
            after: |_| {},
        }
    }

    /// `target` is `AmazonSQS.CreateQueue`, `version` is `1.0`.
    pub fn json(service: &'static str, version: &str, target: &str, body: &str) -> Ask {
        let kind = format!("application/x-amz-json-{version}");
        let ask = Ask::new(service, "POST", "/", body.as_bytes());
        ask.with("Content-Type", &kind).with("X-Amz-Target", target)
    }

    /// A form in the body.
    pub fn form(service: &'static str, form: &str) -> Ask {
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        Ask::new(service, "POST", "/", form.as_bytes()).with("Content-Type", kind)
    }

    /// Everything in the address.
    pub fn get(service: &'static str, target: &str) -> Ask {
        Ask::new(service, "GET", target, b"")
    }

    pub fn cbor(service: &'static str, path: &str, body: &[u8]) -> Ask {
        let ask = Ask::new(service, "POST", path, body);
        ask.with("smithy-protocol", "rpc-v2-cbor").with("Content-Type", "application/cbor")
    }

    /// Puts a header in place of the one of that name.
    pub fn with(mut self, name: &str, value: &str) -> Ask {
        self.headers.retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a header beside those of that name.
    pub fn and(mut self, name: &str, value: &str) -> Ask {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Ask {
        self.headers.retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self
    }

    pub fn to(mut self, target: &str) -> Ask {
        self.target = target.into();
        self
    }

    pub fn unsigned(mut self) -> Ask {
        self.key = None;
        self
    }

    pub fn by(mut self, key: Key) -> Ask {
        self.key = Some(key);
        self
    }

    pub fn in_region(mut self, region: &'static str) -> Ask {
        self.region = region;
        self
    }

    pub fn presigned(mut self, seconds: u32) -> Ask {
        self.presigned = Some(seconds);
        self
    }

    pub fn ahead(mut self, span: Span) -> Ask {
        self.ahead_ms = (span.0 / 1000) as i64;
        self
    }

    pub fn late(mut self, span: Span) -> Ask {
        self.ahead_ms = -((span.0 / 1000) as i64);
        self
    }

    pub fn after(mut self, after: fn(&mut Request)) -> Ask {
        self.after = after;
        self
    }

    fn sent(&self, now_ms: i64) -> Request {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let (method, body) = (self.method, &self.body[..]);
        let plain = signature::Request { method, path, query, headers: &self.headers, body };
        let at_ms = now_ms + self.ahead_ms;
        let mut headers = self.headers.clone();
        let mut target = self.target.clone();
        if let Some(Key(key_id, secret, token)) = self.key {
            let (region, service) = (self.region, self.service);
            let signer = Signer { key_id, secret, token, region, service };
            match self.presigned {
                Some(life) => {
                    let query = signature::presign(&plain, &signer, at_ms, life);
                    target = format!("{path}?{query}");
                }
                None => headers.extend(signature::sign(&plain, &signer, at_ms)),
            }
        }
        let mut request =
            Request { method: method.into(), target, headers, body: self.body.clone() };
        (self.after)(&mut request);
        request
    }
}

// === impl Front ===

impl Front {
    pub fn new() -> Front {
        Front::with_hosts(&[])
    }

    pub fn with_hosts(hosts: &[&str]) -> Front {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        let door = FrontDoor::new(ROOMS, Settings { hosts, token: TOKEN.into() });
        let world = Sim::new(1, sim::Settings::default());
        Front(Region::open(world, ROOMS, Box::new(door)))
    }

    pub fn ask(&mut self, ask: &Ask) -> Told {
        let request = ask.sent(self.0.world.now().millis() as i64);
        let ticket = self.0.world.request(request);
        let end = self.0.world.now() + Span::seconds(10);
        loop {
            if let Some(answer) = self.0.world.take_answer(ticket) {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                let world::Answer { status, headers, body } = answer;
                return Told { status, headers, body, text };
            }
            assert!(self.0.world.now() < end, "not answered: {} {}", ask.method, ask.target);
            self.0.step_until(end);
        }
    }

    /// Lets time pass.
    pub fn wait(&mut self, span: Span) {
        let end = self.0.world.now() + span;
        while self.0.world.now() < end {
            self.0.step_until(end);
        }
    }
}

// === impl Told ===

impl Told {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The error's code, wherever the protocol puts it; empty for a success.
    pub fn code(&self) -> String {
        if let Some(code) = self.between("<Code>", "</Code>") {
            return code;
        }
        if self.header("smithy-protocol").is_some() {
            return self.in_cbor("__type").unwrap_or_default();
        }
        let json: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json["__type"].as_str().or(json["error"].as_str()).unwrap_or_default().to_owned()
    }

    pub fn message(&self) -> String {
        if let Some(message) = self.between("<Message>", "</Message>") {
            return message.replace("&apos;", "'").replace("&#39;", "'");
        }
        if self.header("smithy-protocol").is_some() {
            return self.in_cbor("message").unwrap_or_default();
        }
        let json: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = json["message"].as_str().or(json["Message"].as_str());
        text.unwrap_or_default().to_owned()
    }

    /// The first text between two others.
    pub fn between(&self, open: &str, close: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(open)?;
        rest.split_once(close).map(|(text, _)| text.to_owned())
    }

    /// The text under a key of a CBOR map, for texts of less than 64 KiB.
    pub fn in_cbor(&self, key: &str) -> Option<String> {
        let at = self.body.windows(key.len()).position(|window| window == key.as_bytes())?;
        let rest = &self.body[at + key.len()..];
        let (start, length) = match rest {
            [head @ 0x60..=0x77, ..] => (1, usize::from(head - 0x60)),
            [0x78, length, ..] => (2, usize::from(*length)),
            [0x79, high, low, ..] => (3, usize::from(*high) << 8 | usize::from(*low)),
            _ => return None,
        };
        String::from_utf8(rest.get(start..start + length)?.to_vec()).ok()
    }

    /// The protocol that the answer speaks.
    pub fn speaks(&self) -> &'static str {
        match self.header("content-type").unwrap_or_default() {
            "application/x-amz-json-1.0" => "json-1.0",
            "application/x-amz-json-1.1" => "json-1.1",
            "application/cbor" => "cbor",
            "application/json" => "rest-json",
            "text/xml;charset=UTF-8" if self.header("x-amzn-RequestId").is_some() => "ec2",
            "text/xml" => "query",
            _ => "nothing known",
        }
    }
}
