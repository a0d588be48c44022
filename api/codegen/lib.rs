//! Prints a service's model as Rust: constant schemas, plain structs, one marker an operation.
//! Runs in build scripts only; reading the model is `shape::model`'s work.

mod schemas;
mod structs;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;
use std::path::Path;
use std::{env, fs};

/// The whole build script of an api crate: `model.json` and `overlay.json` beside it become
/// `OUT_DIR/api.rs`. Panics with the reason, which cargo prints.
#[allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]
pub fn build(name: &str) {
    let here = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let out = env::var("OUT_DIR").expect("cargo sets it for build scripts");
    let mut model = read(&Path::new(&here).join("model.json"));
    let overlay = Path::new(&here).join("overlay.json");
    println!("cargo::rerun-if-changed=model.json");
    println!("cargo::rerun-if-changed=overlay.json");
    if overlay.exists() {
        merge(&mut model, &read(&overlay));
    }
    let text = generate(name, &model).unwrap_or_else(|error| panic!("{name}: {error}"));
    fs::write(Path::new(&out).join("api.rs"), text).expect("OUT_DIR is writable");
}

/// The Rust text of a model.
pub fn generate(name: &str, model: &Json) -> Result<String, String> {
    let api = shape::model::api(name, model)?;
    let mut out = String::new();
    structs::print(&mut out, api)?;
    schemas::print(&mut out, api);
    Ok(out)
}

/// Lays `overlay` over `model`: objects member by member, anything else replaced.
pub fn merge(model: &mut Json, overlay: &Json) {
    match (model, overlay) {
        (Json::Object(model), Json::Object(overlay)) => {
            for (key, value) in overlay {
                merge(model.entry(key).or_insert(Json::Null), value);
            }
        }
        (model, overlay) => *model = overlay.clone(),
    }
}

fn read(path: &Path) -> Json {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Structure names as Rust types: as AWS has them, but never with a small first letter.
fn type_name(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

const KEYWORDS: [&str; 38] = [
    "as", "async", "await", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod",
    "move", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "try", "type",
    "unsafe", "use", "where", "while",
];

/// A field name, with `r#` before keywords.
fn field_name(rust: &str) -> String {
    match rust {
        "self" | "super" | "crate" | "true" | "false" | "yield" | "abstract" => format!("{rust}_"),
        _ if KEYWORDS.contains(&rust) => format!("r#{rust}"),
        _ => rust.to_owned(),
    }
}
