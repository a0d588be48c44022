//! The command line: what can be said, in one place. Help and completion derive from it.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// A working scale model of an AWS region on this machine.
#[derive(Debug, Parser)]
#[command(name = "maquette", version, arg_required_else_help = true)]
#[command(after_help = "Start with: maquette up --detach && eval \"$(maquette env)\"")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which region on this machine: several can run side by side.
#[derive(Debug, Clone, Args)]
pub(crate) struct Where {
    /// The region's state directory [default: maquette below $XDG_STATE_HOME or ~/.local/state]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the region; what ran before runs again
    Up {
        #[command(flatten)]
        place: Where,
        /// Return as soon as the API answers, and leave the region running
        #[arg(long)]
        detach: bool,
        /// The API's port on 127.0.0.1
        #[arg(long, default_value_t = 4566)]
        port: u16,
        /// Make AWS's own waits (cooldowns, alarm periods, health checks) so many times shorter
        /// [default: 1]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3600))]
        pace: Option<u32>,
    },
    /// Stop the region: control plane, instances, networks. Disks and records stay
    Down {
        #[command(flatten)]
        place: Where,
    },
    /// What runs: control plane, zones, machines
    Status {
        #[command(flatten)]
        place: Where,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the exports that point the aws CLI and the SDKs here: eval "$(maquette env)"
    Env {
        #[command(flatten)]
        place: Where,
    },
    /// Look at this machine: which promises hold here, and what is missing for the others
    Doctor {
        #[command(flatten)]
        place: Where,
    },
    /// Stop the region and delete everything in its state directory
    Reset {
        #[command(flatten)]
        place: Where,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Open a shell in an instance, as its SSH would
    Ssh {
        #[command(flatten)]
        place: Where,
        /// The instance
        instance: String,
        /// A command instead of a shell
        #[arg(last = true)]
        command: Vec<String>,
    },
    /// Run a command at a place of the model: `internet`, a city, or inside an instance
    As {
        #[command(flatten)]
        place: Where,
        /// `internet`, a city (seoul, tokyo, paris, n-virginia, ...) or an instance id
        at: String,
        /// The command and its arguments, after --
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Send requests from a place of the model, and watch what comes of them
    Load {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        what: Load,
    },
    /// The hands of `load`, at its place
    #[command(hide = true)]
    LoadHere {
        #[command(flatten)]
        what: Load,
    },
    /// What happened and why, plan by plan
    Log {
        #[command(flatten)]
        place: Where,
        /// Go on printing what happens
        #[arg(long, short)]
        follow: bool,
    },
    /// Availability Zones: list them, let one fail, heal it
    Az {
        #[command(flatten)]
        place: Where,
        #[command(subcommand)]
        what: Az,
    },
    /// Machine images from elsewhere
    Image {
        #[command(flatten)]
        place: Where,
        #[command(subcommand)]
        what: Image,
    },
    /// The certificate of the region's own authority, which signs what ACM issues
    Trust {
        #[command(flatten)]
        place: Where,
        /// Write this file: the certificates that this machine trusts, and the region's own
        #[arg(long, value_name = "FILE")]
        bundle: Option<PathBuf>,
    },
    /// Play a story, with explanations
    Tour {
        #[command(flatten)]
        place: Where,
        /// Its name, as under examples/
        name: String,
    },
    /// Play a day of a web site in virtual time: a crowd, a dark zone, and what they cost
    Simulate {
        #[command(flatten)]
        day: crate::simulate::Day,
    },
    /// Operations that are served and refused, as Markdown (DIFFERENCES.md is this)
    #[command(hide = true)]
    Differences,
    /// The control plane itself
    #[command(hide = true)]
    Control {
        #[command(flatten)]
        place: Where,
        #[arg(long)]
        port: u16,
    },
    /// The process that keeps the region's namespaces
    #[command(hide = true)]
    Anchor {
        #[command(flatten)]
        place: Where,
    },
    /// The process of a node: a balancer's, a name server's
    #[command(hide = true)]
    Node {
        /// Its name, for whoever looks at processes
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// The process that supervises one zone
    #[command(hide = true)]
    Zone {
        /// Its words are the zone process's own
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
}

/// A load and from where it comes.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct Load {
    /// http://NAME/PATH
    pub(crate) url: String,
    /// Requests a second; several, separated by commas, follow each other in equal parts
    #[arg(long, default_value = "20")]
    pub(crate) rate: String,
    /// Where the clients are: `internet`, or a city (its latency to the region applies)
    #[arg(long, default_value = "internet")]
    pub(crate) from: String,
    /// For how long: 30s, 2m
    #[arg(long, default_value = "30s")]
    pub(crate) duration: String,
    /// A connection may take so long before the name's next address is tried
    #[arg(long, default_value = "1s")]
    pub(crate) connect: String,
    /// A request may take so long
    #[arg(long, default_value = "5s")]
    pub(crate) timeout: String,
    /// Answers are counted by this header too
    #[arg(long, value_name = "HEADER", default_values = ["X-Zone", "X-Instance"])]
    pub(crate) by: Vec<String>,
    /// Clients that take one address of a name and try no other
    #[arg(long)]
    pub(crate) one_address: bool,
    /// Print the result as JSON, and no picture
    #[arg(long)]
    pub(crate) json: bool,
    /// The region's pace, for who is told the result
    #[arg(long, hide = true, default_value_t = 1)]
    pub(crate) pace: u32,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Az {
    /// All zones and how they are
    List,
    /// A zone loses power: its machines and its links, at once
    Fail {
        /// us-east-1a
        zone: String,
    },
    /// Power is back
    Heal {
        /// us-east-1a
        zone: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Image {
    /// Make an AMI of a root file system: a directory, a tar archive, or an OCI archive
    Import {
        /// What to read
        path: PathBuf,
        /// What to call it
        #[arg(long)]
        name: String,
    },
}
