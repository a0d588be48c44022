//! Answers in the protocol of the request.

use region::{Form, Refusal};
use shape::{Api, OperationSchema, Protocol, Record};
use wire::{Failure, Response};
use world::Answer;

/// How one request wants to be answered.
#[derive(Clone, Copy)]
pub(crate) struct Reply {
    pub(crate) api: Option<&'static Api>,
    pub(crate) protocol: Protocol,
    pub(crate) operation: Option<&'static OperationSchema>,
    /// The request said `x-amzn-query-mode: true`.
    pub(crate) query_mode: bool,
}

impl Reply {
    /// A refusal.
    pub(crate) fn refuse(&self, failure: &Failure, request_id: &str) -> Answer {
        let (api, protocol) = (self.api, self.protocol);
        answer(wire::encode_error(protocol, api, failure, request_id, self.query_mode))
    }
}

impl Form for Reply {
    fn answer(&self, result: Result<Record, Refusal>, request_id: &str) -> Answer {
        let refusal = match (result, self.api, self.operation) {
            (Ok(output), Some(api), Some(operation)) => {
                let encoded = wire::encode(self.protocol, api, operation, &output, request_id);
                return answer(encoded);
            }
            (Ok(_), _, _) => Refusal::bug("an answer to no operation"),
            (Err(refusal), _, _) => refusal,
        };
        self.refuse(&failure(refusal), request_id)
    }
}

/// A refusal of a room, as the wire knows it.
pub(crate) fn failure(refusal: Refusal) -> Failure {
    let Refusal { code, status, message, sender } = refusal;
    Failure { code, message, status: status.unwrap_or(0), sender, members: Vec::new() }
}

fn answer(response: Response) -> Answer {
    Answer { status: response.status, headers: response.headers, body: response.body }
}
