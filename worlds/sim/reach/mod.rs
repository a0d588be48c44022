//! Where packets go: the reference model of routers, routes, groups, ladders and guards, as one
//! pure function over things. It knows no queue, no time and no broken link.

mod filter;
mod index;
mod packet;
mod path;
mod scene;

pub use packet::{Flow, From, Packet, Reach};
pub use scene::Scene;

/// Whether the first packet arrives, and at whom. Answers are not considered.
pub fn arrives(scene: &Scene, packet: &Packet) -> Reach {
    path::forward(scene, packet, false).reach
}

/// Whether the first packet arrives and an answer finds its way back: what a client notices.
/// Messages that have no answer (ICMP other than echo) only have to arrive.
pub fn reach(scene: &Scene, packet: &Packet) -> Reach {
    there_and_back(scene, packet, false)
}

/// Whether a conversation that began earlier goes on, seen from the one who began it: groups
/// remember it and no longer ask their rules; everything else still counts.
pub fn continues(scene: &Scene, packet: &Packet) -> Reach {
    there_and_back(scene, packet, true)
}

fn there_and_back(scene: &Scene, packet: &Packet, known: bool) -> Reach {
    let there = path::forward(scene, packet, known);
    match (&there.reach, packet.flow.answer()) {
        (Reach::Arrives(_) | Reach::Outside, Some(answer)) => {
            if path::back(scene, &there, answer) {
                there.reach
            } else {
                Reach::Dropped
            }
        }
        _ => there.reach,
    }
}
