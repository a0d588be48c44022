//! The judges: Smithy's protocol cases in botocore's form. Input cases are what a client sends:
//! the server must read the given parameters. Output cases are what a server answers: it must write
//! something that means the same. The cases live outside the repository; without them this says so.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may end where it cannot go on; the judge tells its counts"
)]

mod cases;
mod compare;
mod inputs;
mod known;
mod outputs;

use cases::Case;
use known::Why;

/// Runs all cases of one side, prints the counts, and fails where `known` and the results differ.
fn judge(side: &str, known: &[(&str, Why)], run: fn(&Case) -> Result<(), String>) {
    let Some(cases) = cases::load(side) else {
        println!("SKIPPED: no protocol cases here; set MAQUETTE_CASES to the folder that has them");
        return;
    };
    let (mut passed, mut for_clients, mut ours) = (0, 0, 0);
    let mut surprises = Vec::new();
    for case in &cases {
        let listed = known.iter().find(|(id, _)| *id == case.full_id()).map(|(_, why)| why);
        match (run(case), listed) {
            _ if !case.gives_bytes() => for_clients += 1,
            (Ok(()), None) => passed += 1,
            (Err(_), Some(Why::ClientOnly(_))) => for_clients += 1,
            (Err(_), Some(Why::Ours(_))) => ours += 1,
            (Ok(()), Some(_)) => surprises.push(format!("{} passes now", case.full_id())),
            (Err(problem), None) => {
                surprises.push(clipped(&format!("{}: {problem}", case.full_id())));
            }
        }
    }
    for (id, _) in known {
        if !cases.iter().any(|case| case.full_id() == *id) {
            surprises.push(format!("{id} is listed and does not exist"));
        }
    }
    let concern = cases.len() - for_clients;
    println!("{side}: {} cases, {for_clients} of them for clients only", cases.len());
    println!("{side}: {passed} of {concern} pass, {ours} known not to");
    assert!(surprises.is_empty(), "{} surprises\n{}", surprises.len(), surprises.join("\n"));
    assert!(passed * 100 >= concern * 95, "fewer than 95 of 100 cases pass");
}

fn clipped(text: &str) -> String {
    text.chars().take(1500).collect()
}

#[test]
fn a_server_reads_what_clients_send() {
    judge("input", known::INPUT, inputs::run);
}

/// Older cases of botocore's own, from before Smithy. Their output side is about what a client
/// does with members, headers and errors that no model has, and is not run.
#[test]
fn a_server_reads_what_old_clients_send() {
    judge("legacy/input", known::OLD_INPUT, inputs::run);
}

#[test]
fn a_server_writes_what_clients_read() {
    judge("output", known::OUTPUT, outputs::run);
}
