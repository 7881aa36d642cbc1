//! What the machine can do, found out by doing it once.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Settings;
use super::cgroup::Cgroup;
use super::network::Network;
use super::spawner::Spawner;
use crate::Availability;

const PROGRAMS: [&str; 5] = ["bwrap", "prlimit", "setpriv", "sh", "tar"];
const FOR_NETWORK: [&str; 3] = ["slirp4netns", "nsenter", "unshare"];

/// What was found.
pub(super) struct Machine {
    pub(super) availability: Availability,
    /// Whether bubblewrap can keep code from making further namespaces: from version 0.8 on.
    pub(super) closes_namespaces: bool,
}

pub(super) async fn look(spawner: &Spawner, settings: &Settings) -> Machine {
    Cgroup::sweep();
    let closes_namespaces = runs(spawner, &["--disable-userns"]).await;
    let problem = match missing(&PROGRAMS) {
        Some(missing) => Some(format!(
            "The program {missing} is not installed on this server. On Debian: apt-get install bubblewrap util-linux. Then \
             start Strongroom again."
        )),
        None if closes_namespaces || runs(spawner, &[]).await => None,
        None => Some(
            "The system does not let bubblewrap make namespaces. Allow them (sysctl kernel.unprivileged_userns_clone=1, or \
             kernel.apparmor_restrict_unprivileged_userns=0), or in a container start it with the rights to. Then start \
             Strongroom again."
                .to_owned(),
        ),
    };
    let network_problem = match problem {
        Some(_) => None,
        None => network_problem(spawner, settings).await,
    };
    Machine {
        availability: Availability {
            problem,
            network_problem,
        },
        closes_namespaces,
    }
}

/// Whether bubblewrap does, with this.
async fn runs(spawner: &Spawner, with: &[&str]) -> bool {
    let mut nothing = Command::new("/usr/bin/bwrap");
    nothing.args(with).args([
        "--unshare-user",
        "--unshare-all",
        "--die-with-parent",
        "--ro-bind",
        "/usr",
        "/usr",
    ]);
    nothing.args(["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"]);
    nothing.args(["--proc", "/proc", "--dev", "/dev", "/usr/bin/true"]);
    nothing.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match spawner.spawn(nothing).await {
        Ok(process) => process.wait().await.is_ok_and(|status| status.success()),
        Err(_) => false,
    }
}

async fn network_problem(spawner: &Spawner, settings: &Settings) -> Option<String> {
    let nft = (!Path::new("/usr/sbin/nft").exists()).then_some("nft");
    if let Some(missing) = missing(&FOR_NETWORK).or(nft) {
        return Some(format!(
            "Code that runs here has no network: the program {missing} is not installed on this server. On Debian: apt-get \
             install slirp4netns nftables. Then start Strongroom again."
        ));
    }
    let error = Network::open(spawner, &settings.allowed).await.err()?;
    Some(format!("Code that runs here has no network: {error}."))
}

fn missing(programs: &[&'static str]) -> Option<&'static str> {
    let found = |program: &&str| Path::new("/usr/bin").join(program).exists();
    programs.iter().find(|program| !found(program)).copied()
}
