//! Makes the types of this API from its model.

fn main() {
    codegen::build("route53domains");
}
