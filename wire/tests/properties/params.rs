//! Writes records as a client of the query protocols does.

use shape::{Kind, Member, Record, Shape, TimeFormat, Value};
use wire::percent_encode;

/// `Action=..&X.member.1=..`; `ec2` writes flat lists and capital names.
pub fn form(record: &Record, ec2: bool) -> String {
    let mut out = vec!["Action=Mirror".to_owned()];
    structure(&mut out, "", record, ec2);
    out.join("&")
}

fn structure(out: &mut Vec<String>, prefix: &str, record: &Record, ec2: bool) {
    for (member, content) in record.schema.members().iter().zip(&record.members) {
        if let Some(content) = content {
            let name = format!("{prefix}{}", name(member, ec2));
            let flat = ec2 || member.flattened || member.shape.flattened;
            value(out, &name, member.shape, content, flat, ec2);
        }
    }
}

fn name(member: &Member, ec2: bool) -> String {
    let plain = member.location_name.unwrap_or(member.name);
    match (ec2, member.query_name, member.shape.kind) {
        (_, Some(name), _) => name.to_owned(),
        (true, None, _) => plain[..1].to_uppercase() + &plain[1..],
        (false, None, Kind::List(item)) if member.shape.flattened => {
            item.location_name.unwrap_or(plain).to_owned()
        }
        (false, None, _) => plain.to_owned(),
    }
}

fn value(
    out: &mut Vec<String>,
    name: &str,
    shape: &'static Shape,
    content: &Value,
    flat: bool,
    ec2: bool,
) {
    match (content, shape.kind) {
        (Value::Struct(record), _) => structure(out, &format!("{name}."), record, ec2),
        (Value::List(items), Kind::List(item)) => {
            let middle = if flat { "" } else { item.location_name.unwrap_or("member") };
            let dot = if flat { "" } else { "." };
            // Backwards: the order of parameters means nothing.
            for (at, one) in items.iter().enumerate().rev() {
                let name = format!("{name}{dot}{middle}.{}", at + 1);
                value(out, &name, item.shape, one, ec2 || item.shape.flattened, ec2);
            }
        }
        (Value::Map(map), Kind::Map(key_item, item)) => {
            let entry = if flat { "" } else { ".entry" };
            for (at, (key, one)) in map.iter().enumerate() {
                let name = format!("{name}{entry}.{}", at + 1);
                let key_name = key_item.location_name.unwrap_or("key");
                out.push(format!("{name}.{key_name}={}", percent_encode(key, false)));
                let name = format!("{name}.{}", item.location_name.unwrap_or("value"));
                value(out, &name, item.shape, one, ec2 || item.shape.flattened, ec2);
            }
        }
        _ => {
            let text = match content {
                Value::Text(text) => text.clone(),
                Value::Bool(bool) => bool.to_string(),
                Value::Int(int) => int.to_string(),
                Value::Float(float) => float.to_string(),
                Value::Blob(bytes) => shape::base64::encode(bytes),
                Value::Time(time) => time.format(TimeFormat::Iso8601),
                other => panic!("{other:?} is not of {}", shape.name),
            };
            out.push(format!("{name}={}", percent_encode(&text, false)));
        }
    }
}
