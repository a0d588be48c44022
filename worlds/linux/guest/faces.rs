//! What the metadata service is told of machines and routers, and what becomes of it.

use crate::message::News;
use crate::outside::Outside;
use crate::supervise::{Mind, Source};
use std::io;
use std::os::fd::AsFd;
use world::Id;

impl Mind {
    /// Tells the service something; a service that is lost is replaced and told everything.
    pub fn tell_outside(&mut self, tell: impl FnOnce(&mut Outside) -> io::Result<()>) {
        if self.outside.as_mut().is_none_or(|outside| tell(outside).is_err()) {
            self.renew_outside();
        }
    }

    pub fn tell_face(&mut self, id: &Id) {
        if self.outside.is_none() {
            return; // It is told when there is somebody to tell.
        }
        let Some(machine) = self.machines.get(id) else { return };
        let (addresses, card) = (machine.order.addresses.clone(), machine.order.guest.card.clone());
        self.tell_outside(|outside| outside.face(id, &addresses, &card));
    }

    fn renew_outside(&mut self) {
        if let Some(lost) = self.outside.take() {
            self.watch.forget(lost.as_fd(), lost.token);
        }
        if self.desired.served.is_empty() {
            return;
        }
        match self.new_outside() {
            Ok(outside) => self.outside = Some(outside),
            Err(error) => {
                for router in self.desired.served.keys() {
                    self.news.push(News::MetadataFailed(router.clone(), error.to_string()));
                }
            }
        }
    }

    fn new_outside(&mut self) -> io::Result<Outside> {
        let mut outside = self.desired.start()?;
        for (id, machine) in &self.machines {
            outside.face(id, &machine.order.addresses, &machine.order.guest.card)?;
        }
        for (router, (netns, port)) in &self.desired.served {
            outside.serve(router, netns, *port)?;
        }
        outside.token = self.watch.add(outside.as_fd(), Source::Outside)?;
        Ok(outside)
    }

    pub fn hear_outside(&mut self) {
        match self.outside.as_mut().map(Outside::heard) {
            Some(Ok((_, None))) => self.desired.works(),
            Some(Ok((router, Some(reason)))) => {
                self.news.push(News::MetadataFailed(router, reason));
            }
            Some(Err(_)) => self.renew_outside(),
            None => {}
        }
    }
}
