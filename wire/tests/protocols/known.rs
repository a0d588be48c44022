//! Cases that do not pass, each with the reason. A case that begins to pass must leave the list.

/// Why a case does not pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// It is about what a client tolerates or drops; a server can not or must not do it.
    ClientOnly(&'static str),
    /// It concerns a server, and we differ.
    Ours(&'static str),
}

use Why::{ClientOnly, Ours};

const DROPPED: Why = ClientOnly("the client drops what is empty; a server reads that it is absent");
const NAMED: Why = ClientOnly("the client merges; a server's map has every parameter");
const UNTOLD: Why = ClientOnly("the case tells a client less than the request says");
const UNSET: Why = ClientOnly("the client writes {} for an unset payload; a server reads {}");
const SPELLING: Why = ClientOnly("another spelling of an error's code that clients must accept");
const EXTRA: Why = ClientOnly("a member that the model lacks, which clients must ignore");

/// Input cases.
pub const INPUT: &[(&str, Why)] = &[
    ("ec2/Ec2EmptyQueryLists", DROPPED),
    ("query/QueryEmptyQueryMaps", DROPPED),
    ("rest-json/RestJsonHttpPrefixHeadersAreNotPresent", DROPPED),
    ("rest-json/RestJsonOmitsEmptyListQueryValues", DROPPED),
    ("rest-xml/HttpPrefixHeadersAreNotPresent", DROPPED),
    ("rest-json/RestJsonQueryPrecedence", NAMED),
    ("rest-xml/RestXmlQueryPrecedence", NAMED),
    ("rest-json/RestJsonQueryParamsStringListMap", NAMED),
    ("rest-xml/RestXmlQueryParamsStringListMap", NAMED),
    ("rest-xml/AllQueryStringTypes", UNTOLD),
    ("rest-xml/RestXmlQueryStringEscaping", UNTOLD),
    ("rest-xml/RestXmlSupportsNaNFloatQueryValues", UNTOLD),
    ("rest-xml/RestXmlSupportsInfinityFloatQueryValues", UNTOLD),
    ("rest-xml/RestXmlSupportsNegativeInfinityFloatQueryValues", UNTOLD),
    ("rest-xml/RestXmlZeroAndFalseQueryValues", UNTOLD),
    ("rest-json/RestJsonHttpWithEmptyStructurePayload", UNSET),
    ("rest-json/RestJsonHttpWithHeadersButNoPayload", UNSET),
];

/// Output cases.
pub const OUTPUT: &[(&str, Why)] = &[
    ("ec2/Ec2ComplexError", ClientOnly("the body has a message that the result lacks")),
    ("rest-xml/ComplexError", ClientOnly("the body has a message that the result lacks")),
    ("rest-xml/InvalidGreetingError", EXTRA),
    ("json/AwsJson11DeserializeIgnoreType", EXTRA),
    ("json_1_0/AwsJson10DeserializeIgnoreType", EXTRA),
    ("rest-json/RestJsonDeserializeIgnoreType", EXTRA),
    ("json/handles_unexpected_json_output", EXTRA),
    ("json_1_0/AwsJson10HandlesUnexpectedJsonOutput", EXTRA),
    ("json/AwsJson11IntEnums", ClientOnly("a header of requests in an answer")),
    ("json/parses_the_request_id_from_the_response", ClientOnly("an id of its own")),
    (
        "smithy-rpc-v2-cbor/RpcV2CborDeserializesDenseSetMapAndSkipsNull",
        ClientOnly("null in a dense map, which clients must skip"),
    ),
    ("json/AwsJson11FooErrorUsingXAmznErrorTypeWithUri", SPELLING),
    ("json/AwsJson11FooErrorUsingXAmznErrorTypeWithUriAndNamespace", SPELLING),
    ("json/AwsJson11FooErrorUsingCode", SPELLING),
    ("json/AwsJson11FooErrorUsingCodeAndNamespace", SPELLING),
    ("json/AwsJson11FooErrorUsingCodeUriAndNamespace", SPELLING),
    ("json/AwsJson11FooErrorWithDunderTypeUriAndNamespace", SPELLING),
    ("json_1_0/AwsJson10FooErrorUsingXAmznErrorTypeWithUri", SPELLING),
    ("json_1_0/AwsJson10FooErrorUsingXAmznErrorTypeWithUriAndNamespace", SPELLING),
    ("json_1_0/AwsJson10FooErrorUsingCode", SPELLING),
    ("json_1_0/AwsJson10FooErrorUsingCodeAndNamespace", SPELLING),
    ("json_1_0/AwsJson10FooErrorUsingCodeUriAndNamespace", SPELLING),
    ("json_1_0/AwsJson10FooErrorWithDunderTypeUriAndNamespace", SPELLING),
    ("rest-json/RestJsonFooErrorUsingXAmznErrorTypeWithUri", SPELLING),
    ("rest-json/RestJsonFooErrorUsingXAmznErrorTypeWithUriAndNamespace", SPELLING),
    ("rest-json/RestJsonFooErrorUsingCode", SPELLING),
    ("rest-json/RestJsonFooErrorUsingCodeAndNamespace", SPELLING),
    ("rest-json/RestJsonFooErrorUsingCodeUriAndNamespace", SPELLING),
    ("rest-json/RestJsonFooErrorWithDunderType", SPELLING),
    ("rest-json/RestJsonFooErrorWithDunderTypeAndNamespace", SPELLING),
    ("rest-json/RestJsonFooErrorWithDunderTypeUriAndNamespace", SPELLING),
    ("rest-xml/RestXmlHttpResponseCode", Ours("an empty body is given no content type")),
];

/// Older input cases.
pub const OLD_INPUT: &[(&str, Why)] = &[
    ("rest-json/Structure payload 1", UNSET),
    ("rest-json/Content-Type and JSON body 2", UNSET),
    ("rest-json/Content-Type and JSON body 4", UNSET),
    ("rest-json/Content-Type and JSON body 7", ClientOnly("a header of the client's own")),
    ("rest-json/List in header 1", DROPPED),
    ("rest-xml/List in header 1", DROPPED),
    ("rest-xml/Header maps 0", Ours("a location on the shape, which no model has any more")),
];
