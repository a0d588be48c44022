//! Prints the schemas as constant data. What equals `EMPTY` is left out.

use crate::structs::Reach;
use crate::type_name;
use shape::{
    Api, ErrorSchema, Item, Kind, Location, Member, Namespace, OperationSchema, Shape, Structure,
};
use std::collections::BTreeMap;
use std::fmt::{Debug, Write};

pub(crate) fn print(out: &mut String, api: &'static Api) {
    let mut structures = Reach::of(api).all;
    let mut shapes = BTreeMap::new();
    for error in api.errors {
        collect(error.structure, &mut structures);
    }
    for structure in structures.clone().values() {
        for member in structure.members() {
            collect_shape(member.shape, &mut shapes, &mut structures);
        }
    }
    out.push_str("/// What the model says of each structure.\npub mod schema {\n");
    out.push_str("use ::shape::{Member, Members, Structure};\nuse super::shapes;\n");
    out.push_str("const M: Member = Member::EMPTY;\n");
    for structure in structures.values() {
        print_structure(out, structure);
    }
    out.push_str("}\nmod shapes {\nuse ::shape::{Item, Kind, Shape};\n");
    out.push_str("#[allow(unused_imports, reason = \"an API may have no structure inside\")]\n");
    out.push_str("use super::schema;\nconst S: Shape = Shape::EMPTY;\n");
    for shape in shapes.values() {
        print_shape(out, shape);
    }
    out.push_str("}\n");
    print_api(out, api);
}

type Structures = BTreeMap<&'static str, &'static Structure>;

fn collect(structure: &'static Structure, structures: &mut Structures) {
    if structures.insert(structure.name, structure).is_none() {
        for member in structure.members() {
            collect_shape(member.shape, &mut BTreeMap::new(), structures);
        }
    }
}

fn collect_shape(
    shape: &'static Shape,
    shapes: &mut BTreeMap<&'static str, &'static Shape>,
    structures: &mut Structures,
) {
    shapes.insert(shape.name, shape);
    match &shape.kind {
        Kind::List(item) => collect_shape(item.shape, shapes, structures),
        Kind::Map(key, item) => {
            collect_shape(key.shape, shapes, structures);
            collect_shape(item.shape, shapes, structures);
        }
        Kind::Structure(structure) => collect(structure, structures),
        _ => {}
    }
}

/// Writes `name: value,` unless the value is the default.
fn field<T: Debug + PartialEq>(out: &mut String, name: &str, value: &T, default: &T) {
    if value != default {
        let _ = write!(out, "{name}: {value:?}, ");
    }
}

fn namespace(out: &mut String, name: &str, space: Option<Namespace>) {
    if let Some(Namespace { prefix, uri }) = space {
        let _ = write!(
            out,
            "{name}: Some(::shape::Namespace {{ prefix: {prefix:?}, uri: {uri:?} }}), "
        );
    }
}

fn time_format(out: &mut String, format: Option<shape::TimeFormat>) {
    if let Some(format) = format {
        let _ = write!(out, "time_format: Some(::shape::TimeFormat::{format:?}), ");
    }
}

fn print_structure(out: &mut String, structure: &Structure) {
    let name = type_name(structure.name);
    let _ = write!(out, "pub static {name}: Structure = Structure {{ name: {:?}, ", structure.name);
    field(out, "payload", &structure.payload, &None);
    field(out, "union", &structure.union, &false);
    field(out, "xml_name", &structure.xml_name, &None);
    namespace(out, "xml_namespace", structure.xml_namespace);
    out.push_str("members: Members::Fixed(&[\n");
    for member in structure.members() {
        print_member(out, member);
    }
    out.push_str("]), ..Structure::EMPTY };\n");
}

fn print_member(out: &mut String, member: &Member) {
    let Member { name, rust, .. } = member;
    let shape = member.shape.name;
    let _ = write!(out, "Member {{ name: {name:?}, rust: {rust:?}, shape: &shapes::{shape}, ");
    field(out, "required", &member.required, &false);
    if member.location != Location::Body {
        let _ = write!(out, "location: ::shape::Location::{:?}, ", member.location);
    }
    field(out, "location_name", &member.location_name, &None);
    field(out, "query_name", &member.query_name, &None);
    field(out, "flattened", &member.flattened, &false);
    field(out, "xml_attribute", &member.xml_attribute, &false);
    namespace(out, "xml_namespace", member.xml_namespace);
    time_format(out, member.time_format);
    field(out, "streaming", &member.streaming, &false);
    field(out, "json_value", &member.json_value, &false);
    field(out, "idempotency_token", &member.idempotency_token, &false);
    field(out, "host_label", &member.host_label, &false);
    out.push_str("..M },\n");
}

