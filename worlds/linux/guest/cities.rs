//! The process that carries the packets of cities, in the internet's zone: started when the first
//! city is asked for, and again when it ends.

use crate::link::frame;
use crate::message::{CitiesOrder, News, Regions, Said, Told};
use crate::nodes::NodeProcess;
use crate::supervise::{Mind, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

/// A process that ended is started again so much later.
const LATER: Duration = Duration::from_millis(500);

/// What was asked for, and who does it.
#[derive(Default)]
pub struct Cities {
    names: BTreeSet<String>,
    regions: BTreeMap<Ipv4Addr, String>,
    pub process: Option<NodeProcess>,
    pub again_at: Option<Instant>,
}

impl Mind {
    pub fn want_city(&mut self, name: String) {
        self.cities.names.insert(name);
        if self.cities.process.is_none() && self.cities.again_at.is_none() {
            return self.start_cities();
        }
        let told = Told::Cities(self.cities_order());
        self.tell_cities(&told);
    }

    pub fn learn_regions(&mut self, regions: Regions) {
        for (address, region) in &regions {
            match region {
                Some(region) => self.cities.regions.insert(*address, region.clone()),
                None => self.cities.regions.remove(address),
            };
        }
        self.tell_cities(&Told::Regions(regions));
    }

    pub fn start_cities(&mut self) {
        self.cities.again_at = None;
        if self.halting || self.cities.names.is_empty() {
            return;
        }
        let told = Told::Cities(self.cities_order());
        let log = self.run.join("nodes").join("cities.log");
        let sources = (Source::Cities, Source::CitiesEnded);
        match NodeProcess::start(&log, &told, sources, &mut self.watch) {
            Ok(process) => self.cities.process = Some(process),
            Err(error) => {
                for name in std::mem::take(&mut self.cities.names) {
                    self.news.push(News::City(name, Some(error.to_string())));
                }
            }
        }
        let all = &self.cities.regions;
        let all = all.iter().map(|(address, region)| (*address, Some(region.clone()))).collect();
        self.tell_cities(&Told::Regions(all));
    }

    fn cities_order(&self) -> CitiesOrder {
        CitiesOrder {
            run: self.run.clone(),
            internet: self.run.join("netns").join("internet"),
            names: self.cities.names.clone(),
        }
    }

    fn tell_cities(&mut self, told: &Told) {
        if let (Some(process), Ok(told)) = (&mut self.cities.process, frame(told)) {
            // One that cannot be told has ended, and is told when it begins again.
            process.way.say(&told, &mut self.watch);
        }
    }

    pub fn hear_cities(&mut self) {
        let Some(process) = &mut self.cities.process else { return };
        let mut alive = process.way.read() && process.way.write(&mut self.watch);
        while let Some(bytes) = process.way.message(&mut alive) {
            if let Ok(Said::City(name, why)) = serde_json::from_slice(&bytes) {
                if why.is_some() {
                    self.cities.names.remove(&name);
                }
                self.news.push(News::City(name, why));
            }
        }
        if !alive {
            use std::os::fd::AsFd;
            self.watch.forget(process.way.stream.as_fd(), process.way.token);
            process.kill();
        }
    }

    pub fn cities_ended(&mut self) {
        if let Some(process) = self.cities.process.take() {
            process.bury(&mut self.watch);
            self.cities.again_at = Some(Instant::now() + LATER);
        }
    }
}
