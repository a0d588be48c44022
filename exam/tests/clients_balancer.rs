//! Balancers as unmodified clients meet them: aws CLI, curl with HTTP/2 and TLS, WebSocket, gRPC,
//! TCP and UDP; application, network and classic.

use exam::{Said, Subject};
use std::path::Path;

#[test]
fn every_client_is_served() {
    let subject = Subject::up("clients-balancer");
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients");
    let clients = clients.canonicalize().expect("test.sh installs the clients");
    let mut command = subject.client("timeout");
    command.args(["240", "bash"]).arg(here.join("balancer.sh"));
    command.env("HERE", here).env("CLIENTS", clients);
    command.env("MAQUETTE", subject.command().get_program());
    command.env("MAQUETTE_STATE", &subject.root);
    let said: Said = command.output().expect("coreutils are here").into();
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    for line in [
        "WebSocket echoes",
        "gRPC echoes",
        "gRPC trailers arrive",
        "STREAM echoes, and the target saw its client",
        "DGRAM echoes, and the target saw its client",
        "every client was served",
    ] {
        assert!(said.out.contains(line), "no {line:?} in {}", said.out);
    }
    subject.finish();
}
