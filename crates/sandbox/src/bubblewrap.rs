//! The one runner: bubblewrap, which makes a process a world of its own out of the kernel's namespaces.
//!
//! The code sees `/usr` and a handful of named files, all read-only; a folder of its own in memory, of limited size, which is gone
//! afterwards; no other process; and no network, or one of its own that leads to the public internet only ([`network`]).
//! Started by root, it runs under a user that nobody is. Where any of this cannot be had, nothing is run: there is no unconfined way.

mod cgroup;
mod command;
mod ended;
mod files;
mod handing;
mod inherited;
mod live;
mod network;
mod output;
mod probe;
mod spawner;

use std::io::{self, PipeReader, Read as _};
use std::process::ChildStderr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OnceCell, mpsc};
use vault::{Actor, Vault};

use self::cgroup::Cgroup;
use self::files::{Report, Reporting};
use self::live::Live;
use self::network::Network;
use self::output::Printed;
use self::probe::Machine;
use self::spawner::Spawner;
use crate::environment::Secrets;
use crate::queue::{Queue, Ticket};
use crate::{Asked, End, Event, Job, Limit, Limits, Outcome, RunError, Runner, Running};

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

/// How long what was printed before a kill may take to be passed on.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs of this process so far: each has a number of its own, whichever runner it is of.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Runs code under bubblewrap on this machine.
pub struct Bubblewrap {
    settings: Settings,
    machine: OnceCell<Machine>,
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
            machine: OnceCell::new(),
            queue: Queue::new(settings.at_once.max(1)),
            spawner: Spawner::start()?,
            settings,
        })
    }

    async fn machine(&self) -> &Machine {
        let probing = || probe::look(&self.spawner, &self.settings);
        self.machine.get_or_init(probing).await
    }

    async fn run_job(
        &self,
        vault: &Vault,
        actor: &Actor,
        job: Job,
        events: mpsc::Sender<Event>,
    ) -> Result<Outcome, RunError> {
        if let Some(problem) = &self.machine().await.availability.problem {
            return Err(RunError::Unavailable(problem.clone()));
        }
        job.check()?;
        let _turn = self.turn(&events).await;
        let secrets = Secrets::fetch(vault, actor, &job, self.settings.limits.time).await?;
        let outcome = self.confine(&job, &secrets, &events).await;
        secrets.close().await;
        outcome
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
                // Who does not read shall not hold up those who wait behind; the next number is soon there.
                Some(ahead) => drop(events.try_send(Event::Queued { ahead })),
            }
            moved.await;
        }
    }

    async fn confine(&self, job: &Job, secrets: &Secrets, events: &mpsc::Sender<Event>) -> Result<Outcome, RunError> {
        let limits = &self.settings.limits;
        let network = if job.network && self.machine().await.availability.network_problem.is_none() {
            Some(Network::open(&self.spawner, &self.settings.allowed).await?)
        } else {
            None
        };
        let has_network = network.is_some();
        let (mut live, report) = self.start(job, secrets, network).await?;
        let (stdin, stdout, stderr) = match live.process() {
            Some(process) => (process.stdin.take(), process.stdout.take(), process.stderr.take()),
            None => (None, None, None),
        };
        let mut reporting = Reporting::new(report)?;
        if !reporting.is_up().await {
            live.kill().await?;
            return Err(RunError::Machine(did_not_come_up(stderr)));
        }
        live.is_up();
        let ended_so = |end, files| Outcome {
            end,
            names: secrets.names.clone(),
            files,
            network: has_network,
        };

        let given = files::packed(job)?;
        let printed = Printed::new(&secrets.patterns, limits.output, events);
        let beginning = async {
            // Within the time that it has: who does not read this holds up others otherwise.
            let names = secrets.names.clone();
            tell(events, Event::Started { names }).await;
            files::give(stdin, given).await;
        };
        let everything = async {
            let (_begun, printed, report) = tokio::join!(beginning, printed.pump(stdout, stderr), reporting.rest());
            printed.map(|()| report)
        };
        let mut everything = std::pin::pin!(everything);
        let output = Limit::Output(limits.output >> 10);
        let limit = tokio::select! {
            // What ended by itself has kept to its limits, also if it did so at the last moment.
            biased;
            report = &mut everything => {
                let ended = live.wait().await?;
                let report = Report::read(&report?, job, &secrets.patterns);
                let end = match printed.is_too_much() {
                    true => End::Limited(output),
                    false => End::of(&ended, job.language, report.is_full, &printed.last_words(), limits),
                };
                return Ok(ended_so(end, report.files));
            }
            () = printed.too_much() => output,
            () = tokio::time::sleep(limits.time) => Limit::Time(limits.time.as_secs()),
        };
        printed.cut();
        // What it printed before is still passed on.
        let (killed, _rest) = tokio::join!(live.kill(), tokio::time::timeout(LAST_WORDS, everything));
        killed?;
        Ok(ended_so(End::Limited(limit), Vec::new()))
    }

    /// Starts a sandbox. Not cut off by whoever gives up waiting: what was started has to be ended in the right order.
    async fn start(
        &self,
        job: &Job,
        secrets: &Secrets,
        network: Option<Network>,
    ) -> Result<(Live, PipeReader), RunError> {
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let cgroup = Cgroup::make(number, &self.settings.limits);
        let plan = command::Plan {
            job,
            secrets,
            limits: &self.settings.limits,
            number,
            network: network.as_ref(),
            cgroup: cgroup.as_ref(),
            closes_namespaces: self.machine().await.closes_namespaces,
        };
        let (command, pipes) = plan.command()?;
        let spawner = self.spawner.clone();
        let starting = tokio::spawn(async move {
            let process = spawner.spawn(command).await?;
            Ok((Live::new(process, pipes.info, cgroup, network), pipes.report))
        });
        match starting.await {
            Ok(started) => started,
            Err(_) => Err(io::Error::other("the start was cut off").into()),
        }
    }
}

/// What bubblewrap says about it is for the operator: it speaks of this machine.
fn did_not_come_up(stderr: Option<ChildStderr>) -> io::Error {
    let mut said = String::new();
    // It has ended, so there is nothing to wait for.
    if let Some(stderr) = stderr {
        drop(stderr.take(2 << 10).read_to_string(&mut said));
    }
    tracing::error!(said, "a sandbox did not come up");
    io::Error::other("it did not come up")
}

impl Runner for Bubblewrap {
    fn availability(&self) -> Asked<'_> {
        Box::pin(async { self.machine().await.availability.clone() })
    }

    fn run<'a>(&'a self, vault: &'a Vault, actor: &'a Actor, job: Job, events: mpsc::Sender<Event>) -> Running<'a> {
        Box::pin(self.run_job(vault, actor, job, events))
    }
}

/// Nobody may be listening.
async fn tell(events: &mpsc::Sender<Event>, event: Event) {
    let _heard = events.send(event).await;
}
