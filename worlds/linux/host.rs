//! A thread that stays in the host's own network, where the hands' cannot stay: what is started
//! there can listen on the host's loopback.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread;

type Work = Box<dyn FnOnce() + Send>;

/// The thread; it ends when this is dropped.
pub(crate) struct Host(Sender<Work>);

impl Host {
    /// Starts it; the calling thread is still in the host's network.
    pub(crate) fn open() -> io::Result<Host> {
        let (sender, work) = channel::<Work>();
        let run = move || work.into_iter().for_each(|work| work());
        thread::Builder::new().name("host".into()).spawn(run)?;
        Ok(Host(sender))
    }

    /// Does something there and waits for it.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let (sender, done) = channel();
        let lost = || io::Error::other("the host's thread has ended");
        let work = move || {
            // Whoever waits for it waits until it is done.
            let _ = sender.send(work());
        };
        self.0.send(Box::new(work)).map_err(|_| lost())?;
        done.recv().map_err(|_| lost())?
    }
}
