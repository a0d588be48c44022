//! rpcv2Cbor bodies (RFC 8949): definite and indefinite lengths, all float widths in; definite
//! lengths and tagged timestamps out.

use crate::MAX_DEPTH;
use shape::{Kind, OperationSchema, Record, Shape, Structure, Timestamp, Value};
use std::collections::BTreeMap;

const TAG_EPOCH: u64 = 1;

/// The input in a body; no body counts as an empty map.
pub(crate) fn decode(operation: &OperationSchema, body: &[u8]) -> Result<Record, String> {
    if body.is_empty() {
        return Ok(Record::new(operation.input));
    }
    let mut reader = Reader { bytes: body, at: 0, depth: 0 };
    let head = reader.head()?;
    let record = reader.record(operation.input, head)?;
    match reader.at == body.len() {
        true => Ok(record),
        false => Err("CBOR goes on after the value".to_owned()),
    }
}

/// A record as a map.
pub(crate) fn encode(record: &Record) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write_record(&mut out, record, &[]);
    out
}

/// A record as a map, with further text entries before its members.
pub(crate) fn encode_with(record: &Record, extra: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write_record(&mut out, record, extra);
    out
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

/// The first bytes of a data item: major type, low five bits, argument.
#[derive(Debug, Clone, Copy)]
struct Head {
    major: u8,
    low: u8,
    argument: u64,
}

const INDEFINITE: u8 = 31;
const BREAK: (u8, u8) = (7, INDEFINITE);

// === impl Reader ===

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], String> {
        let length = usize::try_from(length).map_err(|_| "CBOR ends early")?;
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or("CBOR ends early")?;
        let found = &self.bytes[self.at..end];
        self.at = end;
        Ok(found)
    }

    fn head(&mut self) -> Result<Head, String> {
        let first = self.take(1)?[0];
        let (major, low) = (first >> 5, first & 31);
        let argument = match low {
            0..=23 => u64::from(low),
            24..=27 => {
                let bytes = self.take(1 << (low - 24))?;
                bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
            }
            INDEFINITE if matches!(major, 2..=5 | 7) => 0,
            _ => return Err("CBOR with a reserved length".to_owned()),
        };
        Ok(Head { major, low, argument })
    }

    /// The head of the next item, or `None` when a container of `left` items is over.
    fn next(&mut self, left: &mut Option<u64>) -> Result<Option<Head>, String> {
        match left {
            Some(0) => Ok(None),
            Some(count) => {
                *count -= 1;
                self.head().map(Some)
            }
            None => {
                let head = self.head()?;
                Ok(((head.major, head.low) != BREAK).then_some(head))
            }
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        match self.depth > MAX_DEPTH {
            true => Err("CBOR is nested too deep".to_owned()),
            false => Ok(()),
        }
    }

    /// The bytes of a string: in one piece, or the pieces of an indefinite one.
    fn string(&mut self, head: Head) -> Result<Vec<u8>, String> {
        if head.low != INDEFINITE {
            return Ok(self.take(head.argument)?.to_vec());
        }
        let mut bytes = Vec::new();
        while let Some(piece) = self.next(&mut None)? {
            if piece.major != head.major || piece.low == INDEFINITE {
                return Err("A CBOR string of mixed pieces".to_owned());
            }
            bytes.extend_from_slice(self.take(piece.argument)?);
        }
        Ok(bytes)
    }

    fn text(&mut self, head: Head) -> Result<String, String> {
        match head.major {
            3 => String::from_utf8(self.string(head)?).map_err(|_| "Text that is not UTF-8".into()),
            _ => Err("Text belongs here".to_owned()),
        }
    }

    fn record(&mut self, schema: &'static Structure, head: Head) -> Result<Record, String> {
        if head.major != 5 {
            return Err(format!("A map belongs here, for {}", schema.name));
        }
        self.deeper()?;
        let mut record = Record::new(schema);
        let mut left = (head.low != INDEFINITE).then_some(head.argument);
        while let Some(key) = self.next(&mut left)? {
            let key = self.text(key)?;
            let head = self.head()?;
            match schema.position(&key) {
                None => self.skip(head)?,
                Some(at) => {
                    let value = self.value(schema.members()[at].shape, head);
                    record.members[at] = value.map_err(|problem| format!("{key}: {problem}"))?;
                }
            }
        }
        self.depth -= 1;
        Ok(record)
    }

    /// `None` for null and undefined.
    fn value(&mut self, shape: &'static Shape, head: Head) -> Result<Option<Value>, String> {
        let value = match (head.major, shape.kind) {
            (7, _) if matches!(head.low, 22 | 23) => return Ok(None),
            (_, Kind::Structure(schema)) => Value::Struct(self.record(schema, head)?),
            (3, Kind::Text) => Value::Text(self.text(head)?),
            (2, Kind::Blob) => Value::Blob(self.string(head)?),
            (7, Kind::Boolean) if matches!(head.low, 20 | 21) => Value::Bool(head.low == 21),
            (0 | 1, Kind::Integer | Kind::Long) => {
                let int = integer(head)
                    .filter(|int| matches!(shape.kind, Kind::Long) || i32::try_from(*int).is_ok());
                Value::Int(int.ok_or("The number is out of range")?)
            }
            (0 | 1, Kind::Float | Kind::Double) => {
                Value::Float(integer(head).ok_or("The number is out of range")? as f64)
            }
            (7, Kind::Float | Kind::Double) => Value::Float(float(head)?),
            (6, Kind::Timestamp) if head.argument == TAG_EPOCH => {
                let head = self.head()?;
                let time = match head.major {
                    7 => Timestamp::from_float(float(head)?),
                    _ => integer(head).and_then(|it| it.checked_mul(1000)).map(Timestamp),
                };
                Value::Time(time.ok_or("The time is out of range")?)
            }
            (4, Kind::List(item)) => {
                self.deeper()?;
                let mut values = Vec::new();
                let mut left = (head.low != INDEFINITE).then_some(head.argument);
                while let Some(head) = self.next(&mut left)? {
                    values.push(self.value(item.shape, head)?.unwrap_or(Value::Null));
                }
                self.depth -= 1;
                Value::List(values)
            }
            (5, Kind::Map(_, item)) => {
                self.deeper()?;
                let mut values = BTreeMap::new();
                let mut left = (head.low != INDEFINITE).then_some(head.argument);
                while let Some(key) = self.next(&mut left)? {
                    let key = self.text(key)?;
                    let head = self.head()?;
                    values.insert(key, self.value(item.shape, head)?.unwrap_or(Value::Null));
                }
                self.depth -= 1;
                Value::Map(values)
            }
            _ => return Err(format!("A {} belongs here", shape.name)),
        };
        Ok(Some(value))
    }

    /// Steps over an item.
    fn skip(&mut self, head: Head) -> Result<(), String> {
        self.deeper()?;
        match head.major {
            2 | 3 if head.low == INDEFINITE => {
                self.string(head)?;
            }
            2 | 3 => {
                self.take(head.argument)?;
            }
            4 | 5 => {
                let mut left = (head.low != INDEFINITE).then_some(head.argument);
                while let Some(item) = self.next(&mut left)? {
                    self.skip(item)?;
                    if head.major == 5 {
                        let value = self.head()?;
                        self.skip(value)?;
                    }
                }
            }
            6 => {
                let head = self.head()?;
                self.skip(head)?;
            }
            _ if (head.major, head.low) == BREAK => return Err("A stray CBOR break".to_owned()),
            _ => {}
        }
        self.depth -= 1;
        Ok(())
    }
}

