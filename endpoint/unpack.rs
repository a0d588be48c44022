//! Compressed bodies: SDKs compress what they put in bulk (CloudWatch's PutMetricData). The
//! signature is over the compressed bytes; what is read is the plain ones.

use crate::form::failure;
use flate2::read::MultiGzDecoder;
use region::Refusal;
use shape::Protocol;
use std::borrow::Cow;
use std::io::Read;
use wire::{Failure, Request};

/// A body is no longer than this when it is unpacked, in bytes. The longest that AWS takes
/// compressed is PutMetricData's, 1 MB.
const LONGEST: u64 = 8 << 20;

/// What is wrong with a compressed body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Flaw {
    /// Another coding than gzip.
    Coding,
    /// Not what its coding says.
    Broken,
    /// Too long.
    Long,
}

impl Flaw {
    /// As the client is told.
    pub(crate) fn failure(self, protocol: Protocol) -> Failure {
        let xml = matches!(protocol, Protocol::Query | Protocol::Ec2 | Protocol::RestXml);
        let (status, code, code_xml, message) = match self {
            Flaw::Coding => (
                415,
                "UnsupportedMediaTypeException",
                "UnsupportedMediaType",
                "Maquette takes bodies with Content-Encoding gzip or with none; switch request \
                 compression off (disable_request_compression=true).",
            ),
            Flaw::Broken => (
                400,
                "SerializationException",
                "MalformedQueryString",
                "The body is not what its Content-Encoding, gzip, says.",
            ),
            Flaw::Long => (
                413,
                "RequestEntityTooLargeException",
                "RequestEntityTooLarge",
                "The body is longer than 8 MiB when it is unpacked.",
            ),
        };
        failure(Refusal::new(if xml { code_xml } else { code }, message).status(status))
    }
}

/// The plain body of a request. Codings other than gzip are refused.
pub(crate) fn body<'a>(request: &Request<'a>) -> Result<Cow<'a, [u8]>, Flaw> {
    let coding = request.header("content-encoding").unwrap_or_default().trim();
    if coding.is_empty() || coding.eq_ignore_ascii_case("identity") {
        return Ok(Cow::Borrowed(request.body));
    }
    if !coding.eq_ignore_ascii_case("gzip") {
        return Err(Flaw::Coding);
    }
    let mut plain = Vec::new();
    let mut unpacker = MultiGzDecoder::new(request.body).take(LONGEST + 1);
    unpacker.read_to_end(&mut plain).map_err(|_| Flaw::Broken)?;
    if plain.len() as u64 > LONGEST {
        return Err(Flaw::Long);
    }
    Ok(Cow::Owned(plain))
}
