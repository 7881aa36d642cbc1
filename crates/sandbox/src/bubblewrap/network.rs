//! A network of a sandbox's own: slirp4netns carries it to the public internet, and rules set from outside keep it from everything
//! else: private and link-local ranges, this machine under each of its addresses, other sandboxes. The code has no rights over
//! the namespace that it is in, and so cannot change them.
//!
//! The host's own network is never shared: a page that code serves on another port of this machine would get the session cookie.

use std::io;
use std::net::{IpAddr, Ipv4Addr, ToSocketAddrs as _};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::Duration;

use command_fds::{CommandFdExt as _, FdMapping};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::pipe;

use super::spawner::{Process, Spawner};

/// How long a network may take to come up.
const PATIENCE: Duration = Duration::from_secs(10);
/// The machine, as slirp4netns shows its loopback.
const MACHINE: &str = "10.0.2.2";
/// Ranges that are not the public internet (RFC 6890).
const NOT_PUBLIC: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, \
                          192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3";

/// A place that runs may reach although it is not public: `host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    host: String,
    port: u16,
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not host:port, as api.internal:8443");
        let (host, port) = text.trim().rsplit_once(':').ok_or_else(wrong)?;
        let plain = |ch: char| ch.is_ascii_alphanumeric() || ".-".contains(ch);
        match port.parse() {
            Ok(port) if port > 0 && !host.is_empty() && host.chars().all(plain) => Ok(Self {
                host: host.to_owned(),
                port,
            }),
            _ => Err(wrong()),
        }
    }
}

/// A network; gone when it is dropped.
pub(super) struct Network {
    /// Keeps the namespace until bubblewrap is in it.
    holder: Process,
    _carrier: Process,
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
        // Ends with the pipe to it, also if this process is killed.
        hold.args(["--net", "/usr/bin/sh", "-c", "echo there; read -r _"]);
        hold.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = spawner.spawn(hold).await?;
        let said = holder.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = String::new();
        BufReader::new(tokio::process::ChildStdout::from_std(said)?)
            .read_line(&mut line)
            .await?;
        let namespace = format!("/proc/{}/ns/net", holder.id());
        if line != "there\n" || std::fs::read_link(&namespace)? == std::fs::read_link("/proc/self/ns/net")? {
            return Err(io::Error::other("a network of its own could not be made"));
        }
        let places = Places::of(allowed);
        let carrier = carry(spawner, &namespace, places.on_machine.is_empty()).await?;
        set_rules(spawner, &namespace, &places.rules()?).await?;
        Ok(Self {
            holder,
            _carrier: carrier,
            hosts: places.hosts,
        })
    }

    pub(super) fn namespace(&self) -> String {
        format!("/proc/{}/ns/net", self.holder.id())
    }

    /// Lines of `/etc/hosts` for what is allowed.
    pub(super) fn hosts(&self) -> &str {
        &self.hosts
    }
}

/// Starts slirp4netns, and waits until it says that it is ready.
async fn carry(spawner: &Spawner, namespace: &str, hide_machine: bool) -> io::Result<Process> {
    let (ready, saying) = io::pipe()?;
    let mut carry = Command::new("/usr/bin/setpriv");
    carry.args([
        "--pdeathsig",
        "KILL",
        "/usr/bin/slirp4netns",
        "--configure",
        "--ready-fd=3",
    ]);
    if hide_machine {
        carry.arg("--disable-host-loopback");
    }
    carry.args(["--enable-sandbox", "--netns-type=path", namespace, "tap0"]);
    carry.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mapping = FdMapping {
        parent_fd: OwnedFd::from(saying),
        child_fd: 3,
    };
    carry
        .fd_mappings(vec![mapping])
        .map_err(|_| io::Error::other("a pipe could not be handed over"))?;
    let carrier = spawner.spawn(carry).await?;
    let mut ready = pipe::Receiver::from_owned_fd(OwnedFd::from(ready))?;
    let mut one = [0];
    match ready.read(&mut one).await? {
        0 => Err(io::Error::other("slirp4netns could not carry the network")),
        _ => Ok(carrier),
    }
}

async fn set_rules(spawner: &Spawner, namespace: &str, rules: &str) -> io::Result<()> {
    let mut set = Command::new("/usr/bin/nsenter");
    set.args([&format!("--net={namespace}"), "/usr/sbin/nft", "-f", "-"]);
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

/// What is allowed, as addresses.
#[derive(Default)]
struct Places {
    on_machine: Vec<u16>,
    elsewhere: Vec<(Ipv4Addr, u16)>,
    hosts: String,
}

impl Places {
    fn of(allowed: &[Allowed]) -> Self {
        let mut places = Self::default();
        for Allowed { host, port } in allowed {
            // Names under it mean this machine, whether a resolver knows them or not (RFC 6761, 6.3).
            let is_here = host == "localhost" || host.ends_with(".localhost");
            let host_or_here = if is_here { "127.0.0.1" } else { host };
            let found = (host_or_here, *port).to_socket_addrs().into_iter().flatten();
            let address = found.filter_map(|address| match address.ip() {
                IpAddr::V4(address) => Some(address),
                IpAddr::V6(_) => None,
            });
            let Some(address) = address.into_iter().next() else {
                tracing::warn!(host, "a place that sandboxes may reach has no address, and is left out");
                continue;
            };
            if address.is_loopback() {
                places.on_machine.push(*port);
                places.hosts.push_str(&format!("{MACHINE} {host}\n"));
            } else {
                places.elsewhere.push((address, *port));
                places.hosts.push_str(&format!("{address} {host}\n"));
            }
        }
        places
    }

    fn rules(&self) -> io::Result<String> {
        let allowed: String = self
            .on_machine
            .iter()
            .map(|port| format!("ip daddr {MACHINE} tcp dport {port} accept\n"))
            .chain(
                self.elsewhere
                    .iter()
                    .map(|(ip, port)| format!("ip daddr {ip} tcp dport {port} accept\n")),
            )
            .collect();
        let own: String = own_addresses()?
            .into_iter()
            .map(|address| format!("ip daddr {address} drop\n"))
            .collect();
        Ok(format!(
            "table inet strongroom {{\nchain out {{\ntype filter hook output priority 0; policy drop;\noifname \"lo\" accept\n\
             ip daddr 10.0.2.3 udp dport 53 accept\nip daddr 10.0.2.3 tcp dport 53 accept\n{allowed}\
             ip daddr {{ {NOT_PUBLIC} }} drop\n{own}meta nfproto ipv6 drop\naccept\n}}\n}}\n"
        ))
    }
}

/// Addresses of this machine: what listens on all of them is not for sandboxes.
fn own_addresses() -> io::Result<Vec<Ipv4Addr>> {
    // A tree of routes: a leaf's address stands before the line that says what it is.
    let text = std::fs::read_to_string("/proc/net/fib_trie")?;
    let mut last: Option<Ipv4Addr> = None;
    let mut own = Vec::new();
    for line in text.lines() {
        if let Some((_, address)) = line.split_once("|-- ") {
            last = address.trim().parse().ok();
        } else if line.contains("/32 host LOCAL") {
            own.extend(last);
        }
    }
    own.sort();
    own.dedup();
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_host_and_a_port() {
        assert!("api.localhost:8443".parse::<Allowed>().is_ok());
        for bad in ["", "api", "api:", "api:0", "api:70000", ":80", "a b:80", "a\nb:80"] {
            assert!(bad.parse::<Allowed>().is_err(), "{bad}");
        }
    }
}
