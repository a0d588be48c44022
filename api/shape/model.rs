//! Reads a model in botocore's JSON form into a leaked [`Api`]. The code generator prints what
//! this makes; protocol tests use it as it is. Servers never call it.

use crate::schema::{
    Api, ErrorSchema, Item, Kind, Location, Member, Members, Namespace, OperationSchema, Protocol,
    Shape, Structure,
};
use crate::{TimeFormat, names};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Reads a whole model. Memory is leaked: an API lives as long as the program.
pub fn api(name: &str, model: &Json) -> Result<&'static Api, String> {
    let meta = &model["metadata"];
    let mut shapes = Shapes::new(&model["shapes"]);
    let mut operations = Vec::new();
    for (name, operation) in entries(&model["operations"]) {
        operations.push(shapes.operation(name, operation)?);
    }
    operations.sort_by_key(|one| one.name);
    let mut all: Vec<&str> = match model["allOperations"].as_array() {
        Some(names) => names.iter().filter_map(Json::as_str).map(leak).collect(),
        None => operations.iter().map(|one| one.name).collect(),
    };
    all.sort_unstable();
    let prefix = text(&meta["endpointPrefix"]).unwrap_or("");
    let errors = shapes.errors()?;
    let query_compatible = meta.get("awsQueryCompatible").is_some();
    Ok(Box::leak(Box::new(Api {
        name: leak(name),
        endpoint_prefix: prefix,
        signing_name: text(&meta["signingName"]).unwrap_or(prefix),
        version: text(&meta["apiVersion"]).unwrap_or(""),
        service_id: text(&meta["serviceId"]).unwrap_or(""),
        target_prefix: text(&meta["targetPrefix"]),
        json_version: text(&meta["jsonVersion"]),
        protocols: protocols(meta),
        xml_namespace: text(&meta["xmlNamespace"]),
        query_compatible,
        operations: operations.leak(),
        errors: errors.leak(),
        all_operations: all.leak(),
    })))
}

struct Shapes<'a> {
    model: &'a Json,
    shapes: BTreeMap<String, &'static Shape>,
    structures: BTreeMap<String, &'static Structure>,
}

// === impl Shapes ===

impl<'a> Shapes<'a> {
    fn new(model: &'a Json) -> Self {
        Shapes { model, shapes: BTreeMap::new(), structures: BTreeMap::new() }
    }

    fn operation(&mut self, name: &str, json: &Json) -> Result<OperationSchema, String> {
        let http = &json["http"];
        Ok(OperationSchema {
            name: leak(name),
            method: text(&http["method"]).unwrap_or("POST"),
            uri: text(&http["requestUri"]).unwrap_or("/"),
            status: http["responseCode"].as_u64().unwrap_or(200) as u16,
            input: self.whole(name, "Input", &json["input"])?,
            output: self.whole(name, "Output", &json["output"])?,
            input_name: text(&json["input"]["locationName"]),
            input_namespace: namespace(&json["input"]),
            result_wrapper: text(&json["output"]["resultWrapper"]),
            errors: {
                let list = json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
                let names: Vec<_> = list.iter().filter_map(|one| text(&one["shape"])).collect();
                names.leak()
            },
        })
    }

