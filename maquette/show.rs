//! `status`, `env`, `log` and `az`: what a person asks to see or to break.

use crate::cli::Az;
use crate::client::Client;
use crate::trouble::Trouble;
use crate::up::pace_in_words;
use linux::{Doors, State};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// What runs.
pub(crate) fn status(state: &State, as_json: bool) -> Result<(), Trouble> {
    let client = Client::of(state)?;
    let mut status = client.get("status")?;
    let health = client.get("health")?;
    let running = client.running();
    status["control_plane"] = json!({
        "pid": running.control.pid,
        "started": running.control.started,
        "port": running.port,
        "pace": running.pace,
        "health": health,
    });
    status["state"] = json!(state.root());
    let doors = Doors::read(state.root());
    status["doors"] = json!({ "dns": doors.dns, "http": doors.http, "https": doors.https });
    if as_json {
        println!("{status:#}");
        return Ok(());
    }
    println!("control plane  process {}, http://127.0.0.1:{}", running.control.pid, running.port);
    println!("health         {}", text(&health["status"]));
    println!("pace           {}", pace_in_words(running.pace));
    if let Some(port) = doors.dns {
        println!("name server    127.0.0.1:{port}, UDP and TCP: dig @127.0.0.1 -p {port} NAME");
    }
    if let Some(port) = doors.http {
        println!("web            http://127.0.0.1:{port}, by Host: curl -H 'Host: NAME' ...");
    }
    if let Some(port) = doors.https {
        println!("web, TLS       https://127.0.0.1:{port}, by server name");
    }
    println!("state          {}", state.root().display());
    let empty = Vec::new();
    let machines = status["machines"].as_array().unwrap_or(&empty);
    println!("machines       {}", machines.len());
    for machine in machines {
        let address = &machine["addresses"][0];
        println!(
            "  {:<21} {:<16} {:<12} {:<15} {}",
            text(&machine["id"]),
            text(&machine["zone"]),
            text(&machine["health"]),
            text(&address["private"]),
            text(&address["public"]),
        );
    }
    Ok(())
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or("-")
}

/// Exports for a shell.
pub(crate) fn env(state: &State) -> Result<(), Trouble> {
    let client = Client::of(state)?;
    println!("export AWS_ENDPOINT_URL=http://127.0.0.1:{}", client.running().port);
    println!("export AWS_ACCESS_KEY_ID=test");
    println!("export AWS_SECRET_ACCESS_KEY=test");
    println!("export AWS_DEFAULT_REGION={}", region::zone::HOME);
    println!("export AWS_REGION={}", region::zone::HOME);
    println!("export AWS_EC2_METADATA_DISABLED=true");
    let doors = Doors::read(state.root());
    if let Some(port) = doors.dns {
        println!("export MAQUETTE_DNS_PORT={port}");
    }
    if let Some(port) = doors.http {
        println!("export MAQUETTE_HTTP_PORT={port}");
    }
    println!("unset AWS_SESSION_TOKEN AWS_PROFILE");
    println!("# aws CLI version 1 ignores AWS_ENDPOINT_URL for sqs, rds and some others:");
    println!("# give it --endpoint-url \"$AWS_ENDPOINT_URL\" there.");
    Ok(())
}

/// What happened and why.
pub(crate) fn log(state: &State, follow: bool) -> Result<(), Trouble> {
    let client = Client::of(state)?;
    if client.running().pace > 1 {
        eprintln!("pace {}", pace_in_words(client.running().pace));
    }
    let mut next = 0;
    loop {
        let page = client.get(&format!("log?from={next}"))?;
        let empty = Vec::new();
        let lines = page["lines"].as_array().unwrap_or(&empty);
        for line in lines {
            let millis = line["millis"].as_i64().unwrap_or_default();
            let at = shape::Timestamp(millis).iso8601_millis();
            println!("{at} {}", text(&line["text"]));
            next = line["number"].as_u64().unwrap_or(next) + 1;
        }
        if lines.is_empty() {
            if !follow {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}

/// Zones.
pub(crate) fn az(state: &State, what: &Az) -> Result<(), Trouble> {
    let client = Client::of(state)?;
    let status = client.get("status")?;
    let empty = Vec::new();
    let zones = status["zones"].as_array().unwrap_or(&empty);
    let (zone, path) = match what {
        Az::List => {
            for zone in zones {
                println!("{:<18} {}", text(&zone["zone"]), text(&zone["state"]));
            }
            return Ok(());
        }
        Az::Fail { zone } => (zone, "inject"),
        Az::Heal { zone } => (zone, "heal"),
    };
    if !zones.iter().any(|known| known["zone"] == **zone) {
        return Err(Trouble::new(format!("no zone {zone}; see `maquette az list`")));
    }
    client.post(path, &json!({ "Dark": zone }))?;
    println!("{zone} is {}", if path == "inject" { "dark" } else { "available" });
    Ok(())
}
