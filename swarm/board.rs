//! Ids that customers tell each other, so that they use each other's things, also those of
//! accounts that are not their own.

use crate::customer::Scope;
use crate::dice::Dice;
use std::collections::BTreeMap;

/// So many ids of one prefix in one scope are kept, the newest.
const KEPT: usize = 12;

/// Ids by scope and prefix (`vpc`, `i`, ...).
#[derive(Debug, Default)]
pub struct Board {
    ids: BTreeMap<Scope, BTreeMap<String, Vec<String>>>,
}

impl Board {
    /// Tells an id.
    pub fn tell(&mut self, scope: &Scope, id: &str) {
        let prefix = id.split('-').next().unwrap_or_default().to_owned();
        let ids = self.ids.entry(scope.clone()).or_default().entry(prefix).or_default();
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
        if ids.len() > KEPT {
            ids.remove(0);
        }
    }

    /// Tells an id or name of a kind that has no prefix.
    pub fn learn(&mut self, scope: &Scope, kind: &str, id: &str) {
        let ids = self.ids.entry(scope.clone()).or_default();
        ids.entry(format!(".{kind}")).or_default().push(id.to_owned());
    }

    /// The newest thing of a kind that another scope told.
    pub fn draw_foreign_of(&self, scope: &Scope, kind: &str) -> Option<String> {
        let mut others = self.ids.iter().filter(|(whose, _)| *whose != scope);
        others.find_map(|(_, ids)| ids.get(&format!(".{kind}"))?.last().cloned())
    }

    /// Whether an id of one's own with this prefix is known.
    pub fn knows(&self, scope: &Scope, prefix: &str) -> bool {
        self.ids.get(scope).is_some_and(|ids| ids.get(prefix).is_some_and(|ids| !ids.is_empty()))
    }

    /// Some id with this prefix: mostly one's own, at times another account's, none that exists,
    /// or no id at all.
    pub fn draw(&self, dice: &mut Dice, scope: &Scope, prefix: &str) -> String {
        let whose = match dice.below(24) {
            0 => return format!("{prefix}-0123456789abcdef0"),
            1 => return dice.word(&["nonsense", "", "-", "i-\u{fc}"]).to_owned(),
            2..=4 => {
                let scopes: Vec<&Scope> = self.ids.keys().collect();
                dice.pick(&scopes).map_or(scope, |other| *other)
            }
            _ => scope,
        };
        self.known(dice, whose, prefix).unwrap_or_else(|| format!("{prefix}-0123456789abcdef0"))
    }

    /// An id of another scope, if one was told.
    pub fn draw_foreign(&self, dice: &mut Dice, scope: &Scope, prefix: &str) -> Option<String> {
        let others: Vec<&Scope> = self.ids.keys().filter(|other| *other != scope).collect();
        let other = *dice.pick(&others)?;
        self.known(dice, other, prefix)
    }

    /// One of the scope's own.
    pub fn known(&self, dice: &mut Dice, scope: &Scope, prefix: &str) -> Option<String> {
        dice.pick(self.ids.get(scope)?.get(prefix)?).cloned()
    }

    /// Whether another scope told this id.
    pub fn foreign(&self, scope: &Scope, id: &str) -> bool {
        let prefix = id.split('-').next().unwrap_or_default();
        let others = self.ids.iter().filter(|(whose, _)| *whose != scope);
        others.filter_map(|(_, ids)| ids.get(prefix)).flatten().any(|known| known == id)
    }
}
