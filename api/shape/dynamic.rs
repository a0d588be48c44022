//! Values as JSON with AWS's member names: how stories, templates and rooms write inputs by hand.
//! Not a wire codec: blobs are base64 text, timestamps ISO 8601, and unknown members are errors.

use crate::{Item, Kind, Record, Shape, Structure, Timestamp, Value, base64};
use serde_json::{Map, Number, Value as Json};

/// Why JSON is not of the shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotOfShape {
    /// AWS's names from the outermost member inwards, joined with dots.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

/// Leniency of numbers and booleans: a template may write them as text, and text as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalars {
    /// Each in its own JSON kind.
    Strict,
    /// `"5"` is a number and `5` is text, as CloudFormation has it.
    Loose,
}

/// A record as JSON; absent members are left out.
pub fn to_json(record: &Record) -> Json {
    let members = record.schema.members().iter().zip(&record.members);
    let present = members.filter_map(|(member, value)| Some((member, value.as_ref()?)));
    Json::Object(present.map(|(one, value)| (one.name.to_owned(), value_to_json(value))).collect())
}

/// A value as JSON.
pub fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Int(int) => Json::Number((*int).into()),
        Value::Float(float) => match Number::from_f64(*float) {
            Some(number) => Json::Number(number),
            None if float.is_nan() => Json::String("NaN".to_owned()),
            None if *float > 0.0 => Json::String("Infinity".to_owned()),
            None => Json::String("-Infinity".to_owned()),
        },
        Value::Text(text) => Json::String(text.clone()),
        Value::Blob(bytes) => Json::String(base64::encode(bytes)),
        Value::Time(time) => Json::String(time.format(crate::TimeFormat::Iso8601)),
        Value::List(items) => Json::Array(items.iter().map(value_to_json).collect()),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| (key.clone(), value_to_json(value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
        Value::Struct(record) => to_json(record),
        Value::Document(json) => json.clone(),
        Value::Null => Json::Null,
    }
}

/// JSON as a record of `schema`. JSON null means absent.
pub fn from_json(schema: &'static Structure, json: &Json) -> Result<Record, NotOfShape> {
    from_json_with(schema, json, Scalars::Strict)
}

/// JSON text as a record of `schema`.
pub fn from_text(schema: &'static Structure, text: &str) -> Result<Record, NotOfShape> {
    let json = serde_json::from_str(text).map_err(|error| problem(&error.to_string()))?;
    from_json(schema, &json)
}

/// JSON as a record of `schema`, with a choice of leniency.
pub fn from_json_with(
    schema: &'static Structure,
    json: &Json,
    scalars: Scalars,
) -> Result<Record, NotOfShape> {
    let Json::Object(map) = json else {
        return Err(problem("an object belongs here"));
    };
    let mut record = Record::new(schema);
    for (name, json) in map {
        let Some(at) = schema.position(name) else {
            return Err(problem(&format!("{} has no member {name}", schema.name)));
        };
        if !json.is_null() {
            let shape = schema.members()[at].shape;
            let value = read(shape, json, scalars).map_err(|bad| bad.within(name))?;
            record.members[at] = Some(value);
        }
    }
    Ok(record)
}

fn read(shape: &'static Shape, json: &Json, scalars: Scalars) -> Result<Value, NotOfShape> {
    let loose = scalars == Scalars::Loose;
    let value = match (&shape.kind, json) {
        (Kind::Structure(schema), _) => Some(Value::Struct(from_json_with(schema, json, scalars)?)),
        (Kind::List(item), Json::Array(items)) => Some(list(item, items, scalars)?),
        (Kind::Map(_, item), Json::Object(map)) => {
            let one = |(key, json): (&String, &Json)| match json {
                Json::Null => Ok((key.clone(), Value::Null)),
                _ => Ok((key.clone(), read(item.shape, json, scalars).map_err(|e| e.within(key))?)),
            };
            Some(Value::Map(map.iter().map(one).collect::<Result<_, _>>()?))
        }
        (Kind::Document, _) => Some(Value::Document(json.clone())),
        (Kind::Text, Json::String(text)) => Some(Value::Text(text.clone())),
        (Kind::Text, Json::Number(_) | Json::Bool(_)) if loose => {
            Some(Value::Text(json.to_string()))
        }
        (Kind::Blob, Json::String(text)) => base64::decode(text).map(Value::Blob),
        (Kind::Boolean, Json::Bool(bool)) => Some(Value::Bool(*bool)),
        (Kind::Boolean, Json::String(text)) if loose => {
            text.to_ascii_lowercase().parse().ok().map(Value::Bool)
        }
        (Kind::Integer, Json::Number(number)) => {
            number.as_i64().filter(|it| i32::try_from(*it).is_ok()).map(Value::Int)
        }
        (Kind::Long, Json::Number(number)) => number.as_i64().map(Value::Int),
        (Kind::Integer, Json::String(text)) if loose => {
            text.parse::<i32>().ok().map(|it| Value::Int(it.into()))
        }
        (Kind::Long, Json::String(text)) if loose => text.parse().ok().map(Value::Int),
        (Kind::Float | Kind::Double, Json::Number(number)) => number.as_f64().map(Value::Float),
        (Kind::Float | Kind::Double, Json::String(text)) => match text.as_str() {
            "NaN" => Some(Value::Float(f64::NAN)),
            "Infinity" => Some(Value::Float(f64::INFINITY)),
            "-Infinity" => Some(Value::Float(f64::NEG_INFINITY)),
            _ if loose => text.parse().ok().map(Value::Float),
            _ => None,
        },
        (Kind::Timestamp, Json::Number(number)) => {
            number.as_f64().and_then(Timestamp::from_float).map(Value::Time)
        }
        (Kind::Timestamp, Json::String(text)) => Timestamp::parse(text).map(Value::Time),
        _ => None,
    };
    value.ok_or_else(|| problem(&format!("{json} is no {}", shape.name)))
}

fn list(item: &Item, items: &[Json], scalars: Scalars) -> Result<Value, NotOfShape> {
    let one = |(at, json): (usize, &Json)| match json {
        Json::Null => Ok(Value::Null),
        _ => read(item.shape, json, scalars).map_err(|bad| bad.within(&at.to_string())),
    };
    Ok(Value::List(items.iter().enumerate().map(one).collect::<Result<_, _>>()?))
}

fn problem(text: &str) -> NotOfShape {
    NotOfShape { path: String::new(), problem: text.to_owned() }
}

// === impl NotOfShape ===

impl NotOfShape {
    fn within(mut self, name: &str) -> Self {
        self.path = match self.path.is_empty() {
            true => name.to_owned(),
            false => format!("{name}.{}", self.path),
        };
        self
    }
}

impl std::fmt::Display for NotOfShape {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.is_empty() {
            true => out.write_str(&self.problem),
            false => write!(out, "{}: {}", self.path, self.problem),
        }
    }
}

impl std::error::Error for NotOfShape {}
