//! `as`, `ssh`, `image` and `tour`: doing something at a place of the model.

use crate::cli::Image;
use crate::client::Client;
use crate::trouble::Trouble;
use linux::{Anchor, Place, State};
use std::path::Path;
use std::process::{Command, ExitCode};

/// Places live on while the control plane is away.
fn anchor(state: &State) -> Result<Anchor, Trouble> {
    Anchor::present(state).ok_or_else(|| Trouble::not_running(state.root()))
}

/// Runs a command on the internet or inside an instance, and ends with its exit code.
pub(crate) fn run(state: &State, at: &str, command: &[String]) -> Result<ExitCode, Trouble> {
    let place = match at {
        "internet" => Place::Internet,
        machine if machine.starts_with("i-") => Place::Machine(machine.into()),
        other => match linux::city(other) {
            Some(city) => Place::City(city.name.to_owned()),
            None => {
                let message = format!(
                    "no place {other}: say `internet`, a city (seoul, paris, n-virginia) or an \
                     instance id (i-…)"
                );
                return Err(Trouble::new(message));
            }
        },
    };
    let code = linux::run_at(state, &anchor(state)?, &place, command).map_err(Trouble::new)?;
    Ok(ExitCode::from(code))
}

/// A shell in an instance.
pub(crate) fn ssh(state: &State, machine: &str, command: &[String]) -> Result<ExitCode, Trouble> {
    let shell = ["/bin/bash".to_owned(), "-l".to_owned()];
    run(state, machine, if command.is_empty() { &shell } else { command })
}

/// Images from elsewhere become AMIs: unpacked here, registered through the API as any other.
pub(crate) fn image(state: &State, what: &Image) -> Result<(), Trouble> {
    let Image::Import { path, name } = what;
    let client = Client::of(state)?;
    eprintln!("Unpacking {} …", path.display());
    linux::import_image(state, path, name).map_err(Trouble::new)?;
    let body = format!(
        "Action=RegisterImage&Version=2016-11-15&Name={name}&ImageLocation=maquette%2F{name}\
         &Architecture=x86_64&VirtualizationType=hvm&RootDeviceName=%2Fdev%2Fxvda"
    );
    let answer = client.ec2(&body)?;
    let id = answer.split("<imageId>").nth(1).and_then(|rest| rest.split('<').next());
    println!("{}", id.unwrap_or_default());
    Ok(())
}

/// The stories that can be toured: name, and the files that play them.
const TOURS: &[(&str, &[(&str, &str)])] = &[(
    "whatisthetime",
    &[
        ("tour.sh", include_str!("../examples/whatisthetime/tour.sh")),
        ("stages.sh", include_str!("../examples/whatisthetime/stages.sh")),
        ("names.sh", include_str!("../examples/whatisthetime/names.sh")),
        ("balancer.sh", include_str!("../examples/whatisthetime/balancer.sh")),
        ("scaling.sh", include_str!("../examples/whatisthetime/scaling.sh")),
        ("bill.sh", include_str!("../examples/whatisthetime/bill.sh")),
        ("bill.py", include_str!("../examples/whatisthetime/bill.py")),
        ("timeserver.sh", include_str!("../examples/whatisthetime/timeserver.sh")),
    ],
)];

/// Plays a story against the region that runs here.
pub(crate) fn tour(state: &State, name: &str) -> Result<ExitCode, Trouble> {
    let names: Vec<&str> = TOURS.iter().map(|(name, _)| *name).collect();
    let (_, files) = TOURS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| Trouble::new(format!("no tour {name}; there is: {}", names.join(", "))))?;
    let port = Client::of(state)?.running().port;
    let folder = state.root().join("tour").join(name);
    std::fs::create_dir_all(&folder)?;
    for (file, text) in *files {
        std::fs::write(folder.join(file), text)?;
    }
    let status = Command::new("bash")
        .arg(folder.join("tour.sh"))
        .env("MAQUETTE", std::env::current_exe()?)
        .env("MAQUETTE_STATE", state.root())
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .status()
        .map_err(|error| Trouble::new(format!("bash: {error}; install it to play tours")))?;
    remove(&folder);
    Ok(ExitCode::from(status.code().and_then(|code| code.try_into().ok()).unwrap_or(1)))
}

fn remove(folder: &Path) {
    // What is left of a tour is a few small files; the next one writes them anew.
    let _ = std::fs::remove_dir_all(folder);
}
