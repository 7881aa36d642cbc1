//! A network of a sandbox's own: slirp4netns carries it to the public internet, and rules set from outside keep it from everything
//! else: private and link-local ranges, this machine under each of its addresses, other sandboxes. The code has no rights over
//! the namespace that it is in, and so cannot change them.
//!
//! The host's own network is never shared: a page that code serves on another port of this machine would get the session cookie.

mod places;

use std::io::{self, PipeWriter};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::pipe;

use super::command::is_root;
use super::handing::Handing;
use super::spawner::{Process, Spawner};
pub use places::Allowed;
use places::Places;

/// How long a network may take to come up.
const PATIENCE: Duration = Duration::from_secs(10);
/// A network; gone when it is dropped.
pub(super) struct Network {
    /// Keeps the namespace until bubblewrap is in it.
    holder: Process,
    _carrier: Process,
    /// Closed, it ends the carrier.
    _end: PipeWriter,
    hosts: String,
}

impl Network {
    /// What `/etc/resolv.conf` says inside.
    pub(super) const RESOLVER: &str = "nameserver 10.0.2.3\n";

    pub(super) async fn open(spawner: &Spawner, allowed: &[Allowed]) -> io::Result<Self> {
        match tokio::time::timeout(PATIENCE, Self::come_up(spawner, allowed)).await {
            Ok(network) => network,
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "its network did not come up")),
        }
    }

    async fn come_up(spawner: &Spawner, allowed: &[Allowed]) -> io::Result<Self> {
        let mut hold = Command::new("/usr/bin/unshare");
        if !is_root() {
            // Who is not root owns a network only through a namespace of users.
            hold.args(["--user", "--map-root-user"]);
        }
        // Ends with the pipe to it, also if this process is killed.
        hold.args(["--net", "/usr/bin/sh", "-c", "echo there; read -r _"]);
        hold.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = spawner.spawn(hold).await?;
        let said = holder.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = String::new();
        BufReader::new(tokio::process::ChildStdout::from_std(said)?)
            .read_line(&mut line)
            .await?;
        let namespace = namespace(&holder, "net");
        if line != "there\n" || std::fs::read_link(&namespace)? == std::fs::read_link("/proc/self/ns/net")? {
            return Err(io::Error::other("a network of its own could not be made"));
        }
        let places = Places::of(allowed).await;
        let (carrier, _end) = carry(spawner, &holder, places.on_machine.is_empty()).await?;
        set_rules(spawner, &holder, &places.rules()?).await?;
        Ok(Self {
            holder,
            _carrier: carrier,
            _end,
            hosts: places.hosts,
        })
    }

    /// The words that start a program in it.
    pub(super) fn entering(&self) -> Vec<String> {
        entering(&self.holder, &["net"])
    }

    /// Lines of `/etc/hosts` for what is allowed.
    pub(super) fn hosts(&self) -> &str {
        &self.hosts
    }
}

fn namespace(holder: &Process, kind: &str) -> String {
    format!("/proc/{}/ns/{kind}", holder.id())
}

/// The words that start a program in namespaces of the holder's; for who is not root, in its namespace of users first.
fn entering(holder: &Process, kinds: &[&str]) -> Vec<String> {
    let mut words = Vec::new();
    if !(is_root() && kinds.is_empty()) {
        words.push("/usr/bin/nsenter".to_owned());
    }
    if !is_root() {
        words.push(format!("--user={}", namespace(holder, "user")));
        words.push("--preserve-credentials".to_owned());
    }
    words.extend(kinds.iter().map(|kind| format!("--{kind}={}", namespace(holder, kind))));
    words
}

/// Starts slirp4netns, and waits until it says that it is ready. It ends with the pipe to it, also if this process is killed.
async fn carry(spawner: &Spawner, holder: &Process, hide_machine: bool) -> io::Result<(Process, PipeWriter)> {
    let mut handing = Handing::default();
    let (ready, saying) = io::pipe()?;
    let (ending, end) = io::pipe()?;
    let (saying, ending) = (handing.add(saying), handing.add(ending));
    let mut words = entering(holder, &[]);
    words.extend(["/usr/bin/slirp4netns", "--configure", "--enable-sandbox"].map(str::to_owned));
    words.extend([format!("--ready-fd={saying}"), format!("--exit-fd={ending}")]);
    if hide_machine {
        words.push("--disable-host-loopback".to_owned());
    }
    words.extend([
        "--netns-type=path".to_owned(),
        namespace(holder, "net"),
        "tap0".to_owned(),
    ]);
    let mut carry = command(&words)?;
    carry.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    handing.to(&mut carry)?;
    let carrier = spawner.spawn(carry).await?;
    let mut ready = pipe::Receiver::from_owned_fd(OwnedFd::from(ready))?;
    let mut one = [0];
    match ready.read(&mut one).await? {
        0 => Err(io::Error::other("slirp4netns could not carry the network")),
        _ => Ok((carrier, end)),
    }
}

fn command(words: &[String]) -> io::Result<Command> {
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

async fn set_rules(spawner: &Spawner, holder: &Process, rules: &str) -> io::Result<()> {
    let mut words = entering(holder, &["net"]);
    words.extend(["/usr/sbin/nft", "-f", "-"].map(str::to_owned));
    let mut set = command(&words)?;
    set.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut set = spawner.spawn(set).await?;
    let stdin = set.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut stdin = tokio::process::ChildStdin::from_std(stdin)?;
    stdin.write_all(rules.as_bytes()).await?;
    drop(stdin);
    if set.wait().await?.success() {
        Ok(())
    } else {
        Err(io::Error::other("nft refused the rules of its network"))
    }
}
