//! The commands around the closed loop: a pace that lasts, loads from cities, the region's own
//! authority, and a day in virtual time.

mod live;

use exam::{Said, Subject};
use live::{Calls, eventually, launch, text};
use serde_json::{Value as Json, json};
use std::fs;

/// A server that says where it is, on port 80.
const SERVER: &str = "#!/bin/bash
cat > /root/server.py <<'END'
import http.server
class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', '2')
        self.send_header('X-Zone', 'here')
        self.end_headers()
        self.wfile.write(b'hi')
http.server.ThreadingHTTPServer(('', 80), Hello).serve_forever()
END
setsid python3 /root/server.py &
";

fn load(subject: &Subject, url: &str, from: &str) -> (Said, Json) {
    let words = ["load", url, "--from", from, "--rate", "20", "--duration", "2s", "--json"];
    let said = subject.maquette(&words);
    let report = serde_json::from_str(&said.out).unwrap_or(Json::Null);
    (said, report)
}

#[test]
fn loads_come_from_cities_with_their_latency() {
    let subject = Subject::up("load");
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    let groups = calls.ec2("DescribeSecurityGroups", json!({}));
    let group = text(&groups["SecurityGroups"][0]["GroupId"]);
    let open = json!({"GroupId": group, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80,
        "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
    calls.ec2("AuthorizeSecurityGroupIngress", open);
    let id = launch(&mut calls, &image, &json!({"UserData": SERVER}));
    let address = text(&calls.in_state(&id, "running")["PublicIpAddress"]);
    let url = format!("http://{address}/");
    eventually(&subject, &["as", "internet", "--", "curl", "-sf", &url]);
    let (near, here) = load(&subject, &url, "seoul");
    assert_eq!((near.code, &here["good"]), (0, &json!(40)), "{near:?}");
    assert_eq!(here["answered_by"][0]["here"], 40, "{here}");
    let (far, there) = load(&subject, &url, "n-virginia");
    assert_eq!((far.code, &there["good"]), (0, &json!(40)), "{far:?}");
    let median = |report: &Json| report["p50_ms"].as_f64().expect("a number");
    // Some 11,000 km of fibre, there and back.
    assert!(median(&there) > median(&here) + 80.0, "{here} {there}");
    let (nobody, _) = load(&subject, "http://203.0.113.254/", "internet");
    assert_eq!(nobody.code, 1, "{nobody:?}");
    let (wrong, _) = load(&subject, "https://a.example/", "internet");
    assert!(wrong.code != 0 && wrong.err.contains("only http://"), "{wrong:?}");
    let (nowhere, _) = load(&subject, &url, "atlantis");
    assert!(nowhere.code != 0 && nowhere.err.contains("no place atlantis"), "{nowhere:?}");
    subject.finish();
}

/// `trust` in the region of the test's clients.
fn trust(subject: &Subject, words: &[&str]) -> Said {
    let mut command = subject.command();
    command.arg("trust").args(words).arg("--state").arg(&subject.root);
    command.env("AWS_DEFAULT_REGION", "ap-northeast-2").output().expect("it runs").into()
}

#[test]
fn the_authority_can_be_trusted_and_a_pace_lasts() {
    let mut subject = Subject::new("trust");
    subject.pace = 30;
    subject.start();
    let nothing = trust(&subject, &[]);
    assert!(nothing.code != 0 && nothing.err.contains("request-certificate"), "{nothing:?}");
    let mut calls = Calls::of(&subject);
    let asked = json!({"DomainName": "www.example.com", "ValidationMethod": "DNS"});
    let arn = text(&calls.call("acm", "RequestCertificate", asked)["CertificateArn"]);
    live::until("the certificate is issued", 20, || {
        let shown = calls.call("acm", "DescribeCertificate", json!({"CertificateArn": arn}));
        (shown["Certificate"]["Status"] == "ISSUED").then_some(())
    });
    let said = trust(&subject, &[]);
    assert!(said.out.starts_with("-----BEGIN CERTIFICATE-----"), "{said:?}");
    let bundle = subject.root.join("bundle.pem");
    let said = trust(&subject, &["--bundle", &bundle.display().to_string()]);
    assert_eq!(said.code, 0, "{said:?}");
    let written = fs::read_to_string(&bundle).expect("it was written");
    assert!(written.matches("BEGIN CERTIFICATE").count() >= 1 && said.out.contains("export "));
    fs::remove_file(bundle).expect("it is ours");
    // A control plane that is started again after a crash keeps the pace.
    subject.kill();
    let port = subject.port.to_string();
    let said = subject.maquette(&["up", "--detach", "--port", &port]);
    assert!(said.out.contains("pace 30"), "{said:?}");
    assert_eq!(subject.status()["control_plane"]["pace"], 30);
    subject.finish();
}

#[test]
fn a_day_is_simulated_and_drawn() {
    let subject = Subject::new("simulate");
    let folder = exam::scratch("day");
    let picture = folder.join("day.svg");
    let path = picture.display().to_string();
    let words = ["simulate", "--hours", "3", "--at", "1h", "--sale", "none", "--svg", &path];
    let mut command = subject.command();
    let output = command.args(words).output().expect("it runs");
    let said: Said = output.into();
    assert_eq!(said.code, 0, "{said:?}");
    for line in ["success", "zone b dark", "instance hours", "simulated"] {
        assert!(said.out.contains(line), "no {line} in {}", said.out);
    }
    let drawn = fs::read_to_string(&picture).expect("it was drawn");
    assert!(drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"));
    fs::remove_dir_all(folder).expect("it is ours");
}