fn print_shape(out: &mut String, shape: &Shape) {
    // As it is: some models have `String` and `string`.
    let name = shape.name;
    let _ = write!(out, "pub static {name}: Shape = Shape {{ name: {:?}, kind: ", shape.name);
    match &shape.kind {
        Kind::List(item) => {
            let _ = write!(out, "Kind::List({})", item_text(item));
        }
        Kind::Map(key, item) => {
            let _ = write!(out, "Kind::Map({}, {})", item_text(key), item_text(item));
        }
        Kind::Structure(structure) => {
            let _ = write!(out, "Kind::Structure(&schema::{})", type_name(structure.name));
        }
        simple => {
            let _ = write!(out, "Kind::{simple:?}");
        }
    }
    out.push_str(", ");
    field(out, "min", &shape.min, &None);
    field(out, "max", &shape.max, &None);
    field(out, "pattern", &shape.pattern, &None);
    if !shape.values.is_empty() {
        let _ = write!(out, "values: &{:?}, ", shape.values);
    }
    field(out, "flattened", &shape.flattened, &false);
    time_format(out, shape.time_format);
    field(out, "sensitive", &shape.sensitive, &false);
    namespace(out, "xml_namespace", shape.xml_namespace);
    out.push_str("..S };\n");
}

fn item_text(item: &Item) -> String {
    let mut text = format!("Item {{ shape: &{}, ", item.shape.name);
    field(&mut text, "location_name", &item.location_name, &None);
    namespace(&mut text, "xml_namespace", item.xml_namespace);
    text.push_str(&format!("..Item::of(&{}) }}", item.shape.name));
    text
}

fn print_api(out: &mut String, api: &Api) {
    out.push_str("/// The API.\npub static API: ::shape::Api = ::shape::Api {\n");
    let Api { name, endpoint_prefix, signing_name, version, service_id, .. } = api;
    let _ = write!(
        out,
        "name: {name:?}, endpoint_prefix: {endpoint_prefix:?}, signing_name: {signing_name:?}, \
         version: {version:?}, service_id: {service_id:?}, target_prefix: {:?}, \
         json_version: {:?}, xml_namespace: {:?}, query_compatible: {}, protocols: &[",
        api.target_prefix, api.json_version, api.xml_namespace, api.query_compatible
    );
    for protocol in api.protocols {
        let _ = write!(out, "::shape::Protocol::{protocol:?}, ");
    }
    out.push_str("],\noperations: &[\n");
    for operation in api.operations {
        print_operation(out, operation);
    }
    out.push_str("],\nerrors: &[\n");
    for error in api.errors {
        let ErrorSchema { shape, code, status, sender, structure } = error;
        let _ = writeln!(
            out,
            "::shape::ErrorSchema {{ shape: {shape:?}, code: {code:?}, status: {status}, \
             sender: {sender}, structure: &schema::{} }},",
            type_name(structure.name)
        );
    }
    let _ = writeln!(out, "],\nall_operations: &{:?},\n}};", api.all_operations);
}

fn print_operation(out: &mut String, operation: &OperationSchema) {
    let _ = write!(out, "::shape::OperationSchema {{ name: {:?}, ", operation.name);
    field(out, "method", &operation.method, &"POST");
    field(out, "uri", &operation.uri, &"/");
    field(out, "status", &operation.status, &200);
    let (input, output) = (type_name(operation.input.name), type_name(operation.output.name));
    let _ = write!(out, "input: &schema::{input}, output: &schema::{output}, ");
    field(out, "input_name", &operation.input_name, &None);
    namespace(out, "input_namespace", operation.input_namespace);
    field(out, "result_wrapper", &operation.result_wrapper, &None);
    if !operation.errors.is_empty() {
        let _ = write!(out, "errors: &{:?}, ", operation.errors);
    }
    out.push_str("..::shape::OperationSchema::EMPTY },\n");
}
