//! The REST bindings that restJson1 and restXml share: path, query string, headers, status,
//! payload. What is left goes to the JSON or XML codec.

mod bindings;
mod decode;
mod encode;

pub(crate) use decode::decode;
pub(crate) use encode::encode;
