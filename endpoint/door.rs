//! One request through all gates, in a fixed order. What passes is a call on valid input.

use crate::authenticate::{self, Trouble};
use crate::check::check;
use crate::form::{Reply, failure};
use crate::{admin, guard, route, unpack};
use region::{Door, Inbound, Opened, Operation, Principal, Refusal, Scope, Service, Store, zone};
use shape::{Api, OperationSchema, Protocol};
use signature::{Claim, Flaw, KeyRing};
use std::collections::BTreeMap;
use wire::Failure;
use world::{Request, Time};

/// What is particular to one installation.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Host names beside the loopback ones by which the endpoint may be called.
    pub hosts: Vec<String>,
    /// The token for the region's own paths.
    pub token: String,
}

/// The front door of a region.
pub struct FrontDoor {
    settings: Settings,
    apis: Vec<&'static Api>,
    rooms: BTreeMap<(&'static str, &'static str), (&'static Service, &'static Operation)>,
    ring: KeyRing,
}

/// What the gates look at.
struct Gates<'a> {
    request: &'a wire::Request<'a>,
    /// The request's body, unpacked; its signature is over the packed one.
    body: Result<&'a [u8], Failure>,
    store: &'a Store,
    now: Time,
    reply: Reply,
}

/// Operations that AWS lets anybody call, without a signature.
const UNSIGNED: &[&str] = &["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"];

/// Links in SNS's messages: whoever has one may follow it, and is nobody.
const LINKS: &[&str] = &["ConfirmSubscription", "Unsubscribe"];

impl FrontDoor {
    /// A door to these rooms.
    pub fn new(rooms: &[&'static Service], settings: Settings) -> FrontDoor {
        let mut apis: Vec<&'static Api> = Vec::new();
        let mut table = BTreeMap::new();
        for room in rooms {
            if !apis.iter().any(|api| api.name == room.api.name) {
                apis.push(room.api);
            }
            for operation in room.operations {
                let earlier = table.insert((room.api.name, operation.name), (*room, operation));
                assert!(earlier.is_none(), "{} is served by two rooms", operation.name);
            }
        }
        FrontDoor { settings, apis, rooms: table, ring: KeyRing::default() }
    }

    /// Where a request goes and how it will be answered, whatever the gates say of it.
    fn inbound(
        &mut self,
        request: &wire::Request,
        store: &Store,
        now: Time,
    ) -> Result<Inbound, (Reply, Failure)> {
        let claim = signature::claim(request);
        let named = claim.as_ref().unwrap_or(&Claim::Anonymous);
        let body = unpack::body(request);
        let plain = body.as_deref().unwrap_or(request.body);
        // A form names its operation in its body.
        let route = route::route(&wire::Request { body: plain, ..*request }, named, &self.apis);
        let reply = Reply {
            api: route.api,
            protocol: route.protocol,
            operation: route.api.and_then(|api| api.operation(&route.operation)),
            query_mode: request.header("x-amzn-query-mode") == Some("true"),
        };
        let body = body.as_deref().map_err(|flaw| flaw.failure(reply.protocol));
        let gates = Gates { request, body, store, now, reply };
        self.pass(&gates, claim, &route.operation).map_err(|failure| (reply, failure))
    }

    /// The gates behind the route, in their order.
    fn pass(
        &mut self,
        gates: &Gates,
        claim: Result<Claim, Flaw>,
        name: &str,
    ) -> Result<Inbound, Failure> {
        let Gates { request, ref body, store, now, reply } = *gates;
        let protocol = reply.protocol;
        let claim = claim.map_err(|flaw| Trouble::Flaw(flaw).failure(protocol))?;
        let principal = match claim {
            Claim::Anonymous if UNSIGNED.contains(&name) => {
                Principal::root(region::DEFAULT_ACCOUNT)
            }
            Claim::Anonymous if LINKS.contains(&name) => {
                Principal { arn: String::new(), ..Principal::root(region::DEFAULT_ACCOUNT) }
            }
            _ => authenticate::prove(&claim, request, store, &mut self.ring, now, protocol)?,
        };
        let signed = claim.signed().map(|signed| &signed.credential);
        let region = signed.map_or(zone::HOME, |credential| &credential.region);
        let scope = scope(&principal, region, protocol)?;
        let body = body.clone()?;
        let request = &wire::Request { body, ..*request };
        let (service, operation, schema) =
            self.find(&reply, name, signed.map_or("", |credential| &credential.service))?;
        let mut input = wire::decode(protocol, schema, request).map_err(malformed)?;
        route::address(protocol, request.path, &mut input);
        check(protocol, reply.api, &input)?;
        let origin = format!("http://{}", request.header("host").unwrap_or("localhost"));
        let form = Box::new(reply);
        Ok(Inbound { service, operation, input, scope, principal, origin, form })
    }

    /// The room and the operation; refused by name where we have none.
    fn find(
        &self,
        reply: &Reply,
        name: &str,
        signed_for: &str,
    ) -> Result<(&'static Service, &'static Operation, &'static OperationSchema), Failure> {
        let Some(api) = reply.api else {
            let what = format!("The service '{signed_for}', for which the request was signed,");
            return Err(failure(Refusal::not_implemented(what)));
        };
        if let (Some((service, operation)), Some(schema)) =
            (self.rooms.get(&(api.name, name)), reply.operation)
        {
            return Ok((service, operation, schema));
        }
        if api.knows(name) {
            let what = format!("The operation {name} of {}", api.name);
            return Err(failure(Refusal::not_implemented(what)));
        }
        let xml = matches!(reply.protocol, Protocol::Query | Protocol::Ec2 | Protocol::RestXml);
        let (code, message) = match name {
            "" if xml => ("MissingAction", "The request is missing an action.".to_owned()),
            "" => ("UnknownOperationException", "The request names no operation.".to_owned()),
            _ => {
                let code = if xml { "InvalidAction" } else { "UnknownOperationException" };
                (code, format!("The action {name} is not valid for this web service."))
            }
        };
        Err(failure(Refusal::new(code, message).status(400)))
    }
}

impl Door for FrontDoor {
    fn open(&mut self, request: &Request, store: &Store, now: Time, id: &str) -> Opened {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let request = wire::Request {
            method: &request.method,
            path,
            query,
            headers: &request.headers,
            body: &request.body,
        };
        if let Some(why) = guard::turned_away(&request, &self.settings.hosts) {
            return Opened::Answer(admin::refuse(403, why));
        }
        match admin::read(&request, &self.settings.token) {
            Some(Ok(order)) => return Opened::Admin(order),
            Some(Err(answer)) => return Opened::Answer(answer),
            None => {}
        }
        match self.inbound(&request, store, now) {
            Ok(inbound) => Opened::Call(Box::new(inbound)),
            Err((reply, failure)) => Opened::Answer(reply.refuse(&failure, id)),
        }
    }
}

/// The account of the caller in the region that the request was signed for.
fn scope(principal: &Principal, name: &str, protocol: Protocol) -> Result<Scope, Failure> {
    if zone::RegionInfo::named(name).is_none() && name != region::GLOBAL {
        return Err(Trouble::Region(name.to_owned()).failure(protocol));
    }
    Ok(Scope::new(&principal.account, name))
}

fn malformed(bad: wire::Malformed) -> Failure {
    failure(Refusal::new(bad.code, bad.message))
}
