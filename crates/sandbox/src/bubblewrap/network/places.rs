//! Where a network leads to: everywhere that is public, and what is allowed beside that.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

/// The machine, as slirp4netns shows its loopback.
const MACHINE: &str = "10.0.2.2";
/// Ranges that are not the public internet (RFC 6890).
const NOT_PUBLIC: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, \
                          192.0.2.0/24, 192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/3";

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

/// What is allowed, as addresses.
#[derive(Default)]
pub(super) struct Places {
    /// Ports of this machine.
    pub(super) on_machine: Vec<u16>,
    /// Anywhere else.
    elsewhere: Vec<(Ipv4Addr, u16)>,
    /// Lines of `/etc/hosts`.
    pub(super) hosts: String,
}

impl Places {
    pub(super) async fn of(allowed: &[Allowed]) -> Self {
        let mut places = Self::default();
        for Allowed { host, port } in allowed {
            // Names under it mean this machine, whether a resolver knows them or not (RFC 6761, 6.3).
            let is_here = host == "localhost" || host.ends_with(".localhost");
            let host_or_here = if is_here { "127.0.0.1" } else { host };
            let found = tokio::net::lookup_host((host_or_here, *port)).await;
            let address = found.into_iter().flatten().find_map(|address| match address.ip() {
                IpAddr::V4(address) => Some(address),
                IpAddr::V6(_) => None,
            });
            let Some(address) = address else {
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

    /// What the network lets through, for nft(8).
    pub(super) fn rules(&self) -> io::Result<String> {
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
