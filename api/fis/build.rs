//! Makes the types of this API from its model.

fn main() {
    codegen::build("fis");
}
