//! The one runner: bubblewrap, which makes a process a world of its own out of the kernel's namespaces.
//!
//! The code sees `/usr` and a handful of named files, all read-only; a folder of its own in memory, of limited size, which is gone
//! afterwards; no other process; and no network, or one of its own that leads to the public internet only ([`network`]).
//! Started by root, it runs under a user that nobody is. Where any of this cannot be had, nothing is run: there is no unconfined way.

mod cgroup;
mod command;
mod files;
mod network;
mod output;
mod probe;
mod spawner;

use std::os::unix::process::ExitStatusExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OnceCell, mpsc};
use vault::{Actor, Vault};

use self::cgroup::Cgroup;
use self::network::Network;
use self::output::Printed;
use self::spawner::Spawner;
use crate::environment::Secrets;
use crate::queue::{Queue, Ticket};
use crate::{Asked, Availability, End, Event, Job, Limit, Limits, Outcome, RunError, Runner, Running};

pub use network::Allowed;

/// How code is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What a run may use.
    pub limits: Limits,
    /// Runs at once; others wait.
    pub at_once: usize,
    /// Places in private networks, or on this machine, that runs with a network may reach.
    pub allowed: Vec<Allowed>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            at_once: std::thread::available_parallelism().map_or(1, usize::from),
            allowed: Vec::new(),
        }
    }
}

/// Runs of this process so far: each has a number of its own, whichever runner it is of.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Runs code under bubblewrap on this machine.
pub struct Bubblewrap {
    settings: Settings,
    availability: OnceCell<Availability>,
    queue: Queue,
    spawner: Spawner,
}

impl Bubblewrap {
    /// One that has not looked yet at what the machine can do.
    ///
    /// # Errors
    /// When not even a thread can be had.
    pub fn new(settings: Settings) -> std::io::Result<Self> {
        Ok(Self {
            availability: OnceCell::new(),
            queue: Queue::new(settings.at_once.max(1)),
            spawner: Spawner::start()?,
            settings,
        })
    }

    async fn available(&self) -> &Availability {
        let probing = || probe::availability(&self.spawner, &self.settings);
        self.availability.get_or_init(probing).await
    }

    async fn run_job(
        &self,
        vault: &Vault,
        actor: &Actor,
        job: Job,
        events: mpsc::Sender<Event>,
    ) -> Result<Outcome, RunError> {
        if let Some(problem) = &self.available().await.problem {
            return Err(RunError::Unavailable(problem.clone()));
        }
        job.check()?;
        let _turn = self.turn(&events).await;
        let mut secrets = Secrets::fetch(vault, actor, &job, self.settings.limits.time).await?;
        let ended = self.confine(&job, &secrets, &events).await;
        secrets.close().await;
        let (end, files) = ended?;
        Ok(Outcome {
            end,
            names: std::mem::take(&mut secrets.names),
            files,
        })
    }

    /// Waits until it is its turn, and says how many are before it.
    async fn turn(&self, events: &mpsc::Sender<Event>) -> Ticket<'_> {
        let ticket = self.queue.enter();
        loop {
            let mut moved = std::pin::pin!(self.queue.moved());
            // Registered before looking, so that nobody who leaves in between is missed.
            moved.as_mut().enable();
            match ticket.ahead() {
                None => return ticket,
                Some(ahead) => tell(events, Event::Queued { ahead }).await,
            }
            moved.await;
        }
    }

    async fn confine(
        &self,
        job: &Job,
        secrets: &Secrets,
        events: &mpsc::Sender<Event>,
    ) -> Result<(End, Vec<(String, String)>), RunError> {
        let limits = &self.settings.limits;
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let network = if job.network && self.available().await.network_problem.is_none() {
            Some(Network::open(&self.spawner, &self.settings.allowed).await?)
        } else {
            None
        };
        let cgroup = Cgroup::make(number, limits);
        let confined = command::Confined {
            job,
            secrets,
            limits,
            number,
            network: network.as_ref(),
            cgroup: cgroup.as_ref(),
        };
        let (command, report, _etc) = confined.command()?;
        let mut process = self.spawner.spawn(command).await?;
        tell(
            events,
            Event::Started {
                names: secrets.names.clone(),
            },
        )
        .await;
        let given = files::packed(job)?;
        let printed = Printed {
            patterns: &secrets.patterns,
            most: limits.output,
            events,
        };
        let (stdin, stdout, stderr) = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let everything = async {
            let (_given, printed, left) = tokio::join!(
                files::give(stdin, given),
                printed.pump(stdout, stderr),
                files::read_report(report),
            );
            (printed, left)
        };
        let Ok((within, left)) = tokio::time::timeout(limits.time, everything).await else {
            process.kill();
            process.wait().await?;
            return Ok((End::Limited(Limit::Time(limits.time.as_secs())), Vec::new()));
        };
        if !within? {
            process.kill();
            process.wait().await?;
            return Ok((End::Limited(Limit::Output(limits.output >> 10)), Vec::new()));
        }
        let status = process.wait().await?;
        let report = files::Report::read(&left, job, &secrets.patterns);
        let end = self.end(status, &report, cgroup.as_ref());
        Ok((end, report.files))
    }

    /// What a run came to: a limit that it ran into says more than the code that it ended with because of it.
    fn end(&self, status: std::process::ExitStatus, report: &files::Report, cgroup: Option<&Cgroup>) -> End {
        let limits = &self.settings.limits;
        let end = match (status.code(), status.signal()) {
            (Some(0), _) => return End::Exited(0),
            // As shells tell of signals.
            (Some(code @ 129..=192), _) => End::Signalled(code - 128),
            (Some(code), _) => End::Exited(code),
            (None, signal) => End::Signalled(signal.unwrap_or(0)),
        };
        if cgroup.is_some_and(Cgroup::was_out_of_memory) {
            End::Limited(Limit::Memory(limits.memory >> 20))
        } else if cgroup.is_some_and(Cgroup::was_out_of_processes) {
            End::Limited(Limit::Processes(limits.processes))
        } else if report.is_full {
            End::Limited(Limit::Disk(limits.disk >> 20))
        } else {
            end
        }
    }
}

impl Runner for Bubblewrap {
    fn availability(&self) -> Asked<'_> {
        Box::pin(async { self.available().await.clone() })
    }

    fn run<'a>(&'a self, vault: &'a Vault, actor: &'a Actor, job: Job, events: mpsc::Sender<Event>) -> Running<'a> {
        Box::pin(self.run_job(vault, actor, job, events))
    }
}

/// Nobody may be listening.
async fn tell(events: &mpsc::Sender<Event>, event: Event) {
    let _heard = events.send(event).await;
}
