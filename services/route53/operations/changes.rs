//! GetChange, and the changes that other operations submit.

use super::answer;
use crate::model::{Change, bare};
use api_route53::{ChangeInfo, GetChangeRequest, GetChangeResponse};
use region::{Call, Key, Refusal, serve};
use world::Span;

/// A change counts as known to all name servers after this, divided by the pace. AWS says that it
/// takes up to 60 seconds (API_GetChange); the servers here have it at once.
const SPREAD: Span = Span::seconds(2);

/// A change is remembered so long.
const REMEMBERED: Span = Span::seconds(24 * 3600);

/// Submits a change.
pub(super) fn submit(call: &mut Call, comment: Option<String>) -> ChangeInfo {
    let id = format!("C{}", letters(call, 13));
    let change = Change {
        comment,
        submitted: call.now,
        in_sync: call.now + call.view().paced(SPREAD),
        until: call.now + REMEMBERED,
    };
    let shown = answer::change(call, &id, &change);
    let key = Key::new(&call.scope.global(), id);
    call.put_at(key, change);
    shown
}

/// So many digits and capital letters, at most 24, as in Route 53's ids.
pub(super) fn letters(call: &mut Call, count: usize) -> String {
    let mut text = String::new();
    while text.len() < count {
        let mut number = call.chance();
        for _ in 0..12 {
            let digit = u32::try_from(number % 36).expect("less than 36");
            text.push(char::from_digit(digit, 36).expect("less than 36").to_ascii_uppercase());
            number /= 36;
        }
    }
    text.truncate(count);
    text
}

/// docs: API_GetChange
pub(crate) fn get_change(
    call: &mut Call,
    input: GetChangeRequest,
) -> Result<GetChangeResponse, Refusal> {
    serve!(call, GetChangeRequest { id } = input);
    let id = bare(&id);
    let key = Key::new(&call.scope.global(), id);
    let Some(change) = call.get::<Change>(&key) else {
        let message = format!("A change with id {id} does not exist.");
        return Err(Refusal::new("NoSuchChange", message).status(404));
    };
    Ok(GetChangeResponse { change_info: Some(answer::change(call, id, &change)) })
}

/// A random UUID (RFC 9562, version 4).
pub(super) fn uuid(call: &mut Call) -> String {
    let (a, b) = (call.chance(), call.chance());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | (b >> 48) & 0x3fff,
        b & 0xffff_ffff_ffff
    )
}
