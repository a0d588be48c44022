//! JSON text straight to records, by the schema: no tree in between. Depth is serde_json's limit
//! (128); unknown members are skipped; null is absent.

use crate::scalar;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use shape::{Kind, Location, Record, Shape, Structure, Timestamp, Value, base64};
use std::collections::BTreeMap;
use std::fmt;

/// Which names members have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// AWS's own, whatever their location: awsJson.
    Aws,
    /// Location names, of members of the body alone: restJson.
    Body,
}

/// A whole document as a record.
pub(crate) fn decode_record(
    schema: &'static Structure,
    body: &[u8],
    names: Names,
) -> Result<Record, String> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let record = RecordOf { schema, names }.deserialize(&mut reader);
    let record = record.map_err(|problem| problem.to_string())?;
    reader.end().map_err(|problem| problem.to_string())?;
    Ok(record)
}

/// A whole document as a value of a shape; `None` for null.
pub(crate) fn decode_value(
    shape: &'static Shape,
    body: &[u8],
    names: Names,
) -> Result<Option<Value>, String> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = ValueOf { shape, names }.deserialize(&mut reader);
    let value = value.map_err(|problem| problem.to_string())?;
    reader.end().map_err(|problem| problem.to_string())?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct RecordOf {
    schema: &'static Structure,
    names: Names,
}

#[derive(Clone, Copy)]
struct ValueOf {
    shape: &'static Shape,
    names: Names,
}

// === impl RecordOf ===

impl RecordOf {
    fn position(&self, key: &str) -> Option<usize> {
        self.schema.members().iter().position(|member| match self.names {
            Names::Aws => member.name == key,
            Names::Body => {
                member.location == Location::Body
                    && member.location_name.unwrap_or(member.name) == key
            }
        })
    }

    fn read<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let members = self.schema.members();
        let mut record = Record::new(self.schema);
        let mut set = 0;
        while let Some(key) = map.next_key::<Key>()? {
            match self.position(&key.0) {
                Some(at) => {
                    let seed = ValueOf { shape: members[at].shape, names: self.names };
                    let value = map.next_value_seed(seed).map_err(|it| inside(it, &key.0))?;
                    set += usize::from(value.is_some());
                    record.members[at] = value;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if self.schema.union && set > 1 {
            return Err(de::Error::custom(format!("{} takes one member", self.schema.name)));
        }
        Ok(record)
    }
}

fn inside<E: de::Error>(problem: E, name: &str) -> E {
    de::Error::custom(format!("{name}: {problem}"))
}

impl<'de> DeserializeSeed<'de> for RecordOf {
    type Value = Record;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Record, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordOf {
    type Value = Record;
    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "an object of {}", self.schema.name)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Record, A::Error> {
        self.read(map)
    }
}

/// A key, borrowed from the input where it has no escapes.
struct Key<'de>(std::borrow::Cow<'de, str>);

impl<'de> de::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(text.into()))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(text.to_owned().into()))
            }
        }
        reader.deserialize_str(Text)
    }
}

// === impl ValueOf ===

impl<'de> DeserializeSeed<'de> for ValueOf {
    type Value = Option<Value>;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Option<Value>, D::Error> {
        if let Kind::Document = self.shape.kind {
            let json = <serde_json::Value as de::Deserialize>::deserialize(reader)?;
            return Ok((!json.is_null()).then_some(Value::Document(json)));
        }
        reader.deserialize_any(self)
    }
}

impl ValueOf {
    fn mismatch<E: de::Error>(self, found: &str) -> E {
        de::Error::custom(format!("{found} can not be converted to {}", self.shape.name))
    }

    fn seconds<E: de::Error>(self, seconds: f64) -> Result<Option<Value>, E> {
        let time = Timestamp::from_float(seconds).map(Value::Time);
        time.map(Some).ok_or_else(|| self.mismatch("NUMBER_VALUE"))
    }
}

impl<'de> Visitor<'de> for ValueOf {
    type Value = Option<Value>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "a value of {}", self.shape.name)
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_bool<E: de::Error>(self, bool: bool) -> Result<Option<Value>, E> {
        match self.shape.kind {
            Kind::Boolean => Ok(Some(Value::Bool(bool))),
            _ => Err(self.mismatch(if bool { "TRUE_VALUE" } else { "FALSE_VALUE" })),
        }
    }

    fn visit_i64<E: de::Error>(self, int: i64) -> Result<Option<Value>, E> {
        match self.shape.kind {
            Kind::Integer if i32::try_from(int).is_ok() => Ok(Some(Value::Int(int))),
            Kind::Long => Ok(Some(Value::Int(int))),
            Kind::Float | Kind::Double => Ok(Some(Value::Float(int as f64))),
            Kind::Timestamp => self.seconds(int as f64),
            _ => Err(self.mismatch("NUMBER_VALUE")),
        }
    }

    fn visit_u64<E: de::Error>(self, int: u64) -> Result<Option<Value>, E> {
        match i64::try_from(int) {
            Ok(int) => self.visit_i64(int),
            Err(_) => self.visit_f64(int as f64),
        }
    }

    fn visit_f64<E: de::Error>(self, float: f64) -> Result<Option<Value>, E> {
        match self.shape.kind {
            Kind::Float | Kind::Double => Ok(Some(Value::Float(float))),
            Kind::Timestamp => self.seconds(float),
            // Some clients write 5.0 for 5.
            Kind::Integer | Kind::Long if float.fract() == 0.0 && float.abs() < 9.0e15 => {
                self.visit_i64(float as i64)
            }
            _ => Err(self.mismatch("NUMBER_VALUE")),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<Value>, E> {
        let value = match self.shape.kind {
            Kind::Text => Some(Value::Text(text.to_owned())),
            Kind::Blob => base64::decode(text).map(Value::Blob),
            Kind::Timestamp => Timestamp::parse(text).map(Value::Time),
            Kind::Float | Kind::Double => scalar::float(text).map(Value::Float),
            _ => None,
        };
        value.map(Some).ok_or_else(|| self.mismatch("STRING_VALUE"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<Value>, A::Error> {
        let Kind::List(item) = self.shape.kind else {
            return Err(self.mismatch("START_ARRAY"));
        };
        let mut values = Vec::new();
        let seed = ValueOf { shape: item.shape, names: self.names };
        while let Some(value) = seq.next_element_seed(seed)? {
            values.push(value.unwrap_or(Value::Null));
        }
        Ok(Some(Value::List(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        match self.shape.kind {
            Kind::Structure(schema) => {
                let record = RecordOf { schema, names: self.names }.read(map)?;
                Ok(Some(Value::Struct(record)))
            }
            Kind::Map(_, item) => {
                let mut values = BTreeMap::new();
                let seed = ValueOf { shape: item.shape, names: self.names };
                while let Some(key) = map.next_key::<String>()? {
                    let value = map.next_value_seed(seed).map_err(|it| inside(it, &key))?;
                    values.insert(key, value.unwrap_or(Value::Null));
                }
                Ok(Some(Value::Map(values)))
            }
            _ => Err(self.mismatch("START_OBJECT")),
        }
    }
}
