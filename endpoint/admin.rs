//! The region's own paths, below `/_maquette/`: for the person who runs it, with the token from
//! the state directory. Health alone needs no token.

use region::Admin;
use serde_json::{Value as Json, json};
use wire::Request;
use world::Answer;

/// Where the token of the state directory goes.
pub const TOKEN_HEADER: &str = "x-maquette-token";

const PREFIX: &str = "/_maquette/";

/// What a request below `/_maquette/` asks; `None` for any other path.
pub(crate) fn read(request: &Request, token: &str) -> Option<Result<Admin, Answer>> {
    let what = request.path.strip_prefix(PREFIX)?;
    if (request.method, what) == ("GET", "health") {
        return Some(Ok(Admin::Health));
    }
    if request.header(TOKEN_HEADER) != Some(token) || token.is_empty() {
        let message = "the token of the state directory is missing or wrong; use the maquette \
                       command with the same --state";
        return Some(Err(refuse(403, message)));
    }
    Some(order(request, what).ok_or_else(|| refuse(404, "no such request")))
}

fn order(request: &Request, what: &str) -> Option<Admin> {
    let body: Json = serde_json::from_slice(request.body).unwrap_or(Json::Null);
    match (request.method, what) {
        ("GET", "status") => Some(Admin::Status),
        ("GET", "log") => {
            let from = wire::form(request).into_iter().find(|(name, _)| name == "from");
            Some(Admin::Log(from.and_then(|(_, text)| text.parse().ok()).unwrap_or(0)))
        }
        ("POST", "inject") => serde_json::from_value(body).ok().map(Admin::Inject),
        ("POST", "heal") => serde_json::from_value(body).ok().map(Admin::Heal),
        ("POST", "stop") => Some(Admin::Stop),
        _ => None,
    }
}

/// An answer of the region itself, outside any AWS protocol.
pub(crate) fn refuse(status: u16, message: &str) -> Answer {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Answer { status, headers, body: format!("{}\n", json!({ "error": message })).into_bytes() }
}
