//! Which API, in which protocol, which operation. Order and rules: the first sign that decides
//! wins; nothing here proves anything.

use shape::{Api, Protocol, Record};
use signature::Claim;
use wire::Request;

/// Where a request goes.
pub(crate) struct Route {
    /// The API that is meant; `None` when we have none of that name.
    pub(crate) api: Option<&'static Api>,
    /// The protocol in which it is asked and will be answered.
    pub(crate) protocol: Protocol,
    /// The operation as the request names it; empty when it names none.
    pub(crate) operation: String,
}

/// Looks a request over. `claim` is who it says has signed it.
pub(crate) fn route(request: &Request, claim: &Claim, apis: &[&'static Api]) -> Route {
    let named = match request.header("smithy-protocol") {
        Some(word) if word.eq_ignore_ascii_case("rpc-v2-cbor") => {
            let name = rpc_path(request.path).map_or("", |(_, operation)| operation);
            (Some(Protocol::Cbor), name.to_owned())
        }
        _ => remote_call(request),
    };
    let (protocol, mut operation) = named;
    let signed = claim.signed().map(|signed| signed.credential.service.as_str());
    let form = || wire::form(request);
    let version = || form().into_iter().find(|(name, _)| name == "Version").map(|(_, text)| text);
    let api = match signed {
        Some(service) => by_scope(apis, service, version),
        None => by_target(apis, request)
            .or_else(|| by_path(apis, request))
            .or_else(|| apis.iter().copied().find(|api| Some(api.version) == version().as_deref()))
            .or_else(|| by_host(apis, request)),
    };
    let protocol = match (protocol, api) {
        (Some(Protocol::Query), Some(api)) if api.protocols.contains(&Protocol::Ec2) => {
            Protocol::Ec2
        }
        (Some(protocol), _) => protocol,
        (None, Some(api)) => api.protocols.first().copied().unwrap_or(Protocol::Query),
        (None, None) if content_type(request) == "application/json" => Protocol::RestJson,
        (None, None) => Protocol::Query,
    };
    if let (Protocol::Json10 | Protocol::Json11, Some(prefix), Some(target)) =
        (protocol, api.and_then(|api| api.target_prefix), request.header("x-amz-target"))
        && target.rsplit_once('.').is_some_and(|(name, _)| name != prefix)
    {
        // Of another API than the one it was signed for.
        operation = target.to_owned();
    }
    if let (Protocol::RestJson | Protocol::RestXml, Some(api)) = (protocol, api) {
        let found = wire::operation_of(api, request.method, request.path, request.query);
        operation = found.map(|one| one.name.to_owned()).unwrap_or_default();
    }
    Route { api, protocol, operation }
}

/// Older clients of the query protocol name a queue by the address they call, `/ACCOUNT/NAME`, and
/// not by the member `QueueUrl`.
pub(crate) fn address(protocol: Protocol, path: &str, input: &mut Record) {
    let account = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if protocol == Protocol::Query && digits && input.get("QueueUrl").is_none() {
        input.set("QueueUrl", path);
    }
}

/// awsJson by its target header, query by its `Action`.
fn remote_call(request: &Request) -> (Option<Protocol>, String) {
    if let Some(target) = request.header("x-amz-target") {
        let old = content_type(request) == "application/x-amz-json-1.0";
        let name = target.rsplit_once('.').map_or("", |(_, name)| name).to_owned();
        return (Some(if old { Protocol::Json10 } else { Protocol::Json11 }), name);
    }
    let action = wire::form(request).into_iter().find(|(name, _)| name == "Action");
    match action {
        Some((_, action)) => (Some(Protocol::Query), action),
        None => (None, String::new()),
    }
}

/// In lower case, without parameters.
fn content_type(request: &Request) -> String {
    let whole = request.header("content-type").unwrap_or_default();
    whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Service and operation of `.../service/NAME/operation/OPERATION`.
fn rpc_path(path: &str) -> Option<(&str, &str)> {
    let (_, rest) = path.rsplit_once("/service/")?;
    rest.split_once("/operation/").filter(|(_, operation)| !operation.contains('/'))
}

fn by_scope(
    apis: &[&'static Api],
    service: &str,
    version: impl Fn() -> Option<String>,
) -> Option<&'static Api> {
    let mut same = apis.iter().copied().filter(|api| api.signing_name == service);
    let first = same.next()?;
    let Some(second) = same.next() else { return Some(first) };
    let version = version();
    let mut all = [first, second].into_iter().chain(same);
    all.find(|api| Some(api.version) == version.as_deref()).or(Some(first))
}

fn by_target(apis: &[&'static Api], request: &Request) -> Option<&'static Api> {
    let prefix = request.header("x-amz-target")?.split('.').next();
    apis.iter().copied().find(|api| api.target_prefix.is_some() && api.target_prefix == prefix)
}

fn by_path(apis: &[&'static Api], request: &Request) -> Option<&'static Api> {
    let (name, _) = rpc_path(request.path)?;
    apis.iter().copied().find(|api| api.service_id == name || api.target_prefix == Some(name))
}

fn by_host(apis: &[&'static Api], request: &Request) -> Option<&'static Api> {
    let host = request.header("host")?;
    let (label, rest) = host.split_once('.')?;
    let api = apis.iter().copied().find(|api| api.endpoint_prefix == label)?;
    (!rest.starts_with("s3")).then_some(api)
}