    /// An operation's input or output; an empty structure named after the operation if it has none.
    fn whole(
        &mut self,
        operation: &str,
        side: &str,
        json: &Json,
    ) -> Result<&'static Structure, String> {
        match json["shape"].as_str() {
            Some(name) => self.structure(name),
            None => Ok(Box::leak(Box::new(Structure {
                name: leak(&format!("{operation}{side}")),
                ..Structure::EMPTY
            }))),
        }
    }

    fn errors(&mut self) -> Result<Vec<ErrorSchema>, String> {
        let mut errors = Vec::new();
        for (name, json) in entries(self.model) {
            if json["exception"] != Json::Bool(true) {
                continue;
            }
            let error = &json["error"];
            let fault = json["fault"] == Json::Bool(true) || error["fault"] == Json::Bool(true);
            let status = error["httpStatusCode"].as_u64().unwrap_or(if fault { 500 } else { 400 });
            errors.push(ErrorSchema {
                shape: leak(name),
                code: text(&error["code"]).unwrap_or(leak(name)),
                status: status as u16,
                sender: error["senderFault"].as_bool().unwrap_or(!fault && status < 500),
                structure: self.structure(name)?,
            });
        }
        errors.sort_by_key(|one| one.shape);
        Ok(errors)
    }

    fn structure(&mut self, name: &str) -> Result<&'static Structure, String> {
        if let Some(known) = self.structures.get(name) {
            return Ok(known);
        }
        let json = self.model.get(name).ok_or_else(|| format!("no shape {name}"))?;
        let payload = text(&json["payload"]);
        let made: &'static Structure = Box::leak(Box::new(Structure {
            name: leak(name),
            members: Members::Later(OnceLock::new()),
            payload: payload.and_then(|it| entries(&json["members"]).position(|(k, _)| k == it)),
            union: json["union"] == Json::Bool(true),
            xml_name: text(&json["locationName"]),
            xml_namespace: namespace(json),
        }));
        self.structures.insert(name.to_owned(), made);
        let required = json["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut members = Vec::new();
        for (name, member) in entries(&json["members"]) {
            let required = required.iter().any(|one| one == name);
            members.push(self.member(name, member, required)?);
        }
        if let Members::Later(later) = &made.members {
            let _ = later.set(members.leak());
        }
        Ok(made)
    }

    fn member(&mut self, name: &str, json: &Json, required: bool) -> Result<Member, String> {
        let shape_name = json["shape"].as_str().ok_or("a member without shape")?;
        let shape = self.shape(shape_name)?;
        let flag = |key: &str| json[key] == Json::Bool(true);
        Ok(Member {
            name: leak(name),
            rust: leak(&names::snake(name)),
            shape,
            required,
            location: match json["location"].as_str() {
                Some("header") => Location::Header,
                Some("headers") => Location::Headers,
                Some("uri") => Location::Uri,
                Some("querystring") => Location::Query,
                Some("statusCode") => Location::Status,
                _ => Location::Body,
            },
            location_name: text(&json["locationName"]),
            query_name: text(&json["queryName"]),
            flattened: flag("flattened"),
            xml_attribute: flag("xmlAttribute"),
            xml_namespace: namespace(json),
            time_format: time_format(&json["timestampFormat"]),
            streaming: flag("streaming") || self.model[shape_name]["streaming"] == true,
            json_value: flag("jsonvalue"),
            idempotency_token: flag("idempotencyToken"),
            host_label: flag("hostLabel"),
        })
    }

    fn item(&mut self, json: &Json) -> Result<Item, String> {
        let shape = self.shape(json["shape"].as_str().ok_or("an item without shape")?)?;
        let location_name = text(&json["locationName"]);
        Ok(Item { shape, location_name, xml_namespace: namespace(json) })
    }

    fn shape(&mut self, name: &str) -> Result<&'static Shape, String> {
        if let Some(known) = self.shapes.get(name) {
            return Ok(known);
        }
        let json = self.model.get(name).ok_or_else(|| format!("no shape {name}"))?;
        let kind = match json["type"].as_str().unwrap_or("") {
            "structure" if json["document"] == true => Kind::Document,
            "structure" => Kind::Structure(self.structure(name)?),
            "list" => Kind::List(self.item(&json["member"])?),
            "map" => Kind::Map(self.item(&json["key"])?, self.item(&json["value"])?),
            "string" | "character" => Kind::Text,
            "boolean" => Kind::Boolean,
            "integer" | "short" | "byte" => Kind::Integer,
            "long" => Kind::Long,
            "float" => Kind::Float,
            "double" => Kind::Double,
            "timestamp" => Kind::Timestamp,
            "blob" => Kind::Blob,
            other => return Err(format!("shape {name} is of unknown type {other}")),
        };
        let values = json["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
        let shape: &'static Shape = Box::leak(Box::new(Shape {
            name: leak(name),
            kind,
            min: json["min"].as_f64(),
            max: json["max"].as_f64(),
            pattern: text(&json["pattern"]),
            values: values.iter().filter_map(text).collect::<Vec<_>>().leak(),
            flattened: json["flattened"] == true,
            time_format: time_format(&json["timestampFormat"]),
            sensitive: json["sensitive"] == true,
            xml_namespace: namespace(json),
        }));
        self.shapes.insert(name.to_owned(), shape);
        Ok(shape)
    }
}

fn entries(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn text(json: &Json) -> Option<&'static str> {
    json.as_str().map(leak)
}

fn namespace(json: &Json) -> Option<Namespace> {
    let space = &json["xmlNamespace"];
    match space {
        Json::String(uri) => Some(Namespace { prefix: None, uri: leak(uri) }),
        _ => Some(Namespace { prefix: text(&space["prefix"]), uri: text(&space["uri"])? }),
    }
}

fn time_format(json: &Json) -> Option<TimeFormat> {
    match json.as_str()? {
        "iso8601" => Some(TimeFormat::Iso8601),
        "unixTimestamp" => Some(TimeFormat::Epoch),
        "rfc822" => Some(TimeFormat::HttpDate),
        _ => None,
    }
}

fn protocols(meta: &Json) -> &'static [Protocol] {
    let json = match text(&meta["jsonVersion"]) {
        Some("1.1") => Protocol::Json11,
        _ => Protocol::Json10,
    };
    let one = |name: &str| match name {
        "ec2" => Some(Protocol::Ec2),
        "query" => Some(Protocol::Query),
        "json" => Some(json),
        "rest-json" => Some(Protocol::RestJson),
        "rest-xml" => Some(Protocol::RestXml),
        "smithy-rpc-v2-cbor" => Some(Protocol::Cbor),
        _ => None,
    };
    let mut list: Vec<Protocol> = meta["protocol"].as_str().and_then(one).into_iter().collect();
    for name in meta["protocols"].as_array().map(Vec::as_slice).unwrap_or_default() {
        if let Some(protocol) = name.as_str().and_then(one)
            && !list.contains(&protocol)
        {
            list.push(protocol);
        }
    }
    list.leak()
}
