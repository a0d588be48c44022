//! Reads the cases and makes an API of each.

use serde_json::{Value as Json, json};
use shape::{Api, OperationSchema, Protocol};
use std::path::PathBuf;
use std::{env, fs};

/// One case.
pub struct Case {
    pub file: String,
    pub id: String,
    pub json: Json,
    pub api: &'static Api,
    pub operation: &'static OperationSchema,
    pub protocol: Protocol,
}

impl Case {
    /// `query/QueryLists`: ids alone are not unique.
    pub fn full_id(&self) -> String {
        format!("{}/{}", self.file, self.id)
    }
}

impl Case {
    /// Cases about a client's compression give a header to look for and no body.
    pub fn gives_bytes(&self) -> bool {
        let about_compression = !self.json["given"]["requestcompression"].is_null();
        !(about_compression && self.json["serialized"]["body"].is_null())
    }
}

fn folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/cases");
    let folder = env::var("MAQUETTE_CASES").unwrap_or_else(|_| beside.to_owned());
    Some(PathBuf::from(folder).join("protocols")).filter(|folder| folder.is_dir())
}

/// All cases of a side (`input`, `legacy/output`), in the order of file names.
pub fn load(side: &str) -> Option<Vec<Case>> {
    let mut files: Vec<_> =
        fs::read_dir(folder()?.join(side)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let suites: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for suite in suites.as_array().unwrap() {
            for (at, case) in suite["cases"].as_array().unwrap().iter().enumerate() {
                let about = suite["description"].as_str().unwrap_or("");
                let id = case["id"].as_str().map_or(format!("{about} {at}"), str::to_owned);
                cases.push(one(&file, id, suite, case));
            }
        }
    }
    assert!(!cases.is_empty(), "the folder of cases is empty");
    Some(cases)
}

fn one(file: &str, id: String, suite: &Json, case: &Json) -> Case {
    let name = case["given"]["name"].as_str().unwrap();
    let mut metadata = suite["metadata"].clone();
    if matches!(file, "query" | "ec2") {
        metadata["xmlNamespace"] = json!("https://example.com/");
    }
    let mut shapes = suite["shapes"].clone();
    // Old models say at the operation what newer ones say at the shape.
    for side in [&case["given"]["input"], &case["given"]["output"]] {
        if let (Some(name), Some(payload)) = (side["shape"].as_str(), side.get("payload")) {
            shapes[name]["payload"] = payload.clone();
        }
    }
    let model = json!({
        "metadata": metadata, "shapes": shapes, "operations": { name: case["given"] },
    });
    let api = shape::model::api(file, &model).unwrap();
    let protocol = match suite["metadata"]["protocol"].as_str().unwrap() {
        "query" => Protocol::Query,
        "ec2" => Protocol::Ec2,
        "rest-json" => Protocol::RestJson,
        "rest-xml" => Protocol::RestXml,
        "smithy-rpc-v2-cbor" => Protocol::Cbor,
        _ if suite["metadata"]["jsonVersion"] != "1.0" => Protocol::Json11,
        _ => Protocol::Json10,
    };
    let operation = api.operation(name).unwrap();
    Case { file: file.to_owned(), id, json: case.clone(), api, operation, protocol }
}
