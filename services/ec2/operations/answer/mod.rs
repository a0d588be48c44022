//! Records as the API shows them.

pub(crate) mod image;
pub(crate) mod instance;
pub(crate) mod interface;
pub(crate) mod template;

use crate::model::State;
use shape::Timestamp;
use vpc::form::text;
use world::Time;

/// A moment as instances show it: whole seconds.
pub(crate) fn second(time: Time) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(time.seconds()).unwrap_or(i64::MAX))
}

/// A state with its code.
pub(crate) fn state(state: State) -> api_ec2::InstanceState {
    api_ec2::InstanceState { code: Some(state.code()), name: text(state.name()) }
}
