//! What counts as well: thresholds of one checker, agreement of several, and checks made of
//! checks. Pure.

use std::collections::BTreeMap;
use world::{Id, Look, LookAt, Outcome};

/// More than so many hundredths of the checkers must find it well (Developer Guide, "How Route 53
/// determines whether a health check is healthy").
pub const QUORUM_PERCENT: usize = 18;
/// Checks of checks of checks end here.
const DEEPEST: u32 = 8;

/// What one checker thinks, from what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// None before the first look.
    pub well: Option<bool>,
    /// What the last look saw.
    pub outcome: Outcome,
    /// So many looks in a row contradicted `well`.
    against: u32,
}

impl Default for Verdict {
    fn default() -> Self {
        Verdict { well: None, outcome: Outcome::Nothing, against: 0 }
    }
}

impl Verdict {
    /// One that goes on with what was thought before.
    pub fn after(well: Option<bool>) -> Verdict {
        Verdict { well, ..Verdict::default() }
    }

    /// Takes in one look. `threshold` looks in a row must agree to change what is thought; only a
    /// first good one counts at once, as what is not known counts as well anyway. Whether `well`
    /// changed.
    pub fn saw(&mut self, outcome: Outcome, threshold: u32) -> bool {
        let good = outcome == Outcome::Good;
        self.outcome = outcome;
        let before = self.well;
        match self.well {
            None if good => {
                self.well = Some(true);
                self.against = 0;
            }
            Some(well) if well == good => self.against = 0,
            _ => {
                self.against += 1;
                if self.against >= threshold.max(1) {
                    self.well = Some(good);
                    self.against = 0;
                }
            }
        }
        before != self.well
    }
}

/// What all checkers together think; one that does not know yet is for well. None: none knows.
pub fn agree(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let (mut well, mut all, mut known) = (0, 0, false);
    for verdict in verdicts {
        all += 1;
        well += usize::from(verdict.unwrap_or(true));
        known |= verdict.is_some();
    }
    known.then(|| well * 100 > QUORUM_PERCENT * all)
}

/// What each check says, inversion applied; `found` is what the checkers of an endpoint think.
/// None: nothing is known, and [`counts`] says what that counts as.
pub fn judge(
    checks: &BTreeMap<Id, Look>,
    found: &dyn Fn(&Id) -> Option<bool>,
) -> BTreeMap<Id, Option<bool>> {
    checks.keys().map(|id| (id.clone(), one(checks, found, id, 0))).collect()
}

/// What a check that says this counts as: what is not known is well, and inverted unwell.
pub fn counts(look: &Look, says: Option<bool>) -> bool {
    says.unwrap_or(!look.inverted)
}

fn one(
    checks: &BTreeMap<Id, Look>,
    found: &dyn Fn(&Id) -> Option<bool>,
    id: &Id,
    depth: u32,
) -> Option<bool> {
    let look = checks.get(id).filter(|_| depth < DEEPEST)?;
    let straight = match &look.at {
        _ if look.disabled => Some(true),
        LookAt::Endpoint { .. } => found(id),
        LookAt::Told(told) => *told,
        LookAt::Calculated { least, of } => {
            let well = |id: &&Id| match checks.get(*id) {
                Some(look) => counts(look, one(checks, found, id, depth + 1)),
                None => true,
            };
            Some(of.iter().filter(well).count() >= *least as usize)
        }
    };
    straight.map(|well| well != look.inverted)
}
