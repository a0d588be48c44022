//! When to look: after each change, as often as thresholds count, and not otherwise.

use super::{Due, Gaze, Watcher, checks, look, look::Aim};
use crate::Sim;
use crate::agenda::Step;
use crate::reach::Scene;
use std::sync::Arc;
use world::{Event, Findings, Id, Program, Thing};

impl Sim {
    /// Something changed that decides who can be reached.
    pub(crate) fn stir(&mut self) {
        self.watch.changes += 1;
        self.watch.sight = None;
        self.watch.stirred = true;
        self.hurry();
    }

    /// A machine is now as ordered; if it runs a program of the world's own, that is looked after.
    pub(crate) fn enlist(&mut self, id: &Id) {
        let Some(Thing::Machine(machine)) = &self.matter.entries[id].actual else { return };
        if !matches!(machine.program, Program::Guest(_)) {
            self.watch.watchers.entry(id.clone()).or_default().fresh = true;
        }
    }

    /// The scene as programs see it: machines that are off still have their addresses.
    pub(crate) fn sight(&mut self) -> Arc<Scene> {
        if self.watch.sight.is_none() {
            self.watch.sight = Some(Arc::new(self.outlook()));
        }
        self.watch.sight.clone().expect("made above")
    }

    /// Plans the looks that a change calls for. Every public way to change something ends here.
    pub(crate) fn rouse(&mut self) {
        if !std::mem::take(&mut self.watch.stirred) || self.watch.watchers.is_empty() {
            return;
        }
        let entries = &self.matter.entries;
        self.watch.watchers.retain(|id, _| entries.contains_key(id));
        let ids: Vec<Id> = self.watch.watchers.keys().cloned().collect();
        for id in &ids {
            self.rouse_one(id);
        }
    }

    fn rouse_one(&mut self, id: &Id) {
        let (now, entry) = (self.now, &self.matter.entries[id]);
        let watcher = self.watch.watchers.get_mut(id).expect("the caller has it");
        let frozen = self.faults.frozen.contains(id);
        if !entry.run.up {
            *watcher = Watcher { said: std::mem::take(&mut watcher.said), ..Watcher::default() };
            return;
        }
        if watcher.run != entry.run.count {
            watcher.gazes.clear();
            watcher.run = entry.run.count;
            watcher.fresh = true;
        }
        if frozen {
            watcher.planned = None;
            return;
        }
        if std::mem::take(&mut watcher.fresh)
            && let Some(Thing::Machine(machine)) = &entry.actual
        {
            look::refresh(&mut watcher.gazes, &machine.program, now);
        }
        watcher.gazes.values_mut().for_each(|(_, gaze)| gaze.stir(now));
        self.plan_looks(id);
        self.tell_findings(id);
    }

    fn plan_looks(&mut self, id: &Id) {
        let now = self.now;
        let Some(watcher) = self.watch.watchers.get_mut(id) else { return };
        let due = watcher.gazes.values().filter_map(|(_, gaze)| gaze.due()).min();
        // After a freeze looks are overdue.
        let due = due.map(|at| at.max(now));
        if watcher.planned != due {
            watcher.planned = due;
            if let Some(at) = due {
                self.agenda.plan(at, Step::Look(id.clone()));
            }
        }
    }

    /// The looks of this machine that are due.
    pub(crate) fn look(&mut self, id: &Id) {
        let now = self.now;
        let Some(watcher) = self.watch.watchers.get_mut(id) else { return };
        if watcher.planned.is_none_or(|at| at > now) {
            return;
        }
        watcher.planned = None;
        let due = |(_, gaze): &(Aim, Gaze)| gaze.due().is_some_and(|at| at <= now);
        let due: Vec<(String, Aim, Due)> = watcher
            .gazes
            .iter()
            .filter(|(_, one)| due(one))
            .map(|(name, (aim, gaze))| (name.clone(), aim.clone(), gaze.due.clone()))
            .collect();
        let scene = self.sight();
        for (name, aim, due) in due {
            let seen = match due {
                Due::Look(_) => Some(self.judge(&scene, id, &name, &aim)),
                Due::End(_) | Due::Rest => None,
            };
            let watcher = self.watch.watchers.get_mut(id).expect("it looks");
            let (_, gaze) = watcher.gazes.get_mut(&name).expect("listed above");
            match seen {
                Some(outcome) => gaze.saw(outcome, now),
                None => gaze.count(world::Outcome::TimedOut, now),
            }
        }
        self.plan_looks(id);
        self.tell_findings(id);
    }

    fn tell_findings(&mut self, id: &Id) {
        let Some(watcher) = self.watch.watchers.get_mut(id) else { return };
        let program = match self.matter.entries.get(id).and_then(|entry| entry.actual.as_ref()) {
            Some(Thing::Machine(machine)) => &machine.program,
            _ => return,
        };
        if let Program::Names(names) = program {
            let found = checks::findings(names, &watcher.gazes, &watcher.said, self.now);
            if found != watcher.said {
                watcher.said = found.clone();
                self.watch.found += 1;
                self.hurry();
                self.outbox.push_back(Event::Findings(id.clone(), found));
            }
            return;
        }
        let same = watcher.gazes.len() == watcher.said.probes.len()
            && watcher.gazes.iter().all(|(k, (_, g))| watcher.said.probes.get(k) == Some(&g.probe));
        if same {
            return;
        }
        let probes = watcher.gazes.iter().map(|(k, (_, g))| (k.clone(), g.probe.clone()));
        watcher.said = Findings { probes: probes.collect() };
        self.outbox.push_back(Event::Findings(id.clone(), watcher.said.clone()));
        self.watch.found += 1;
        self.hurry();
    }

    /// A new life of the control plane hears what was found before.
    pub(crate) fn retell(&mut self, id: &Id) {
        if let Some(watcher) = self.watch.watchers.get(id)
            && !watcher.said.probes.is_empty()
        {
            self.outbox.push_back(Event::Findings(id.clone(), watcher.said.clone()));
        }
    }
}
