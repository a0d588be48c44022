//! The boundary between what a region decides and what only reality can tell: the `World` trait,
//! the physical things it holds, its events, its faults and its time. No AWS word below this line.

mod balancer;
mod courier;
mod event;
mod fault;
mod id;
mod journal;
mod machine;
mod names;
mod network;
mod report;
mod thing;
mod time;

pub use balancer::{
    Action, Backend, Balancer, Certificate, Check, Choice, Condition, Desync, Forwarded, Listener,
    Manners, Pool, Question, Rule, Secret, Speech, Sticky, Target, traffic,
};
pub use courier::{Courier, Letter};
pub use event::{Answer, Event, Request, Ticket};
pub use fault::Fault;
pub use id::{EDGE, Id, Zone};
pub use ipnet::Ipv4Net;
pub use journal::Journal;
pub use machine::{Card, Guest, Machine, Program, Size, Slot};
pub use names::{
    CITIES, INTERNET_RESOLVER, Look, LookAt, NAME_SERVERS, NameAnswer, NameChoice, NameRecord,
    NameZone, Names, Resolver,
};
pub use network::{
    Address, Filter, Group, Icmp, Ladder, Pass, Peer, Plug, Port, Route, Router, Rung, Segment,
    Traffic, Via, Way,
};
pub use report::{Amount, Findings, Outcome, Probe, Usage, gauge};
pub use thing::{Disk, Form, Found, Health, Kind, Snapshot, Source, Thing};
pub use time::{Span, Time};

/// Everything that a region cannot decide for itself.
///
/// The Linux world and the simulated world both implement it and both pass `world/contract`;
/// nothing above can tell which one it is in.
pub trait World {
    /// Wall time, microseconds since 1970 UTC. Never goes back.
    fn now(&self) -> Time;

    /// Sixty-four random bits; from the seed in the simulated world.
    fn chance(&mut self) -> u64;

    /// Makes `thing` exist under `id`, or become like this where it already exists.
    ///
    /// Idempotent, returns at once; progress arrives as [`Event::News`]. Order does not matter: a
    /// port may be ensured before its segment, and waits for it.
    fn ensure(&mut self, id: &Id, thing: &Thing);

    /// Makes `id` cease to exist. Idempotent; [`Event::Gone`] follows when nothing of it is left.
    fn remove(&mut self, id: &Id);

    /// What exists now, read from reality and not from memory: what a restarted region adopts.
    fn inventory(&mut self) -> Vec<Found>;

    /// How many times shorter than AWS's own the waits of this world's region are; 1 or more. Also
    /// the spans of [`Usage`]: a minute, so many times shorter.
    fn pace(&self) -> u32 {
        1
    }

    /// What a machine has written to its console since it booted; the newest 64 KiB at most.
    fn console(&mut self, machine: &Id) -> Vec<u8>;

    /// The one log on which everything acknowledged rests.
    fn journal(&mut self) -> &mut dyn Journal;

    /// Sends the answer to a request that came as [`Event::Request`].
    fn answer(&mut self, ticket: Ticket, answer: Answer);

    /// Breaks something. Faults add up until each is healed.
    fn inject(&mut self, fault: Fault);

    /// Ends a fault that was injected with an equal value.
    fn heal(&mut self, fault: &Fault);

    /// The next event; [`Event::Time`] when `until` comes first. With `until` in the past it
    /// returns what is already waiting, and never sleeps.
    fn next(&mut self, until: Time) -> Event;
}
