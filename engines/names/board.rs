//! What the answering threads see: the newest zones and health, swapped whole.

use crate::book::Book;
use crate::places::City;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Zones and health at one moment.
#[derive(Debug, Default)]
pub struct Sight {
    /// The zones.
    pub book: Arc<Book>,
    /// From [`Book::wells`].
    pub wells: Vec<bool>,
    /// Where those who belong to no city are taken to be.
    pub home: Option<&'static City>,
}

/// Where the newest sight hangs.
#[derive(Debug, Default)]
pub(crate) struct Board {
    sight: Mutex<Arc<Sight>>,
    turn: AtomicU64,
    answers: AtomicU64,
}

impl Board {
    /// Answers given so far.
    pub fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }

    pub fn hang(&self, sight: Sight) {
        *self.sight.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(sight);
        self.turn.fetch_add(1, Ordering::Release);
    }

    pub fn sight(&self) -> Arc<Sight> {
        self.sight.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One thread's eye on the board: looks without a lock while nothing changed.
pub(crate) struct Eye {
    board: Arc<Board>,
    seen: u64,
    sight: Arc<Sight>,
}

impl Eye {
    pub fn new(board: &Arc<Board>) -> Eye {
        let seen = board.turn.load(Ordering::Acquire);
        Eye { board: board.clone(), seen, sight: board.sight() }
    }

    pub fn look(&mut self) -> &Sight {
        let turn = self.board.turn.load(Ordering::Acquire);
        if turn != self.seen {
            self.sight = self.board.sight();
            self.seen = turn;
        }
        &self.sight
    }

    pub fn answered(&self, count: u64) {
        self.board.answers.fetch_add(count, Ordering::Relaxed);
    }
}

/// Sixty-four bits at a time (xorshift*; Vigna 2016): who is answered what is no secret.
pub(crate) struct Dice(u64);

impl Dice {
    pub fn new() -> Dice {
        use std::hash::{BuildHasher, RandomState};
        Dice(RandomState::new().hash_one(0) | 1)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}
