//! What the binary says of itself is true.

use crate::cli::Cli;
use clap::CommandFactory;

#[test]
fn differences_are_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../DIFFERENCES.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let now = endpoint::differences(&rooms::all());
    assert!(written == now, "DIFFERENCES.md is old; run `cargo x differences`");
}

#[test]
fn no_operation_is_served_twice_and_every_one_is_in_its_model() {
    let rooms = rooms::all();
    endpoint::FrontDoor::new(&rooms, endpoint::Settings::default());
    for room in rooms {
        for operation in room.operations {
            let known = room.api.operation(operation.name).is_some();
            assert!(known, "{} of {} is not in the model", operation.name, room.name);
        }
    }
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}
