//! XML: requests of restXml, answers of the query protocols, EC2's and restXml's.

mod decode;
mod encode;
mod read;
mod respond;
mod write;

pub(crate) use decode::decode;
pub(crate) use encode::{Dialect, members, whole};
pub(crate) use read::Element;
pub(crate) use respond::{Complaint, ec2_response, error_body, query_response};
pub(crate) use write::Writer;
