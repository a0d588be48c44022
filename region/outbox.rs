//! What may leave only after the journal holds what it rests on: answers and orders, in order.

use std::collections::VecDeque;
use world::{Answer, Id, Thing, Ticket, World};

/// Something for the world.
pub(crate) enum Out {
    /// An answer to a client.
    Answer(Ticket, Answer),
    /// A thing shall be.
    Ensure(Id, Box<Thing>),
    /// A thing shall not be.
    Remove(Id),
}

/// Holds back what rests on bytes that are not yet durable. One sync serves all that wait for it.
#[derive(Default)]
pub(crate) struct Outbox {
    current: Vec<Out>,
    waiting: VecDeque<(u64, Vec<Out>)>,
}

impl Outbox {
    pub(crate) fn push(&mut self, out: Out) {
        self.current.push(out);
    }

    /// Ends a turn. `mark`: the sync that was asked for, when anything was appended. Without one,
    /// what this turn says may still rest on what earlier turns appended, and waits for that.
    pub(crate) fn flush(&mut self, world: &mut dyn World, mark: Option<u64>) {
        let current = std::mem::take(&mut self.current);
        match (mark, self.waiting.back_mut()) {
            (Some(mark), _) => self.waiting.push_back((mark, current)),
            (None, Some((_, last))) => last.extend(current),
            (None, None) => emit(world, current),
        }
    }

    /// Everything up to `mark` is durable.
    pub(crate) fn synced(&mut self, world: &mut dyn World, mark: u64) {
        while self.waiting.front().is_some_and(|(waits_for, _)| *waits_for <= mark) {
            if let Some((_, batch)) = self.waiting.pop_front() {
                emit(world, batch);
            }
        }
    }

    /// The journal cannot be written: what waits for it is not acknowledged, and clients may try
    /// again. Orders are kept until the journal is whole again.
    pub(crate) fn fail(&mut self, world: &mut dyn World) {
        let waiting = self.waiting.drain(..).flat_map(|(_, batch)| batch);
        for out in waiting.chain(std::mem::take(&mut self.current)).collect::<Vec<_>>() {
            match out {
                Out::Answer(ticket, _) => {
                    world.answer(ticket, Answer { status: 500, ..Answer::default() });
                }
                order => self.current.push(order),
            }
        }
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.current.is_empty() && self.waiting.is_empty()
    }
}

fn emit(world: &mut dyn World, batch: Vec<Out>) {
    for out in batch {
        match out {
            Out::Answer(ticket, answer) => world.answer(ticket, answer),
            Out::Ensure(id, thing) => world.ensure(&id, &thing),
            Out::Remove(id) => world.remove(&id),
        }
    }
}
