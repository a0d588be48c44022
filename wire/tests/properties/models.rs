//! The real models, read at run time.

use serde_json::Value as Json;
use shape::{Api, OperationSchema, Structure};
use std::fs;

/// One of the models beside this crate, with its overlay.
pub fn api(name: &str) -> &'static Api {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../api");
    let read = |file: &str| fs::read_to_string(format!("{folder}/{name}/{file}")).ok();
    let json = |text: String| serde_json::from_str::<Json>(&text).unwrap();
    let mut model = json(read("model.json").expect("every api crate has a model"));
    if let Some(overlay) = read("overlay.json") {
        merge(&mut model, &json(overlay));
    }
    shape::model::api(name, &model).unwrap()
}

fn merge(model: &mut Json, overlay: &Json) {
    match (model, overlay) {
        (Json::Object(model), Json::Object(overlay)) => {
            for (key, value) in overlay {
                merge(model.entry(key).or_insert(Json::Null), value);
            }
        }
        (model, overlay) => *model = overlay.clone(),
    }
}

/// An operation that takes and gives the same structure, for reading back what was written.
pub fn mirror(structure: &'static Structure) -> &'static OperationSchema {
    let base = OperationSchema::EMPTY;
    Box::leak(Box::new(OperationSchema {
        name: "Mirror",
        input: structure,
        output: structure,
        ..base
    }))
}
