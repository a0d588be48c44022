//! Row 30, by hand: what a newcomer types into the aws CLI, and what `dig` says of it at the host's
//! own door.

use exam::Subject;
use std::process::{Command, Stdio};

#[test]
fn the_aws_cli_makes_names_that_dig_finds() {
    let mut subject = Subject::new("row30-newcomer");
    subject.pace = 10;
    subject.start();
    let env = subject.maquette(&["env"]);
    assert_eq!(env.code, 0, "{env:?}");
    let mut bash = Command::new("timeout");
    let text = format!("{}\n{}", env.out, include_str!("../clients/names.sh"));
    bash.args(["100", "bash", "-c", &text]).env_clear().env("HOME", &subject.root);
    bash.env("MAQUETTE", subject.command().get_program()).env("STATE", &subject.root);
    bash.env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
    let output = bash.output().expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.ends_with("well\n"), "{said}\n{errors}");
    subject.finish();
}
