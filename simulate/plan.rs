//! What day it shall be.

use sim::Curve;
use world::{Span, Time};

/// A day of traffic and of trouble.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// The region: `ap-northeast-2`.
    pub region: String,
    /// How long, from midnight on.
    pub hours: f64,
    /// Requests a second at four in the morning.
    pub least: f64,
    /// Requests a second at four in the afternoon, without a sale.
    pub peak: f64,
    /// A flash sale.
    pub sale: Option<Sale>,
    /// A zone that loses power.
    pub failure: Option<Failure>,
    /// The instances' type.
    pub instance_type: String,
    /// Instances at least and at most.
    pub fleet: (u32, u32),
    /// Average processor use that the group aims at, percent.
    pub target: f64,
    /// Processor time of one request.
    pub work: Span,
}

/// Everybody comes at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sale {
    /// When it begins, from midnight on.
    pub at: Span,
    /// Until the crowd is there, and until it is gone again.
    pub rise: Span,
    /// How long it stays.
    pub hold: Span,
    /// So many times the requests that there would be.
    pub factor: f64,
}

/// A zone without power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its letter: `b`.
    pub zone: String,
    /// When, from midnight on.
    pub at: Span,
    /// For how long.
    pub hold: Span,
}

impl Default for Plan {
    /// A day of three zones and, at its height, about fifty instances.
    fn default() -> Plan {
        let minutes = |minutes: u64| Span::seconds(minutes * 60);
        Plan {
            seed: 1,
            region: "ap-northeast-2".to_owned(),
            hours: 24.0,
            least: 150.0,
            peak: 1_000.0,
            sale: Some(Sale {
                at: minutes(20 * 60),
                rise: minutes(5),
                hold: minutes(30),
                factor: 4.0,
            }),
            failure: Some(Failure {
                zone: "b".to_owned(),
                at: minutes(15 * 60),
                hold: minutes(10),
            }),
            instance_type: "t3.small".to_owned(),
            fleet: (3, 60),
            target: 50.0,
            work: Span::millis(20),
        }
    }
}

impl Plan {
    /// Requests a second over time.
    pub(crate) fn curve(&self, midnight: Time) -> Curve {
        let day = Curve::day(midnight, self.hours, self.least, self.peak);
        match self.sale {
            Some(sale) => day.rush(sale.at, sale.rise, sale.hold, sale.rise, sale.factor),
            None => day,
        }
    }

    /// As many servers as the first hour needs, as a group that ran the day before would have: so
    /// many that all of them together are used as much as the target says.
    pub(crate) fn first_fleet(&self) -> u32 {
        // Burstable types of up to this size have two processors.
        const PROCESSORS: f64 = 2.0;
        let rate = self.curve(Time::PAST).at(Time::PAST);
        let each = PROCESSORS / (self.work.0 as f64 / 1e6) * self.target / 100.0;
        let (least, most) = self.fleet;
        ((rate / each).ceil() as u32).clamp(least, most)
    }

    /// What cannot be played, and why.
    ///
    /// # Errors
    /// A sentence for whoever wrote it.
    pub fn check(&self) -> Result<(), String> {
        let length = Span((self.hours * 3.6e9) as u64);
        if !(self.hours > 0.0 && self.hours <= 24.0 * 31.0) {
            return Err("a simulation lasts more than 0 and at most 744 hours".to_owned());
        }
        if !(self.peak.is_finite() && self.least >= 0.0 && self.peak >= self.least) {
            return Err("the peak is not less than the quietest hour".to_owned());
        }
        if let Some(failure) = &self.failure {
            if !matches!(failure.zone.as_str(), "a" | "b" | "c") {
                return Err(format!("there is no zone {}: a, b or c", failure.zone));
            }
            if failure.at >= length {
                return Err("the zone would fail after the end".to_owned());
            }
        }
        Ok(())
    }
}
