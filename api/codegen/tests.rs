//! Tests of the generator on models small enough to see.

use crate::{generate, merge};
use serde_json::json;

fn model(members: serde_json::Value) -> serde_json::Value {
    json!({
        "metadata": { "protocol": "json" },
        "operations": { "Put": { "input": { "shape": "In" }, "output": { "shape": "Out" } } },
        "shapes": {
            "In": { "type": "structure", "required": ["Name"], "members": members },
            "Out": { "type": "structure", "required": ["Name"],
                "members": { "Name": { "shape": "Text" }, "Both": { "shape": "Both" } } },
            "Both": { "type": "structure", "required": ["Key"],
                "members": { "Key": { "shape": "Text" } } },
            "Node": { "type": "structure", "members": {
                "Next": { "shape": "Node" }, "All": { "shape": "Nodes" } } },
            "Nodes": { "type": "list", "member": { "shape": "Node" } },
            "Text": { "type": "string" },
        },
    })
}

#[test]
fn required_members_of_inputs_are_plain_and_all_others_optional() {
    let members = json!({ "Name": { "shape": "Text" }, "Both": { "shape": "Both" } });
    let text = generate("toy", &model(members)).unwrap();
    let part = |name: &str| {
        let from = text.find(&format!("pub struct {name} ")).unwrap();
        text[from..].split('}').next().unwrap().to_owned()
    };
    assert!(part("In").contains("pub name: ::std::string::String,"));
    assert!(part("In").contains("pub both: ::core::option::Option<Both>,"));
    assert!(part("Out").contains("pub name: ::core::option::Option<::std::string::String>,"));
    // Reached from an input too.
    assert!(part("Both").contains("pub key: ::std::string::String,"));
    assert!(text.contains("pub struct Put;"));
    assert!(!text.contains("pub struct Node "), "nothing reaches Node");
}

#[test]
fn only_direct_recursion_is_boxed() {
    let members = json!({ "Name": { "shape": "Text" }, "Node": { "shape": "Node" } });
    let text = generate("toy", &model(members)).unwrap();
    assert!(text.contains("pub next: ::core::option::Option<::std::boxed::Box<Node>>,"));
    assert!(text.contains("pub all: ::core::option::Option<::std::vec::Vec<Node>>,"));
    assert!(text.contains("pub node: ::core::option::Option<Node>,"));
}

#[test]
fn keywords_and_twins() {
    let members = json!({ "Name": { "shape": "Text" }, "Type": { "shape": "Text" } });
    assert!(generate("toy", &model(members)).unwrap().contains("pub r#type: "));
    let twins = json!({ "VpcId": { "shape": "Text" }, "vpcId": { "shape": "Text" } });
    assert_eq!(generate("toy", &model(twins)).unwrap_err(), "In has two fields vpc_id");
    let lost = json!({ "Name": { "shape": "Lost" } });
    assert_eq!(generate("toy", &model(lost)).unwrap_err(), "no shape Lost");
}

#[test]
fn an_overlay_changes_what_it_names() {
    let mut model = json!({ "a": { "b": 1, "c": [1] }, "d": 2 });
    merge(&mut model, &json!({ "a": { "b": 3, "c": [] }, "e": {} }));
    assert_eq!(model, json!({ "a": { "b": 3, "c": [] }, "d": 2, "e": {} }));
}
