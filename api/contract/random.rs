//! Random records of a schema, from a seed.

use shape::{Kind, Record, Shape, Structure, Timestamp, Value};

/// A small generator (xorshift64*): good enough to scatter, the same on every machine.
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`; 0 when `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() >> 16) as usize % end.max(1)
    }

    fn text(&mut self) -> String {
        const LETTERS: [&str; 14] =
            ["a", "Z", "0", " ", "&", "<", "]]>", "\"", "'", "é", "😹", "\n", "\r", "%+=.,"];
        (0..self.below(6)).map(|_| LETTERS[self.below(LETTERS.len())]).collect()
    }

    /// A record; deep members are left out, and a structure never comes out empty, since flat
    /// parameters cannot say that it is there.
    pub fn record(&mut self, schema: &'static Structure, depth: usize) -> Option<Record> {
        let mut record = Record::new(schema);
        for (member, slot) in schema.members().iter().zip(&mut record.members) {
            if self.below(3) > 0 {
                *slot = self.value(member.shape, depth + 1);
            }
        }
        let empty = record.members.iter().all(Option::is_none);
        (depth == 0 || !empty).then_some(record)
    }

    fn value(&mut self, shape: &'static Shape, depth: usize) -> Option<Value> {
        if depth > 5 {
            return None;
        }
        Some(match shape.kind {
            Kind::Boolean => Value::Bool(self.below(2) == 0),
            Kind::Integer => Value::Int(i64::from(self.number() as i32)),
            Kind::Long => Value::Int(self.number() as i64),
            Kind::Float | Kind::Double => Value::Float(f64::from(self.number() as i32) / 16.0),
            Kind::Text => Value::Text(self.text()),
            Kind::Blob => Value::Blob((0..self.below(5)).map(|_| self.number() as u8).collect()),
            // Up to the year 2100, to the millisecond.
            Kind::Timestamp => Value::Time(Timestamp(self.below(4_102_444_800_000) as i64)),
            Kind::Document => Value::Document(serde_json::json!({ "a": [1, null] })),
            Kind::List(item) => {
                let items: Vec<Value> =
                    (0..=self.below(2)).filter_map(|_| self.value(item.shape, depth + 1)).collect();
                return (!items.is_empty()).then_some(Value::List(items));
            }
            Kind::Map(_, item) => {
                let mut map = std::collections::BTreeMap::new();
                for _ in 0..=self.below(2) {
                    if let Some(value) = self.value(item.shape, depth + 1) {
                        map.insert(format!("k{}", self.text()), value);
                    }
                }
                return (!map.is_empty()).then_some(Value::Map(map));
            }
            Kind::Structure(schema) => return self.record(schema, depth).map(Value::Struct),
        })
    }
}
