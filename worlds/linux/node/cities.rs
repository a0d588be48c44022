//! The process that carries the packets of cities: makes each city that is asked for, and gives
//! its packets to a delay line of its own.

use crate::delay::{self, Distances};
use crate::space;
use linux_guest::{CitiesOrder, Told, receive};
use std::collections::BTreeSet;
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

/// Its whole life; ends when its zone's process does.
pub(crate) fn run(
    order: CitiesOrder,
    way: &mut UnixStream,
    say: impl Fn(String, Option<String>) -> io::Result<()>,
) -> io::Result<()> {
    space::enter(&order.internet)?;
    let distances = Arc::new(RwLock::new(Distances::default()));
    let mut made = BTreeSet::new();
    let mut told = Told::Cities(order);
    loop {
        match told {
            Told::Cities(order) => {
                for name in &order.names {
                    let why = match made.contains(name) {
                        true => None,
                        false => make(&order, name, &distances).err().map(|e| e.to_string()),
                    };
                    if why.is_none() {
                        made.insert(name.clone());
                    }
                    say(name.clone(), why)?;
                }
            }
            Told::Regions(regions) => {
                distances.write().unwrap_or_else(PoisonError::into_inner).learn(regions);
            }
            Told::Be(_) | Told::Renamed(_) | Told::Meter(_) => {}
        }
        told = match receive(way) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            told => told?,
        };
    }
}

fn make(order: &CitiesOrder, name: &str, distances: &Arc<RwLock<Distances>>) -> io::Result<()> {
    let city = names::places::city(name).ok_or_else(|| io::Error::other("no such city"))?;
    let block = city.block();
    let number = (u32::from(block.network()) >> 8) as usize & 0x1FF;
    let way = linux_net::open_city(&order.run, city.name, number, block, city.client())?;
    let distances = distances.clone();
    let name = format!("city {name}");
    thread::Builder::new().name(name).spawn(move || delay::carry(way, city, &distances)).map(drop)
}
