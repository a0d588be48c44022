//! Faults by chance: bounded in number and in time, and all healed in the end.

use crate::dice::Dice;
use crate::stage::Stage;
use world::{Fault, Id, Kind, Time, World, Zone};

/// What is broken, and until when.
enum Broken {
    Fault(Fault),
    Spoiled(Id),
    FullDisk,
}

/// Draws faults, and heals them.
pub struct Trouble {
    left: u32,
    region: String,
    broken: Vec<(Time, Broken)>,
    /// Every fault that was injected: a crash may take back a healing that is not yet durable.
    ever: Vec<Fault>,
}

impl Trouble {
    /// So many faults, mostly in zones of this region.
    pub fn new(left: u32, region: &str) -> Trouble {
        Trouble { left, region: region.to_owned(), broken: Vec::new(), ever: Vec::new() }
    }

    /// Heals what is due, and perhaps breaks something.
    pub fn step(&mut self, stage: &mut Stage, dice: &mut Dice) {
        let now = stage.now();
        let (due, broken) =
            std::mem::take(&mut self.broken).into_iter().partition(|(until, _)| *until <= now);
        self.broken = broken;
        let due: Vec<(Time, Broken)> = due;
        due.into_iter().for_each(|(_, broken)| heal(stage, broken));
        if self.left > 0 && dice.one_in(4) {
            self.left -= 1;
            self.strike(stage, dice);
        }
    }

    /// Heals everything.
    pub fn end(&mut self, stage: &mut Stage) {
        self.left = 0;
        std::mem::take(&mut self.broken).into_iter().for_each(|(_, broken)| heal(stage, broken));
        for fault in std::mem::take(&mut self.ever) {
            heal(stage, Broken::Fault(fault));
        }
    }

    fn strike(&mut self, stage: &mut Stage, dice: &mut Dice) {
        let until = stage.now() + dice.millis(90_000);
        match dice.below(20) {
            0..=6 => stage.crash(false),
            7 => stage.crash(true),
            8..=9 => self.inject(stage, until, Fault::Dark(zone(&self.region, dice))),
            10..=11 => {
                if let Some(machine) = thing(stage, dice, Some(Kind::Machine)) {
                    stage.hurt.insert(machine.clone());
                    stage.fault(format!("kill {machine}"));
                    stage.region().fault(Fault::Kill(machine), true);
                }
            }
            12 => {
                if let Some(machine) = thing(stage, dice, Some(Kind::Machine)) {
                    self.inject(stage, until, Fault::Freeze(machine));
                }
            }
            13 => {
                let (one, other) = (zone(&self.region, dice), zone(&self.region, dice));
                self.inject(stage, until, Fault::Cut(one, other));
            }
            14 => {
                let span = dice.millis(200);
                self.inject(stage, until, Fault::SlowDisk(span));
            }
            15 => {
                let span = dice.millis(600_000);
                stage.fault(format!("skew {span:?}"));
                stage.region().fault(Fault::Skew(span), true);
            }
            16..=17 => {
                if let Some(id) = thing(stage, dice, None) {
                    stage.hurt.insert(id.clone());
                    stage.fault(format!("spoil {id}"));
                    stage.world().spoil(&id, "the swarm spoiled it");
                    self.broken.push((until, Broken::Spoiled(id)));
                }
            }
            18 => {
                if let Some(machine) = thing(stage, dice, Some(Kind::Machine)) {
                    stage.hurt.insert(machine.clone());
                    stage.fault(format!("switch off {machine}"));
                    stage.world().switch_off(&machine);
                }
            }
            _ => {
                stage.fault("full disk".to_owned());
                stage.jammed = true;
                stage.world().inject(Fault::FullDisk);
                self.broken.push((stage.now() + dice.millis(5_000), Broken::FullDisk));
            }
        }
    }

    fn inject(&mut self, stage: &mut Stage, until: Time, fault: Fault) {
        stage.fault(format!("{fault:?}"));
        stage.region().fault(fault.clone(), true);
        self.ever.push(fault.clone());
        self.broken.push((until, Broken::Fault(fault)));
    }
}

fn heal(stage: &mut Stage, broken: Broken) {
    match broken {
        Broken::Fault(fault) => {
            stage.fault(format!("heal {fault:?}"));
            stage.region().fault(fault, false);
        }
        Broken::Spoiled(id) => {
            stage.fault(format!("unspoil {id}"));
            stage.world().unspoil(&id);
        }
        // A region whose journal could not be written must be started again.
        Broken::FullDisk => {
            stage.fault("room on the disk".to_owned());
            stage.world().heal(&Fault::FullDisk);
            stage.crash(false);
            stage.jammed = false;
        }
    }
}

fn zone(region: &str, dice: &mut Dice) -> Zone {
    Zone::from(format!("{region}{}", dice.word(&["a", "b", "c"])))
}

/// Something that was ordered.
fn thing(stage: &mut Stage, dice: &mut Dice, kind: Option<Kind>) -> Option<Id> {
    let all = stage.region().ordered();
    let right = all.filter(|(_, thing)| kind.is_none_or(|kind| thing.kind() == kind));
    let ids: Vec<Id> = right.map(|(id, _)| id.clone()).collect();
    dice.pick(&ids).cloned()
}
