//! What code in sandboxes may use, and where it may go.

use std::time::Duration;

use sandbox::{Allowed, Limits, Settings};

use super::variable::{ConfigError, Environment, number};

/// Each limit for itself; what is not set is as usual.
pub(super) fn sandboxes(environment: &Environment<'_>) -> Result<Settings, ConfigError> {
    let usual = Settings::default();
    let limits = usual.limits;
    Ok(Settings {
        limits: Limits {
            time: number(environment, "STRONGROOM_SANDBOX_SECONDS", 1..=86_400)?
                .map_or(limits.time, Duration::from_secs),
            memory: number(environment, "STRONGROOM_SANDBOX_MEMORY_MIB", 64..=1 << 20)?
                .map_or(limits.memory, |size: u64| size << 20),
            processes: number(environment, "STRONGROOM_SANDBOX_PROCESSES", 8..=10_000)?.unwrap_or(limits.processes),
            output: number(environment, "STRONGROOM_SANDBOX_OUTPUT_KIB", 1..=16_384)?
                .map_or(limits.output, |size: usize| size << 10),
            disk: number(environment, "STRONGROOM_SANDBOX_DISK_MIB", 1..=1 << 20)?
                .map_or(limits.disk, |size: u64| size << 20),
        },
        at_once: number(environment, "STRONGROOM_SANDBOX_AT_ONCE", 1..=1000)?.unwrap_or(usual.at_once),
        allowed: allowed(environment)?,
    })
}

/// `host:port`, separated by commas.
fn allowed(environment: &Environment<'_>) -> Result<Vec<Allowed>, ConfigError> {
    const NAME: &str = "STRONGROOM_SANDBOX_ALLOWED";
    let text = environment.text(NAME)?.unwrap_or_default();
    let places = text.split(',').filter(|place| !place.trim().is_empty());
    places
        .map(|place| place.parse())
        .collect::<Result<_, String>>()
        .map_err(|problem| ConfigError::new(NAME, format!("is not a list of places: {problem}"), "api.internal:8443"))
}
