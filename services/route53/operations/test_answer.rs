//! TestDNSAnswer: what the name servers would answer, by their own chooser.

use crate::controller::stated;
use crate::model::{Health, HealthCheck, HostedZone, name, refuse};
use api_route53::{TestDNSAnswerRequest, TestDNSAnswerResponse};
use names::name::Name;
use names::places::{Asker, home};
use names::rdata::{kind_of, name_of};
use names::{Book, Code, Question, choose};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::Id;

/// docs: API_TestDNSAnswer
pub(crate) fn test_dns_answer(
    call: &mut Call,
    input: TestDNSAnswerRequest,
) -> Result<TestDNSAnswerResponse, Refusal> {
    serve!(
        call,
        TestDNSAnswerRequest {
            hosted_zone_id, record_name, record_type, resolver_ip, edns0_client_subnet_ip
        } unheeded { edns0_client_subnet_mask } = input
    );
    let (key, zone) = HostedZone::find(call, &hosted_zone_id)?;
    if zone.private {
        return Err(refuse::input("TestDNSAnswer does not support private hosted zones."));
    }
    let domain = name::normal(&record_name).map_err(refuse::input)?;
    if !name::within(&domain, &zone.name) {
        let message = format!("The record name {domain} is not in the zone {}.", zone.name);
        return Err(refuse::input(message));
    }
    let asker = asker(edns0_client_subnet_ip.or(resolver_ip).as_deref())?;
    let stated = stated(call.store(), &key, &zone);
    let book = Book::new(&BTreeMap::from([(key.id.clone(), stated.into())]));
    let wells = book.wells(|check| well(call, &key, check));
    let wire = Name::parse(&domain).ok_or_else(|| refuse::input("The name is not valid."))?;
    let kind = kind_of(&record_type).unwrap_or_default();
    let question = Question { name: wire.wire(), kind, asker: &asker };
    let answer = choose(&book, &wells, question, &mut || call.chance());
    let mut data = Vec::new();
    for part in answer.answer.iter().filter(|part| name_of(part.kind) == record_type) {
        data.extend(part.values.iter().take(part.most).map(|value| value.text.to_string()));
    }
    Ok(TestDNSAnswerResponse {
        nameserver: zone.name_servers.first().cloned(),
        protocol: Some("UDP".into()),
        record_data: Some(data),
        record_name: Some(domain),
        record_type: Some(record_type),
        response_code: Some(code(answer.code).into()),
    })
}

/// Whoever has this address; somebody in N. Virginia, if none is named (API_TestDNSAnswer).
fn asker(address: Option<&str>) -> Result<Asker, Refusal> {
    let Some(text) = address else {
        let city = home("us-east-1").expect("N. Virginia is in the table");
        return Ok(Asker::of(city));
    };
    match text.parse::<Ipv4Addr>() {
        Ok(address) => Ok(Asker::at(address)),
        Err(_) => Err(refuse::input(format!("Invalid IP address: {text}"))),
    }
}

/// What a check counts as now.
fn well(call: &Call, zone: &Key, check: &Id) -> bool {
    let key = Key::new(&zone.scope, check.clone());
    let inverted = || call.get::<HealthCheck>(&key).is_some_and(|check| check.inverted);
    call.get::<Health>(&key).map_or_else(|| !inverted(), |health| health.well)
}

fn code(code: Code) -> &'static str {
    match code {
        Code::NoError => "NOERROR",
        Code::FormErr => "FORMERR",
        Code::ServFail => "SERVFAIL",
        Code::NxDomain => "NXDOMAIN",
        Code::NotImp => "NOTIMP",
        Code::Refused => "REFUSED",
    }
}
