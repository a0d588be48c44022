//! One nf_tables rule, built expression by expression. Registers are numbered 0 to 15, four bytes
//! each; a key of several fields lies in registers that follow each other.

use crate::netlink::Batch;

/// What a rule or a verdict map decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Accept,
    Drop,
    Return,
    Jump(String),
}

impl Verdict {
    const JUMP: u32 = -3i32 as u32;
    const RETURN: u32 = -5i32 as u32;

    pub(crate) fn write<'a>(&self, batch: &'a mut Batch) -> &'a mut Batch {
        let (code, chain) = match self {
            Verdict::Drop => (0, None),
            Verdict::Accept => (1, None),
            Verdict::Jump(chain) => (Self::JUMP, Some(chain)),
            Verdict::Return => (Self::RETURN, None),
        };
        batch.nest(2, |batch| {
            batch.big(1, code);
            match chain {
                Some(chain) => batch.text(2, chain),
                None => batch,
            }
        })
    }

    pub(crate) fn read(code: u32, chain: String) -> Verdict {
        match code {
            0 => Verdict::Drop,
            1 => Verdict::Accept,
            Self::JUMP => Verdict::Jump(chain),
            _ => Verdict::Return,
        }
    }
}

/// What can be loaded about a packet besides its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meta {
    Mark = 3,
    InLink = 4,
    OutLink = 5,
    Protocol = 16,
    InGroup = 21,
    OutGroup = 22,
}

/// What can be loaded about a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Flow {
    State = 0,
    Direction = 1,
    Status = 2,
    Mark = 3,
}

/// A comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Test {
    Equal = 0,
    Differs = 1,
}

/// A field of a packet: header (1 network, 2 transport), offset, length in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field(u32, u32, u32);

pub(crate) const SOURCE: Field = Field(1, 12, 4);
pub(crate) const DESTINATION: Field = Field(1, 16, 4);
pub(crate) const SERVICE: Field = Field(2, 2, 2);
/// ICMP type and code together.
pub(crate) const ICMP_KIND: Field = Field(2, 0, 2);

/// A rule: its expressions as attributes, and a hash by which a dump recognises it.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub expressions: Vec<u8>,
    pub hash: u64,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.hash == other.hash
    }
}

/// A rule that is being written.
#[derive(Default, Debug)]
pub(crate) struct Draft(Batch);

fn register(number: u32) -> u32 {
    number + 8
}

impl Draft {
    fn expression(mut self, name: &str, inside: impl FnOnce(&mut Batch) -> &mut Batch) -> Self {
        self.0.nest(1, |batch| batch.text(1, name).nest(2, inside));
        self
    }

    pub(crate) fn meta(self, what: Meta, to: u32) -> Self {
        self.expression("meta", |b| b.big(2, what as u32).big(1, register(to)))
    }

    pub(crate) fn field(self, field: Field, to: u32) -> Self {
        self.expression("payload", |batch| {
            batch.big(1, register(to)).big(2, field.0).big(3, field.1).big(4, field.2)
        })
    }

    pub(crate) fn flow(self, what: Flow, to: u32) -> Self {
        self.expression("ct", |b| b.big(2, what as u32).big(1, register(to)))
    }

    /// The register becomes `(itself & mask) ^ flip`.
    pub(crate) fn mask(self, at: u32, mask: &[u8], flip: &[u8]) -> Self {
        self.expression("bitwise", |batch| {
            batch.big(1, register(at)).big(2, register(at)).big(3, mask.len() as u32);
            batch.nest(4, |b| b.attr(1, mask)).nest(5, |b| b.attr(1, flip))
        })
    }

    pub(crate) fn test(self, at: u32, test: Test, value: &[u8]) -> Self {
        self.expression("cmp", |batch| {
            batch.big(1, register(at)).big(2, test as u32).nest(3, |b| b.attr(1, value))
        })
    }

    pub(crate) fn is(self, at: u32, value: &[u8]) -> Self {
        self.test(at, Test::Equal, value)
    }

    /// Between two values in network order, both inclusive.
    pub(crate) fn within(self, at: u32, from: &[u8], to: &[u8]) -> Self {
        self.expression("range", |batch| {
            batch.big(1, register(at)).big(2, 0);
            batch.nest(3, |b| b.attr(1, from)).nest(4, |b| b.attr(1, to))
        })
    }

    pub(crate) fn in_set(self, at: u32, set: &str, inside: bool) -> Self {
        self.expression("lookup", |batch| {
            batch.text(1, set).big(2, register(at)).big(5, u32::from(!inside))
        })
    }

    pub(crate) fn map(self, at: u32, set: &str, to: u32) -> Self {
        self.expression("lookup", |b| b.text(1, set).big(2, register(at)).big(3, register(to)))
    }

    pub(crate) fn decide_by(self, at: u32, set: &str) -> Rule {
        self.expression("lookup", |b| b.text(1, set).big(2, register(at)).big(3, 0)).done()
    }

    pub(crate) fn load(self, to: u32, value: &[u8]) -> Self {
        self.expression("immediate", |batch| {
            batch.big(1, register(to)).nest(2, |b| b.attr(1, value))
        })
    }

    pub(crate) fn set_mark(self, from: u32) -> Self {
        self.expression("meta", |b| b.big(2, Meta::Mark as u32).big(3, register(from)))
    }

    pub(crate) fn set_flow_mark(self, from: u32) -> Self {
        self.expression("ct", |b| b.big(2, Flow::Mark as u32).big(4, register(from)))
    }

    /// Translates the source or the destination to what the registers hold.
    pub(crate) fn translate(self, source: bool, address: u32, port: Option<u32>) -> Rule {
        self.expression("nat", |batch| {
            batch.big(1, u32::from(!source)).big(2, libc::AF_INET as u32);
            batch.big(3, register(address));
            match port {
                Some(port) => batch.big(5, register(port)),
                None => batch,
            }
        })
        .done()
    }

    pub(crate) fn then(self, verdict: Verdict) -> Rule {
        self.expression("immediate", |batch| batch.big(1, 0).nest(2, |batch| verdict.write(batch)))
            .done()
    }

    pub(crate) fn accept(self) -> Rule {
        self.then(Verdict::Accept)
    }

    pub(crate) fn drop(self) -> Rule {
        self.then(Verdict::Drop)
    }

    /// Counts bytes and packets.
    pub(crate) fn count(self) -> Rule {
        self.expression("counter", |batch| batch).done()
    }

    pub(crate) fn done(self) -> Rule {
        let expressions = self.0.into_attributes();
        Rule { hash: fnv(&expressions), expressions }
    }
}

/// An empty rule, to be continued.
pub(crate) fn when() -> Draft {
    Draft::default()
}

/// FNV-1a, 64 bits.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