fn integer(head: Head) -> Option<i64> {
    let positive = i64::try_from(head.argument).ok()?;
    match head.major {
        0 => Some(positive),
        1 => Some(-1 - positive),
        _ => None,
    }
}

fn float(head: Head) -> Result<f64, String> {
    match head.low {
        25 => Ok(half(head.argument as u16)),
        26 => Ok(f32::from_bits(head.argument as u32).into()),
        27 => Ok(f64::from_bits(head.argument)),
        _ => Err("A number belongs here".to_owned()),
    }
}

/// Half precision (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff);
    let size = match bits >> 10 & 31 {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1.0 + fraction / 1024.0) * 2f64.powi(i32::from(exponent) - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

// === writing ===

fn write_head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let major = major << 5;
    match argument {
        0..=23 => out.push(major | argument as u8),
        24..=0xff => out.extend_from_slice(&[major | 24, argument as u8]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&(argument as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&(argument as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&argument.to_be_bytes());
        }
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_head(out, 3, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn write_float(out: &mut Vec<u8>, float: f64) {
    out.push(7 << 5 | 27);
    out.extend_from_slice(&float.to_bits().to_be_bytes());
}

fn write_record(out: &mut Vec<u8>, record: &Record, extra: &[(&str, &str)]) {
    let members = record.schema.members().iter().zip(&record.members);
    let present: Vec<_> =
        members.filter_map(|(member, value)| Some((member.name, value.as_ref()?))).collect();
    write_head(out, 5, (present.len() + extra.len()) as u64);
    for (key, text) in extra {
        write_text(out, key);
        write_text(out, text);
    }
    for (name, value) in present {
        write_text(out, name);
        write_value(out, value);
    }
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Bool(bool) => out.push(7 << 5 | if *bool { 21 } else { 20 }),
        Value::Int(int) if *int < 0 => write_head(out, 1, (-1 - int) as u64),
        Value::Int(int) => write_head(out, 0, *int as u64),
        Value::Float(float) => write_float(out, *float),
        Value::Text(text) => write_text(out, text),
        Value::Blob(bytes) => {
            write_head(out, 2, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
        Value::Time(at) => {
            write_head(out, 6, TAG_EPOCH);
            match at.0 % 1000 {
                0 => write_value(out, &Value::Int(at.seconds())),
                _ => write_float(out, at.0 as f64 / 1000.0),
            }
        }
        Value::List(items) => {
            write_head(out, 4, items.len() as u64);
            items.iter().for_each(|one| write_value(out, one));
        }
        Value::Map(map) => {
            write_head(out, 5, map.len() as u64);
            for (key, one) in map {
                write_text(out, key);
                write_value(out, one);
            }
        }
        Value::Struct(record) => write_record(out, record, &[]),
        // Documents are not part of the protocol.
        Value::Null | Value::Document(_) => out.push(7 << 5 | 22),
    }
}
