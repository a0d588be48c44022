//! The front door: guards, routing, signature, decoding, the model's constraints, in this order.
//! Knows no service and no socket: rooms and their models are handed in, requests are data.

mod admin;
mod authenticate;
mod check;
mod differences;
mod door;
mod form;
mod guard;
mod route;
mod unpack;

pub use admin::TOKEN_HEADER;
pub use differences::differences;
pub use door::{FrontDoor, Settings};
