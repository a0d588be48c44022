//! Prints the plain structs and the operations' markers.

use crate::{field_name, type_name};
use shape::{Api, Kind, Member, Shape, Structure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Every structure that the operations reach, and which of them an input reaches.
pub(crate) struct Reach {
    pub(crate) all: BTreeMap<&'static str, &'static Structure>,
    inputs: BTreeSet<&'static str>,
}

// === impl Reach ===

impl Reach {
    pub(crate) fn of(api: &Api) -> Self {
        let mut reach = Reach { all: BTreeMap::new(), inputs: BTreeSet::new() };
        for operation in api.operations {
            reach.visit(operation.input, true);
            reach.visit(operation.output, false);
        }
        reach
    }

    fn visit(&mut self, structure: &'static Structure, input: bool) {
        let new = self.all.insert(structure.name, structure).is_none();
        let new_input = input && self.inputs.insert(structure.name);
        if new || new_input {
            for member in structure.members() {
                self.visit_shape(member.shape, input);
            }
        }
    }

    fn visit_shape(&mut self, shape: &'static Shape, input: bool) {
        match &shape.kind {
            Kind::Structure(structure) => self.visit(structure, input),
            Kind::List(item) => self.visit_shape(item.shape, input),
            Kind::Map(_, item) => self.visit_shape(item.shape, input),
            _ => {}
        }
    }

    /// Whether the field is the plain type: required, in a structure that an input reaches.
    fn plain(&self, structure: &Structure, member: &Member) -> bool {
        member.required && self.inputs.contains(structure.name)
    }
}

pub(crate) fn print(out: &mut String, api: &'static Api) -> Result<(), String> {
    let reach = Reach::of(api);
    for structure in reach.all.values() {
        print_struct(out, &reach, structure)?;
    }
    print_operations(out, api);
    Ok(())
}

fn print_struct(out: &mut String, reach: &Reach, structure: &Structure) -> Result<(), String> {
    let name = type_name(structure.name);
    let mut fields = BTreeSet::new();
    let mut lines = [const { String::new() }; 5];
    let [declared, read, filled, written, flags] = &mut lines;
    for member in structure.members() {
        let field = field_name(member.rust);
        if !fields.insert(field.clone()) {
            return Err(format!("{name} has two fields {field}"));
        }
        let mut kind = rust_type(member.shape);
        if let Kind::Structure(inner) = member.shape.kind
            && holds(inner, structure.name, &mut BTreeSet::new())
        {
            kind = format!("::std::boxed::Box<{kind}>");
        }
        let plain = reach.plain(structure, member);
        let verb = if plain { "need" } else { "want" };
        if !plain {
            kind = format!("::core::option::Option<{kind}>");
        }
        let _ = writeln!(declared, "    pub {field}: {kind},");
        let _ = writeln!(read, "        let {field} = reader.{verb}()?;");
        let _ = write!(filled, "{field}, ");
        let _ = writeln!(written, "        writer.{verb}(self.{field});");
        let _ = match plain {
            true => write!(flags, "true, "),
            false => write!(flags, "self.{field}.is_some(), "),
        };
    }
    let (reader, writer) = match fields.is_empty() {
        true => ("_reader", "writer"),
        false => ("mut reader", "mut writer"),
    };
    let _ = write!(
        out,
        "#[derive(Debug, Clone, Default, PartialEq)]\npub struct {name} {{\n{declared}}}\n\
         impl ::shape::Shaped for {name} {{\n\
         fn schema() -> &'static ::shape::Structure {{ &schema::{name} }}\n\
         fn from_record(record: ::shape::Record) -> \
         ::core::result::Result<Self, ::shape::Mismatch> {{\n\
         let {reader} = ::shape::Reader::new(record, &schema::{name})?;\n\
         {read}        Ok({name} {{ {filled} }})\n}}\n\
         fn into_record(self) -> ::shape::Record {{\n\
         let {writer} = ::shape::Writer::new(&schema::{name});\n\
         {written}        writer.done()\n}}\n\
         fn present(&self) -> ::std::vec::Vec<&'static str> {{\n\
         ::shape::present(&schema::{name}, &[{flags}])\n}}\n}}\n\
         impl ::shape::Part for {name} {{\n\
         fn take(value: ::shape::Value) -> ::core::result::Result<Self, ::shape::Mismatch> {{\n\
         ::shape::take_struct(value)\n}}\n\
         fn give(self) -> ::shape::Value {{\n\
         ::shape::Value::Struct(::shape::Shaped::into_record(self))\n}}\n}}\n"
    );
    Ok(())
}

fn print_operations(out: &mut String, api: &Api) {
    out.push_str("/// One marker an operation.\npub mod operation {\n");
    for (at, operation) in api.operations.iter().enumerate() {
        let name = type_name(operation.name);
        let (input, output) = (type_name(operation.input.name), type_name(operation.output.name));
        let _ = write!(
            out,
            "#[derive(Debug, Clone, Copy)]\npub struct {name};\n\
             impl ::shape::Operation for {name} {{\n\
             type Input = super::{input};\ntype Output = super::{output};\n\
             const NAME: &'static str = {:?};\n\
             fn schema() -> &'static ::shape::OperationSchema {{ &super::API.operations[{at}] }}\n\
             }}\n",
            operation.name
        );
    }
    out.push_str("}\n");
    let names: Vec<String> = api.operations.iter().map(|one| type_name(one.name)).collect();
    let _ = write!(
        out,
        "/// Calls a macro with the markers of all operations.\n#[macro_export]\n\
         macro_rules! for_each_operation {{\n($call:ident) => {{ $call! {{ {} }} }};\n}}\n",
        names.join(" ")
    );
}

fn rust_type(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Boolean => "bool".to_owned(),
        Kind::Integer => "i32".to_owned(),
        Kind::Long => "i64".to_owned(),
        Kind::Float | Kind::Double => "f64".to_owned(),
        Kind::Text => "::std::string::String".to_owned(),
        Kind::Blob => "::std::vec::Vec<u8>".to_owned(),
        Kind::Timestamp => "::shape::Timestamp".to_owned(),
        Kind::Document => "::shape::Json".to_owned(),
        Kind::List(item) => format!("::std::vec::Vec<{}>", rust_type(item.shape)),
        Kind::Map(_, item) => format!(
            "::std::collections::BTreeMap<::std::string::String, {}>",
            rust_type(item.shape)
        ),
        Kind::Structure(structure) => type_name(structure.name),
    }
}

/// Whether `structure` holds `name` by value, through structures alone.
fn holds(structure: &Structure, name: &str, seen: &mut BTreeSet<&'static str>) -> bool {
    structure.name == name
        || seen.insert(structure.name)
            && structure.members().iter().any(|member| match member.shape.kind {
                Kind::Structure(inner) => holds(inner, name, seen),
                _ => false,
            })
}
