//! The threads that passwords are hashed on: as many as may be hashed at once, and always the same.
//!
//! Each keeps the memory that a hash takes, so that a flood of sign-ins takes that of these threads and no more; and each
//! yields to the others, so that programs have their secrets meanwhile.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::error::{Error, Result};

type Work = Box<dyn FnOnce() + Send>;

/// How much they yield (nice(2), which on Linux is a thread's own): about a tenth of a core when all are busy.
const NICE: i32 = 10;

/// Threads that take one piece of work after the other; they end with this.
pub(super) struct Workers(Sender<Work>);

impl Workers {
    pub(super) fn start(number: usize) -> Result<Self> {
        let (sender, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        for _ in 0..number {
            let work = Arc::clone(&work);
            let thread = thread::Builder::new().name("passwords".to_owned());
            let thread = thread.spawn(move || {
                // Without it they are as the others, and no more.
                let _refused = rustix::process::nice(NICE);
                take(&work);
            });
            thread.map_err(|_| Error::Busy)?;
        }
        Ok(Self(sender))
    }

    /// Has something done as soon as a thread is free.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let work = move || {
            // Whoever asked may have hung up.
            let _gone = done.send(work());
        };
        self.0.send(Box::new(work)).map_err(|_| Error::Busy)?;
        answer.await.map_err(|_| Error::Busy)
    }
}

fn take(work: &Mutex<Receiver<Work>>) {
    loop {
        // Held while waiting: the others wait for it in turn.
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(next) = next else { return };
        // A panic in one piece of work must not take the thread from all others; the one who asked is told.
        let _panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(next));
    }
}
