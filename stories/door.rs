//! A front door without locks: `/API/OPERATION`, scope in headers, JSON of the model as body.

use region::{Door, Form, Inbound, Opened, Operation, Principal, Refusal, Scope, Service, Store};
use serde_json::{Value as Json, json};
use shape::{Checks, Record};
use world::{Answer, Request, Time};

/// Opens requests that [`crate::Bench`] makes.
pub struct PlainDoor {
    rooms: Vec<&'static Service>,
}

impl PlainDoor {
    /// A door to these rooms.
    pub fn new(rooms: &[&'static Service]) -> PlainDoor {
        PlainDoor { rooms: rooms.to_vec() }
    }

    fn find(&self, api: &str, name: &str) -> Option<(&'static Service, &'static Operation)> {
        let rooms = self.rooms.iter().filter(|room| room.api.name == api);
        let mut all = rooms.flat_map(|room| room.operations.iter().map(move |one| (*room, one)));
        all.find(|(_, one)| one.name == name)
    }

    fn inbound(&self, request: &Request) -> Result<Inbound, Refusal> {
        let mut path = request.target.trim_start_matches('/').split('/');
        let (api, name) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
        let (service, operation) = self
            .find(api, name)
            .ok_or_else(|| Refusal::not_implemented(format!("The operation {api}:{name}")))?;
        let schema = service.api.operation(name).ok_or_else(|| Refusal::bug("not in the model"))?;
        let wrong = |what: String| Refusal::new("ValidationError", what);
        let body = String::from_utf8_lossy(&request.body);
        let input = shape::from_text(schema.input, &body).map_err(|bad| wrong(bad.to_string()))?;
        shape::validate_with(&input, Checks { enums: true, limits: true })
            .map_err(|faults| wrong(faults.first().map(ToString::to_string).unwrap_or_default()))?;
        let header = |name: &str| {
            let found = request.headers.iter().find(|(present, _)| present == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let account = header("account");
        Ok(Inbound {
            service,
            operation,
            input,
            scope: Scope::new(account, header("region")),
            principal: Principal::root(account),
            origin: "http://localhost:4566".into(),
            form: Box::new(PlainForm),
        })
    }
}

impl Door for PlainDoor {
    fn open(&mut self, request: &Request, _: &Store, _: Time, id: &str) -> Opened {
        match self.inbound(request) {
            Ok(inbound) => Opened::Call(Box::new(inbound)),
            Err(refusal) => Opened::Answer(PlainForm.answer(Err(refusal), id)),
        }
    }
}

struct PlainForm;

impl Form for PlainForm {
    fn answer(&self, result: Result<Record, Refusal>, _: &str) -> Answer {
        let (status, body) = match result {
            Ok(record) => (200, shape::to_json(&record)),
            Err(refusal) => (400, refused(&refusal)),
        };
        Answer { status, headers: Vec::new(), body: body.to_string().into_bytes() }
    }
}

fn refused(refusal: &Refusal) -> Json {
    json!({ "code": refusal.code, "message": refusal.message })
}
