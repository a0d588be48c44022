//! One request through all gates, in a fixed order. What passes is a call on valid input.

use crate::form::{Reply, failure};
use crate::{admin, authenticate, guard, route};
use region::{Door, Inbound, Opened, Operation, Principal, Refusal, Scope, Service, Store, zone};
use shape::{Api, Checks, FaultKind, OperationSchema, Protocol, Record};
use signature::KeyRing;
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

/// Operations that AWS lets anybody call, without a signature.
const UNSIGNED: &[&str] = &["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"];

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

    fn inbound(
        &mut self,
        request: &wire::Request,
        store: &Store,
        now: Time,
    ) -> Result<Inbound, (Reply, Failure)> {
        let query_mode = request.header("x-amzn-query-mode") == Some("true");
        let signed = signature::Request {
            method: request.method,
            path: request.path,
            query: request.query,
            headers: request.headers,
            body: request.body,
        };
        let claim = signature::claim(&signed);
        let anonymous = signature::Claim::Anonymous;
        let route = route::route(request, claim.as_ref().unwrap_or(&anonymous), &self.apis);
        let protocol = route.protocol;
        let schema = route.api.and_then(|api| api.operation(&route.operation));
        let reply = Reply { api: route.api, protocol, operation: schema, query_mode };
        let claim = match claim {
            Ok(claim) => claim,
            Err(flaw) => {
                let failure = authenticate::Trouble::Flaw(flaw).failure(protocol);
                return Err((reply, failure));
            }
        };
        let unsigned = UNSIGNED.contains(&route.operation.as_str())
            && matches!(claim, signature::Claim::Anonymous);
        let principal = if unsigned {
            Ok(Principal::root(region::DEFAULT_ACCOUNT))
        } else {
            authenticate::prove(&claim, request, store, &mut self.ring, now, protocol)
        };
        let gate = |reply: Reply| {
            let principal = principal?;
            let name = claim.signed().map_or(zone::HOME, |signed| &signed.credential.region);
            let scope = scope(&principal, name)?;
            let (service, operation, schema) = self.find(&reply, &route.operation)?;
            let mut input = wire::decode(protocol, schema, request).map_err(malformed)?;
            route::address(protocol, request.path, &mut input);
            check(protocol, reply.api, &input)?;
            Ok((service, operation, input, scope, principal, reply))
        };
        let (service, operation, input, scope, principal, reply) =
            gate(reply).map_err(|failure| (reply, failure))?;
        let host = request.header("host").unwrap_or("localhost");
        let origin = format!("http://{host}");
        let form = Box::new(reply);
        Ok(Inbound { service, operation, input, scope, principal, origin, form })
    }

    /// The room and the operation; refused by name where we have none.
    fn find(
        &self,
        reply: &Reply,
        name: &str,
    ) -> Result<(&'static Service, &'static Operation, &'static OperationSchema), Failure> {
        let Some(api) = reply.api else {
            let what = "The service that the request was signed for";
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
        let (code, status) = match reply.protocol {
            Protocol::Query | Protocol::Ec2 | Protocol::RestXml => ("InvalidAction", 400),
            _ => ("UnknownOperationException", 400),
        };
        let message = match name {
            "" => "The request names no operation".to_owned(),
            name => format!("The action {name} is not valid for this web service."),
        };
        Err(failure(Refusal::new(code, message).status(status)))
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
fn scope(principal: &Principal, name: &str) -> Result<Scope, Failure> {
    if zone::RegionInfo::named(name).is_none() && name != region::GLOBAL {
        let known: Vec<&str> = zone::REGIONS.iter().map(|region| region.name).collect();
        let message = format!(
            "Credential should be scoped to a valid region. Maquette models {}, not '{name}'.",
            known.join(", ")
        );
        return Err(failure(Refusal::new("SignatureDoesNotMatch", message).status(403)));
    }
    Ok(Scope::new(&principal.account, name))
}

fn malformed(bad: wire::Malformed) -> Failure {
    failure(Refusal::new(bad.code, bad.message))
}

/// Holds an input against the model, with the codes of its protocol.
fn check(protocol: Protocol, api: Option<&'static Api>, input: &Record) -> Result<(), Failure> {
    let Err(faults) = shape::validate_with(input, Checks { enums: true, limits: true }) else {
        return Ok(());
    };
    let missing = faults.iter().find(|fault| fault.kind == FaultKind::Missing);
    let compatible = api.is_some_and(|api| api.query_compatible) || protocol == Protocol::Ec2;
    let refusal = match (compatible, missing) {
        (true, Some(fault)) => {
            let message = format!("The request must contain the parameter {}.", fault.member);
            Refusal::new("MissingParameter", message)
        }
        (true, None) => Refusal::new("InvalidParameterValue", sentence(&faults)),
        (false, _) => {
            let xml = matches!(protocol, Protocol::Query | Protocol::RestXml);
            let code = if xml { "ValidationError" } else { "ValidationException" };
            Refusal::new(code, sentence(&faults))
        }
    };
    Err(failure(refusal))
}

fn sentence(faults: &[shape::Fault]) -> String {
    let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let word = if all.len() == 1 { "error" } else { "errors" };
    format!("{} validation {word} detected: {}", all.len(), all.join("; "))
}
