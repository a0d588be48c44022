//! The table line of an operation: its name and how it is run.

use crate::{Call, Refusal};
use shape::{Record, Shaped};

/// One operation that a room serves. Written by [`operations!`](crate::operations).
#[derive(Clone, Copy)]
pub struct Operation {
    /// AWS's name.
    pub name: &'static str,
    /// Runs it on an input that was checked against the model.
    pub run: fn(&mut Call, Record) -> Result<Record, Refusal>,
}

/// Lets a typed function serve an untyped call.
pub fn adapt<I: Shaped, O: Shaped>(
    call: &mut Call,
    record: Record,
    run: fn(&mut Call, I) -> Result<O, Refusal>,
) -> Result<Record, Refusal> {
    let input = match call.probing() {
        true => I::default(),
        false => I::from_record(record).map_err(Refusal::bug)?,
    };
    run(call, input).map(Shaped::into_record)
}

/// A room's table of contents:
/// `pub const OPERATIONS: &[Operation] = operations![CreateQueue => create_queue::create_queue];`
#[macro_export]
macro_rules! operations {
    ($($name:ident => $run:path),* $(,)?) => {
        &[$($crate::Operation {
            name: stringify!($name),
            run: |call, record| $crate::adapt(call, record, $run),
        }),*]
    };
}

/// The first line of an operation: which members of the input it serves.
///
/// `serve!(call, DeleteMessageRequest { queue_url, receipt_handle } = input);` binds each named
/// member to a variable. A member that the client sent and that is not named is refused by name
/// before anything else happens. `unheeded { a, b }` before the `=` lists members that real tools
/// send and that cannot matter here. Works for nested structures too. `whole @` before the shape
/// binds the structure itself and not its members, for what reads them by name further down.
#[macro_export]
macro_rules! serve {
    ($call:ident, $shape:ident { $($field:ident),* $(,)? }
        $(unheeded { $($skip:ident),* $(,)? })? = $input:expr) => {
        let $shape { $($field,)* .. } = $call.serve(
            $input,
            &[$(stringify!($field)),*],
            &[$($(stringify!($skip)),*)?],
        )?;
    };
    ($call:ident, $whole:ident @ $shape:ident { $($field:ident),* $(,)? } = $input:expr) => {
        let $whole: $shape = $call.serve($input, &[$(stringify!($field)),*], &[])?;
        // Every name is a member's.
        let $shape { $($field: _,)* .. } = &$whole;
    };
}
