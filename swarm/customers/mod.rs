//! The customers: each knows one part of AWS, and its laws as a small reference model.

mod fifo;
mod fleet;
mod keys;
mod kinds;
mod moves;
mod owner;
mod parameters;
mod post;
mod rules;
mod standard;
mod town;

use crate::customer::{Customer, Scope};
use crate::dice::Dice;
use crate::stage::Stage;

/// A customer of a kind that the rooms at hand can serve. `nonce` tells its things from others'.
pub fn someone(dice: &mut Dice, stage: &Stage, scope: &Scope, nonce: String) -> Box<dyn Customer> {
    let fleet = stage.serves("ec2", "RunInstances");
    let parameters = stage.serves("ssm", "PutParameter");
    let scope = scope.clone();
    match dice.below(12) {
        0..=1 => Box::new(standard::Standard::new(nonce)),
        2..=3 => Box::new(fifo::Fifo::new(nonce)),
        4..=6 if fleet => Box::new(fleet::Fleet::new(scope, nonce)),
        7 => Box::new(rules::Rules::new(scope, nonce)),
        8 => Box::new(keys::Keys::new(nonce)),
        9 if parameters => Box::new(parameters::Parameters::new(nonce)),
        _ => Box::new(owner::Owner::new(dice, scope, nonce)),
    }
}

/// Who runs a site.
pub fn town(scope: &Scope, nonce: &str) -> Box<dyn Customer> {
    Box::new(town::Town::new(scope.clone(), nonce.to_owned()))
}

/// Who publishes, and hears of alarms.
pub fn post(nonce: &str) -> Box<dyn Customer> {
    Box::new(post::Post::new(nonce.to_owned()))
}
