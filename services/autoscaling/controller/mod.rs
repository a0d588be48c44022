//! What groups do by themselves: keep their capacity, heed health, follow schedules and alarms.

mod balancers;
mod decide;
mod group;
mod health;
mod hear;
mod launch;
mod letters;
mod lifecycle;
mod measure;
mod observed;
mod policy;
mod refresh;
mod scale;
mod schedule;
mod track;
mod turn;

use region::Controller;

pub(crate) use launch::standing;
pub(crate) use letters::{hook_test, topic_test};
pub(crate) use lifecycle::abandoned_text;
pub(crate) use policy::{cooling, decide, resize, warming};
pub(crate) use turn::details;

pub(crate) const CONTROLLERS: &[Controller] =
    &[group::CONTROLLER, measure::CONTROLLER, policy::CONTROLLER, schedule::CONTROLLER];
