//! The journal's file as a disk would keep it: what is durable, what a crash may tear.

use crate::dice::Dice;

/// The log: its live generation, and older ones while they may still come back.
#[derive(Debug)]
pub(crate) struct Log {
    /// Never empty. The first is on disk for certain, the last is the live one; a crash leaves any
    /// one of them.
    generations: Vec<Generation>,
    last_mark: u64,
    last_generation: u64,
    /// Marks asked for since the last sync began.
    waiting: Option<Extent>,
    /// The sync that is under way.
    running: Option<Extent>,
    /// After a failed append nothing may follow: it would leave a hole.
    pub(crate) stuck: bool,
}

#[derive(Debug)]
struct Generation {
    number: u64,
    bytes: Vec<u8>,
    /// How many bytes survive if this generation does: what was synced, or replaced as a whole.
    firm: usize,
}

/// What a sync will have made durable.
#[derive(Debug, Clone, Copy)]
struct Extent {
    mark: u64,
    generation: u64,
    length: usize,
}

impl Default for Log {
    fn default() -> Self {
        Log {
            generations: vec![Generation { number: 0, bytes: Vec::new(), firm: 0 }],
            last_mark: 0,
            last_generation: 0,
            waiting: None,
            running: None,
            stuck: false,
        }
    }
}

impl Log {
    fn live(&mut self) -> &mut Generation {
        self.generations.last_mut().expect("never empty")
    }

    pub(crate) fn read(&mut self) -> Vec<u8> {
        self.live().bytes.clone()
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.live().bytes.extend_from_slice(bytes);
    }

    pub(crate) fn replace(&mut self, bytes: Vec<u8>) {
        self.last_generation += 1;
        let firm = bytes.len();
        self.generations.push(Generation { number: self.last_generation, bytes, firm });
    }

    pub(crate) fn cut(&mut self, length: u64) {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let live = self.live();
        live.bytes.truncate(length);
        live.firm = live.firm.min(live.bytes.len());
    }

    /// A mark for everything so far. True when a sync has to be begun now. A mark that is asked
    /// for behind a hole never comes.
    pub(crate) fn sync(&mut self) -> (u64, bool) {
        self.last_mark += 1;
        let mark = self.last_mark;
        if self.stuck {
            return (mark, false);
        }
        let live = self.live();
        self.waiting = Some(Extent { mark, generation: live.number, length: live.bytes.len() });
        (mark, self.begin())
    }

    /// Begins the sync that waits, if none is under way.
    pub(crate) fn begin(&mut self) -> bool {
        if self.running.is_some() || self.waiting.is_none() {
            return false;
        }
        self.running = self.waiting.take();
        true
    }

    /// The sync under way is done: its mark.
    pub(crate) fn synced(&mut self) -> Option<u64> {
        let extent = self.running.take()?;
        self.generations.retain(|generation| generation.number >= extent.generation);
        let first = self.generations.first_mut().expect("the live one is never older");
        if first.number == extent.generation {
            first.firm = first.firm.max(extent.length.min(first.bytes.len()));
        }
        Some(extent.mark)
    }

    /// What a crash leaves: one generation, all of it that is firm, some of what is not.
    pub(crate) fn crash(&mut self, dice: &mut Dice) {
        let chosen = dice.up_to(self.generations.len() as u64 - 1) as usize;
        let mut left = self.generations.swap_remove(chosen);
        let loose = (left.bytes.len() - left.firm) as u64;
        left.bytes.truncate(left.firm + dice.up_to(loose) as usize);
        left.firm = left.bytes.len();
        self.generations = vec![left];
        self.waiting = None;
        self.running = None;
        self.stuck = false;
    }
}
