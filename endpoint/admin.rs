//! The region's own paths, below `/_maquette/`: for the person who runs it, with the token from
//! the state directory. Health alone needs no token.

use region::Admin;
use serde_json::json;
use wire::Request;
use world::{Answer, Fault};

/// Where the token of the state directory goes.
pub const TOKEN_HEADER: &str = "x-maquette-token";

const PREFIX: &str = "/_maquette/";

/// What a request below `/_maquette/` asks; `None` for any other path.
pub(crate) fn read(request: &Request, token: &str) -> Option<Result<Admin, Answer>> {
    let what = request.path.strip_prefix(PREFIX)?;
    if (request.method, what) == ("GET", "health") {
        return Some(Ok(Admin::Health));
    }
    if !same(request.header(TOKEN_HEADER).unwrap_or_default(), token) {
        let message = "the token of the state directory is missing or wrong; use the maquette \
                       command with the same --state";
        return Some(Err(refuse(403, message)));
    }
    Some(order(request, what).map_err(|(status, why)| refuse(status, &why)))
}

/// Takes as long for a token that is nearly right as for any other; an empty one is never right.
fn same(sent: &str, token: &str) -> bool {
    let differ = sent.bytes().zip(token.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    !token.is_empty() && sent.len() == token.len() && differ == 0
}

fn order(request: &Request, what: &str) -> Result<Admin, (u16, String)> {
    match (request.method, what) {
        ("GET", "status") => Ok(Admin::Status),
        ("GET", "log") => {
            let from = wire::form(request).into_iter().find(|(name, _)| name == "from");
            let number = from.map_or(Ok(0), |(_, text)| text.parse());
            number.map(Admin::Log).map_err(|_| (400, "from is not a number".to_owned()))
        }
        ("POST", "inject") => fault(request.body).map(Admin::Inject),
        ("POST", "heal") => fault(request.body).map(Admin::Heal),
        ("POST", "stop") => Ok(Admin::Stop),
        _ => Err((404, "no such request".to_owned())),
    }
}

fn fault(body: &[u8]) -> Result<Fault, (u16, String)> {
    serde_json::from_slice(body).map_err(|error| (400, format!("the body is no fault: {error}")))
}

/// An answer of the region itself, outside any AWS protocol.
pub(crate) fn refuse(status: u16, message: &str) -> Answer {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Answer { status, headers, body: format!("{}\n", json!({ "error": message })).into_bytes() }
}
