//! What the machine can do, found out by doing it once.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Settings;
use super::command::is_root;
use super::network::Network;
use super::spawner::Spawner;
use crate::Availability;

const PROGRAMS: [&str; 5] = ["bwrap", "prlimit", "setpriv", "sh", "tar"];
const FOR_NETWORK: [&str; 3] = ["slirp4netns", "nsenter", "unshare"];

pub(super) async fn availability(spawner: &Spawner, settings: &Settings) -> Availability {
    let problem = problem(spawner).await;
    let network_problem = match problem {
        Some(_) => None,
        None => network_problem(spawner, settings).await,
    };
    Availability {
        problem,
        network_problem,
    }
}

async fn problem(spawner: &Spawner) -> Option<String> {
    if let Some(missing) = missing(&PROGRAMS) {
        return Some(format!(
            "The program {missing} is not installed on this server. On Debian: apt-get install bubblewrap util-linux. Then \
             start Strongroom again."
        ));
    }
    let mut nothing = Command::new("/usr/bin/bwrap");
    nothing.args([
        "--unshare-all",
        "--die-with-parent",
        "--ro-bind",
        "/usr",
        "/usr",
        "--symlink",
        "usr/lib",
        "/lib",
    ]);
    nothing.args([
        "--symlink",
        "usr/lib64",
        "/lib64",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "/usr/bin/true",
    ]);
    nothing.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let works = match spawner.spawn(nothing).await {
        Ok(mut process) => process.wait().await.is_ok_and(|status| status.success()),
        Err(_) => false,
    };
    (!works).then(|| {
        "The system does not let bubblewrap make namespaces. Allow them (sysctl kernel.unprivileged_userns_clone=1, or \
         kernel.apparmor_restrict_unprivileged_userns=0), or in a container start it with the rights to. Then start \
         Strongroom again."
            .to_owned()
    })
}

async fn network_problem(spawner: &Spawner, settings: &Settings) -> Option<String> {
    if !is_root() {
        return Some(
            "Code that runs here has no network: only a server that was started by root can give it one of its own."
                .to_owned(),
        );
    }
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
