//! Says what is being done, how far it is and how long it took: these builds take minutes, and silence looks like a hang.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// The steps of one task, numbered against a total that is known at the start.
pub(crate) struct Steps {
    total: usize,
    started: Instant,
    ended: Vec<Ended>,
}

struct Ended {
    what: String,
    took: Duration,
    failure: Option<String>,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            started: Instant::now(),
            ended: Vec::new(),
        }
    }

    /// Does a step that the rest depends on: a failure ends the task.
    pub(crate) fn run<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let number = self.ended.len() + 1;
        eprintln!("[{number}/{}] {what} …", self.total);
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let failure = result.as_ref().err().map(|error| format!("{error:#}"));
        match &failure {
            None => eprintln!("[{number}/{}] {what}: done in {}", self.total, Took(took)),
            Some(error) => eprintln!("[{number}/{}] {what}: FAILED after {}: {error}", self.total, Took(took)),
        }
        self.ended.push(Ended {
            what: what.to_owned(),
            took,
            failure,
        });
        result
    }

    /// Does a step that nothing depends on: after a failure the task goes on, and fails at the end.
    pub(crate) fn check(&mut self, what: &str, work: impl FnOnce() -> Result<()>) {
        // `run` has printed and kept the failure.
        let _ = self.run(what, work);
    }

    /// Prints each step with its time, and fails if any did.
    pub(crate) fn finish(&self) -> Result<()> {
        eprintln!();
        for step in &self.ended {
            let mark = if step.failure.is_none() { "ok    " } else { "FAILED" };
            eprintln!("  {mark} {:>10}  {}", Took(step.took).to_string(), step.what);
        }
        let left = self.total.saturating_sub(self.ended.len());
        if left > 0 {
            eprintln!("  not reached: {left} of {} steps", self.total);
        }
        eprintln!("  in all {:>10}", Took(self.started.elapsed()).to_string());
        let failed: Vec<&str> = self
            .ended
            .iter()
            .filter(|step| step.failure.is_some())
            .map(|step| step.what.as_str())
            .collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join("; "));
        }
        Ok(())
    }
}

/// A duration in words: `0.4 s`, `41 s`, `3 min 07 s`.
struct Took(Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            0..10 => write!(f, "{:.1} s", self.0.as_secs_f64()),
            10..60 => write!(f, "{seconds} s"),
            _ => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use anyhow::anyhow;

    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = |ms| Took(Duration::from_millis(ms)).to_string();
        assert_eq!(
            [said(412), said(41_900), said(187_000)],
            ["0.4 s", "41 s", "3 min 07 s"]
        );
    }

    #[test]
    fn a_failed_check_lets_the_others_run_and_fails_the_task_by_name() {
        let mut steps = Steps::new(2);
        steps.check("formatting", || Err(anyhow!("three files differ")));
        let mut ran = false;
        steps.check("unit tests", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: formatting");
    }

    #[test]
    fn a_failed_step_that_others_need_ends_the_task() {
        let mut steps = Steps::new(2);
        assert!(steps.run("compiling", || Err::<(), _>(anyhow!("no"))).is_err());
        assert_eq!(steps.run("linking", || Ok(7)).unwrap(), 7);
    }
}
