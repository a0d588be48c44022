//! The disks of machines that run: plugged in and out, and mounted when a machine asks.

use crate::broker;
use crate::message::News;
use crate::plug;
use crate::supervise::{Mind, Source};
use linux_store::Loop;
use std::os::fd::AsFd;
use world::Id;

impl Mind {
    pub fn sync_disks(&mut self, id: &Id) {
        let Some(machine) = self.machines.get_mut(id) else { return };
        let Some(process) = &machine.process else { return };
        let wanted = &machine.order.disks;
        let news = &mut self.news;
        machine.disks.retain(|(disk, device)| {
            let mut kept = wanted.contains(disk);
            if !kept && device.busy() {
                let reason = "the machine has it mounted".to_owned();
                news.push(News::PlugFailed(id.clone(), disk.disk.clone(), reason));
                kept = true;
            }
            if !kept {
                let names = plug::names(&disk.device).unwrap_or_default();
                let _ = plug::pull(process.fd.as_fd(), &names);
                news.push(News::Plug(id.clone(), disk.disk.clone(), false));
            }
            kept
        });
        for disk in wanted {
            if machine.disks.iter().any(|(there, _)| there == disk) {
                continue;
            }
            let pushed = plug::names(&disk.device).and_then(|names| {
                let device = Loop::attach(&disk.file)?;
                plug::push(process.fd.as_fd(), device.path(), &names)?;
                Ok(device)
            });
            news.push(match pushed {
                Ok(device) => {
                    machine.disks.push((disk.clone(), device));
                    News::Plug(id.clone(), disk.disk.clone(), true)
                }
                Err(error) => News::PlugFailed(id.clone(), disk.disk.clone(), error.to_string()),
            });
        }
    }

    /// One call at a time, in a child; until it is answered nobody listens.
    pub fn attend_mount(&mut self, id: &Id) {
        let Some(machine) = self.machines.get_mut(id) else { return };
        let Some(process) = &mut machine.process else { return };
        let Some(asked) = &mut process.asked else { return };
        let Some(token) = asked.token.take() else { return };
        self.watch.forget(asked.listener.as_fd(), token);
        asked.child = broker::attend(&asked.listener, process.fd.as_fd(), process.pid).ok();
    }

    pub fn reap_attendants(&mut self) {
        self.attendants.retain(|child| !has_ended(*child));
        for (id, machine) in &mut self.machines {
            let Some(asked) = machine.process.as_mut().and_then(|p| p.asked.as_mut()) else {
                continue;
            };
            if asked.child.is_some_and(has_ended) {
                asked.child = None;
                let source = Source::Mount(id.clone());
                asked.token = self.watch.add(asked.listener.as_fd(), source).ok();
            }
        }
    }
}

/// Reaps a child if it has ended.
fn has_ended(pid: i32) -> bool {
    // SAFETY: our own child.
    unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::WNOHANG) == pid }
}
