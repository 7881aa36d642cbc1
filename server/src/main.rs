//! The program `strongroom-server`.

use std::alloc::System;
use std::io::{IsTerminal, Write};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use anyhow::Context;
use rustix::fs::Mode;
use server::admin::{self, AdminReply, AdminRequest};
use server::arguments::{self, Command, PlatformCommand, USAGE, UpkeepCommand};
use server::config::{Environment, Settings};
use server::password;
use server::serve::Running;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;
use vault::Vault;
use zeroizing_alloc::ZeroAlloc;

/// Whatever is freed is wiped: libraries' copies of what passed through them, a body that was read, an answer that was sent.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let command = match arguments::parse(env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            report(&format!("{error}.\nstrongroom-server --help says what there is."));
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn report(problem: &str) {
    // Without a standard error there is nobody to tell.
    let _ = writeln!(io::stderr(), "strongroom-server: {problem}");
}

fn run(command: Command) -> anyhow::Result<()> {
    // Whatever this program makes is for its own user alone.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    server::harden::this_process().context("this process cannot be protected from being read by others")?;
    match command {
        Command::Help => return print(USAGE.trim_end()),
        Command::Version => return print(concat!("strongroom-server ", env!("CARGO_PKG_VERSION"))),
        _ => {}
    }
    // Before a password is asked for: nobody should type one for a command that cannot work.
    let settings = Settings::from_environment(&Environment::new(&|name| env::var_os(name)))?;
    start_log(&settings)?;
    let request = match command {
        Command::Serve | Command::Help | Command::Version => None,
        Command::UserAdd { name, password } => Some(AdminRequest::UserAdd {
            name,
            password: password::read(password).context("the password")?,
        }),
        Command::UserSetPassword { name, password } => Some(AdminRequest::UserSetPassword {
            name,
            password: password::read(password).context("the password")?,
        }),
        Command::TokenCreate { user, scopes, label } => Some(AdminRequest::TokenCreate { user, scopes, label }),
        Command::Platform(command) => Some(about_platforms(command)),
        Command::Upkeep(UpkeepCommand::RecoveryKit) => return print(admin::recovery_kit(&settings)?.trim_end()),
        Command::Upkeep(UpkeepCommand::Restore(file)) => {
            return print(&runtime()?.block_on(working(admin::restore(&settings, &file)))?);
        }
        Command::Upkeep(UpkeepCommand::RestoreDrill(file)) => {
            return shown(runtime()?.block_on(working(admin::restore_drill(&settings, &file)))?);
        }
        Command::Upkeep(command) => about_upkeep(command)?,
    };
    let runtime = runtime()?;
    match request {
        Some(request) => runtime.block_on(administer(&settings, request)),
        None => runtime.block_on(serve(settings)),
    }
}

fn runtime() -> anyhow::Result<Runtime> {
    Runtime::new().context("the runtime")
}

/// `None` for what needs no server, and is done by then.
fn about_upkeep(command: UpkeepCommand) -> anyhow::Result<Option<AdminRequest>> {
    Ok(match command {
        UpkeepCommand::KeyStatus => Some(AdminRequest::KeyStatus),
        UpkeepCommand::RotateRoot => Some(AdminRequest::RotateRoot),
        UpkeepCommand::RotateTerm => Some(AdminRequest::RotateTerm),
        UpkeepCommand::RotateUser { name } => Some(AdminRequest::RotateUser { name }),
        UpkeepCommand::Backup(file) => Some(AdminRequest::Backup {
            path: std::path::absolute(file).context("the backup's path")?,
        }),
        UpkeepCommand::Doctor => Some(AdminRequest::Doctor),
        UpkeepCommand::Accept { account } => Some(AdminRequest::Accept { account }),
        UpkeepCommand::RecoveryKit | UpkeepCommand::Restore(_) | UpkeepCommand::RestoreDrill(_) => None,
    })
}

fn about_platforms(command: PlatformCommand) -> AdminRequest {
    match command {
        PlatformCommand::Add {
            name,
            origins,
            request_url,
            most_users,
        } => AdminRequest::PlatformAdd {
            name,
            origins,
            request_url,
            most_users,
        },
        PlatformCommand::List => AdminRequest::PlatformList,
        PlatformCommand::Rotate { name } => AdminRequest::PlatformRotate { name },
        PlatformCommand::Remove { name } => AdminRequest::PlatformRemove { name },
    }
}

/// To standard error. A panic is logged by its place only: what it says can hold anything.
fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log)
        .context("STRONGROOM_LOG is not a filter, such as info or server=debug")?
        // The MCP library logs whole messages; bodies do not belong in a log, whatever is asked for.
        .add_directive("rmcp=warn".parse()?);
    let colours = io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(colours)
        .with_env_filter(filter)
        .init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "The program has a defect: a panic");
    }));
    Ok(())
}

async fn administer(settings: &Settings, request: AdminRequest) -> anyhow::Result<()> {
    shown(working(admin::run(settings, request)).await?)
}

fn shown(reply: AdminReply) -> anyhow::Result<()> {
    match reply {
        AdminReply::Done { message } | AdminReply::Examined { message, well: true } => print(&message),
        // Exposed to be printed, this once, for whoever ran the command.
        AdminReply::Token { token } => print(token.expose()),
        AdminReply::Examined { message, well: false } => {
            print(&message)?;
            anyhow::bail!("not all is well; see above")
        }
        AdminReply::Refused { message } => Err(anyhow::Error::msg(message)),
    }
}

/// Says on standard error that it goes on, where it takes more than a second and somebody looks.
async fn working<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut patience = Duration::from_secs(1);
    loop {
        if let Ok(done) = tokio::time::timeout(patience, &mut work).await {
            return done;
        }
        patience = Duration::from_secs(10);
        if io::stderr().is_terminal() {
            report("working …");
        }
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let vault = Vault::open(settings.vault_config()).await?;
    let setup_code = vault.setup_code().await?;
    let running = Running::start(settings, vault).await?;
    let mut lines = format!("Strongroom is ready at {}", running.public_url());
    if let Some(code) = setup_code {
        lines.push_str(&format!(
            "\nSetup code: {code}  (needed once, to make the first account)\n\
             Print `strongroom-server keys recovery-kit` and keep it elsewhere: without the root key nobody can read what you store."
        ));
    }
    if let Err(error) = print(&lines) {
        tracing::warn!(error = %error, "Nobody reads standard output");
    }
    either(&mut terminate, &mut interrupt).await;
    tracing::info!("Stopping; requests that have begun are finished first");
    tokio::select! {
        () = running.stop() => Ok(()),
        () = either(&mut terminate, &mut interrupt) => anyhow::bail!("stopped at once, on a second signal"),
    }
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    Ok(output.flush()?)
}
