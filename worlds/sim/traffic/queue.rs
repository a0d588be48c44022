//! One machine as a queue: what it can do in a second, how long requests wait, and what is too
//! much for it. A fluid that piles up, with the spread of a queue of several processors.

/// Chances at which latencies are noted, and the part of all requests that each stands for.
pub(super) const POINTS: [(f64, f64); 5] =
    [(0.25, 0.5), (0.7, 0.4), (0.945, 0.09), (0.9945, 0.009), (0.9995, 0.001)];

/// Nearer to full use than this the closed form knows no end; the pile says the rest.
const FULL: f64 = 0.98;

/// What one second of work in a machine means to requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queue {
    /// Processors, as many as can work at the same time.
    servers: f64,
    /// Seconds that one of them needs for one request.
    need: f64,
    /// Seconds that a request takes beside that.
    beside: f64,
    /// Seconds until whoever asked gives up.
    patience: f64,
}

/// What happened in one step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Served {
    /// Requests that were answered in time.
    pub(super) good: f64,
    /// Requests that waited too long.
    pub(super) late: f64,
    /// Seconds, at each of [`POINTS`].
    pub(super) seconds: [f64; 5],
}

impl Queue {
    pub(super) fn new(millicpus: u32, work: f64, beside: f64, patience: f64) -> Queue {
        let processors = (f64::from(millicpus) / 1000.0).max(0.001);
        let servers = processors.floor().max(1.0);
        Queue { servers, need: work * servers / processors, beside, patience }
    }

    /// Requests a second.
    pub(super) fn capacity(&self) -> f64 {
        self.servers / self.need.max(1e-9)
    }

    /// Requests that arrive within `span` seconds on top of `pile`, which becomes what is left.
    pub(super) fn serve(&self, arrive: f64, pile: &mut f64, span: f64) -> Served {
        let able = self.capacity() * span;
        let there = *pile + arrive;
        let done = there.min(able);
        let left = there - done;
        // Who would wait longer than they have patience for gives up.
        let room = (self.patience - self.beside - self.need).max(0.0) * self.capacity();
        let late = (left - room).max(0.0);
        let before = *pile;
        *pile = left - late;
        let load = (arrive / able).min(FULL);
        let pile_wait = (before + *pile) / 2.0 / self.capacity();
        let busy = load.powf((2.0 * (self.servers + 1.0)).sqrt() - 1.0);
        let mean = self.need / (self.servers * (1.0 - load));
        let seconds = POINTS.map(|(chance, _)| {
            let wait = if busy > 1.0 - chance { mean * (busy / (1.0 - chance)).ln() } else { 0.0 };
            (self.beside + self.need + wait + pile_wait).min(self.patience)
        });
        Served { good: done, late, seconds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two processors, 10 ms of work, 20 ms beside, 2 s of patience: 200 requests a second.
    fn queue() -> Queue {
        Queue::new(2000, 0.010, 0.020, 2.0)
    }

    #[test]
    fn a_quiet_machine_answers_at_once() {
        let mut pile = 0.0;
        let served = queue().serve(20.0, &mut pile, 1.0);
        assert_eq!((served.good, served.late, pile), (20.0, 0.0, 0.0));
        assert!((served.seconds[0] - 0.030).abs() < 1e-9);
    }

    #[test]
    fn waits_grow_with_use() {
        let p99 = |rate: f64| queue().serve(rate, &mut 0.0, 1.0).seconds[3];
        let waits = [50.0, 100.0, 150.0, 190.0].map(p99);
        assert!(waits.is_sorted() && waits[3] > 3.0 * waits[0], "{waits:?}");
    }

    #[test]
    fn too_much_piles_up_and_then_fails() {
        let (queue, mut pile) = (queue(), 0.0);
        let first = queue.serve(300.0, &mut pile, 1.0);
        assert_eq!((first.good, first.late, pile), (200.0, 0.0, 100.0));
        let mut late = 0.0;
        for _ in 0..20 {
            late = queue.serve(300.0, &mut pile, 1.0).late;
        }
        assert!((late - 100.0).abs() < 1e-6, "{late}");
        let served = queue.serve(0.0, &mut pile, 1.0);
        assert!(served.seconds[0] > 1.0, "who waits has waited long: {:?}", served.seconds);
        for _ in 0..3 {
            queue.serve(0.0, &mut pile, 1.0);
        }
        assert_eq!(pile, 0.0);
    }

    #[test]
    fn half_a_processor_is_half_as_fast() {
        let queue = Queue::new(500, 0.010, 0.0, 2.0);
        assert!((queue.capacity() - 50.0).abs() < 1e-9);
    }
}
