//! `strongroom`: the command-line client of Strongroom.
//!
//! `strongroom run -- COMMAND` gives a command the secrets of one user as environment variables, for as long as it runs.
//! The other commands ask the user for a secret (`request`), manage names and values (`secrets`), print an environment
//! inside a sandbox (`env`), and remember a server and its API token (`login`, `logout`).
//!
//! Values and tokens travel in HTTP bodies, headers and the child's environment, and nowhere else: not in arguments, not
//! in files other than the one `login` writes, not in messages.

mod api;
mod args;
mod child;
mod commands;
mod config;
mod credentials;
mod environment;
mod failure;
mod harden;
mod help;
mod injection;
mod job;
mod output;
mod prompt;
mod requests;
mod server_url;
mod signals;
mod token;
mod waiting;

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Memory is overwritten when it is freed.
///
/// A value passes through buffers that no type of ours owns: those of the HTTP and TLS libraries, and the copy of the
/// environment that `std::process::Command` makes. Wiping in the allocator reaches all of them. What is still in use
/// when the process ends is not wiped; the kernel clears those pages before anyone else gets them.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    // Before anything else: until this has happened, a process of the same user could read our environment.
    let outcome = harden::this_process()
        .and_then(|()| args::parse(std::env::args_os().collect()))
        .and_then(commands::execute);
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.report();
            if let Some(signal) = failure.signal() {
                signals::end_for(signal);
            }
            ExitCode::from(failure.exit())
        }
    }
}
