//! The command line of a sandbox: a chain of programs, each of which takes something away and starts the next.

use std::io;
use std::io::PipeReader;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use command_fds::{CommandFdExt as _, FdMapping};
use tempfile::TempDir;

use super::cgroup::{Cgroup, OWN_PROCESSES};
use super::network::Network;
use crate::environment::Secrets;
use crate::{Job, Limits};

/// Users that nobody is: each run has one of its own, so that limits of a user are limits of a run.
const USERS: std::ops::Range<usize> = 61_700..64_700;
/// Where the sandbox finds the pipe for its report.
const REPORT: i32 = 3;
/// Where the code runs.
const HOME: &str = "/work";

/// Joins the control groups whose files are the first argument, then becomes the rest.
const JOIN: &str = r#"for group in $1; do echo $$ > "$group" || exit 125; done; shift; exec "$@""#;

/// Inside: unpacks the files, runs the code, reports what it left. The report has free blocks on its first line, then an archive.
const START: &str = r#"umask 077
mkdir .tmp && tar -xf - || exit 125
main=$1; shift
"$@" "$main" </dev/null 3>&-
code=$?
{ stat -f -c %a . ; tar -cf - --exclude=./.tmp --exclude="./$main" . ; } >&3 2>/dev/null
exit $code"#;

/// Files of `/etc` that programs need, read-only; those with contents of our own are written for each run.
const ETC: [&str; 5] = [
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl",
    "/etc/ca-certificates",
];

/// What is confined, and how.
pub(super) struct Confined<'a> {
    pub(super) job: &'a Job,
    pub(super) secrets: &'a Secrets,
    pub(super) limits: &'a Limits,
    /// Its number among all runs of this process.
    pub(super) number: usize,
    pub(super) network: Option<&'a Network>,
    pub(super) cgroup: Option<&'a Cgroup>,
}

impl Confined<'_> {
    /// The command, the pipe on which its report comes, and the folder of its files of `/etc`, to be kept as long as it runs.
    pub(super) fn command(&self) -> io::Result<(Command, PipeReader, TempDir)> {
        let etc = self.etc()?;
        let (report, sending) = io::pipe()?;
        let mut chain: Vec<String> = Vec::new();
        let mut add = |words: &[&str]| chain.extend(words.iter().map(|word| (*word).to_owned()));
        if let Some(network) = self.network {
            add(&["/usr/bin/nsenter", &format!("--net={}", network.namespace())]);
        }
        let user = self.user();
        if is_root() {
            let (user, group) = (format!("--reuid={user}"), format!("--regid={user}"));
            add(&["/usr/bin/setpriv", &user, &group, "--clear-groups", "--no-new-privs"]);
        }
        add(&["/usr/bin/prlimit", "--core=0", "--nofile=256"]);
        add(&[
            &format!("--nproc={}", self.limits.processes + OWN_PROCESSES),
            &format!("--data={}", self.limits.memory),
            &format!("--fsize={}", self.limits.disk),
            "--",
        ]);
        add(&[
            "/usr/bin/bwrap",
            "--unshare-user",
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
        ]);
        add(&[
            "--unshare-cgroup-try",
            "--die-with-parent",
            "--new-session",
            "--hostname",
            "sandbox",
        ]);
        if self.network.is_none() {
            add(&["--unshare-net"]);
        }
        add(&["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]);
        for (target, link) in [
            ("usr/bin", "/bin"),
            ("usr/lib", "/lib"),
            ("usr/lib64", "/lib64"),
            ("usr/sbin", "/sbin"),
        ] {
            add(&["--symlink", target, link]);
        }
        for file in ETC {
            add(&["--ro-bind-try", file, file]);
        }
        for name in ["hosts", "passwd", "group", "resolv.conf", "nsswitch.conf"] {
            let from = etc.path().join(name);
            add(&["--ro-bind", &from.display().to_string(), &format!("/etc/{name}")]);
        }
        add(&["--size", "1048576", "--tmpfs", "/dev/shm"]);
        add(&[
            "--size",
            &self.limits.disk.to_string(),
            "--tmpfs",
            HOME,
            "--symlink",
            "work/.tmp",
            "/tmp",
        ]);
        // What bubblewrap itself has made belongs to the user inside, who shall not fill it.
        add(&["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME]);
        add(&[
            "/usr/bin/sh",
            "-c",
            START,
            "sh",
            self.job.main(),
            self.job.interpreter(),
        ]);

        let mut command = Command::new("/usr/bin/sh");
        let entrances = self.cgroup.map(Cgroup::entrances).unwrap_or_default();
        command.args(["-c", JOIN, "sh", &entrances]).args(chain);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir("/");
        command.env_clear().envs([
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("HOME", HOME),
            ("TMPDIR", "/work/.tmp"),
            ("LANG", "C.UTF-8"),
            ("PYTHONUNBUFFERED", "1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ]);
        // Exposed into the environment of the sandbox, which is what it is for. Not in an argument, which others can read.
        command.envs(self.secrets.values.iter().map(|(name, value)| (name, value.as_str())));
        let mapping = FdMapping {
            parent_fd: OwnedFd::from(sending),
            child_fd: REPORT,
        };
        command
            .fd_mappings(vec![mapping])
            .map_err(|_| io::Error::other("a pipe could not be handed over"))?;
        Ok((command, report, etc))
    }

    fn user(&self) -> usize {
        if is_root() {
            USERS.start + self.number % USERS.len()
        } else {
            usize::try_from(rustix::process::geteuid().as_raw()).unwrap_or(USERS.start)
        }
    }

    fn etc(&self) -> io::Result<TempDir> {
        let etc = tempfile::Builder::new().prefix("strongroom-sandbox-").tempdir()?;
        let user = self.user();
        let hosts = self.network.map(Network::hosts).unwrap_or_default();
        let resolver = self.network.map(|_| Network::RESOLVER).unwrap_or_default();
        for (name, text) in [
            ("hosts", format!("127.0.0.1 localhost\n{hosts}")),
            ("passwd", format!("agent:x:{user}:{user}:agent:{HOME}:/bin/sh\n")),
            ("group", format!("agent:x:{user}:\n")),
            ("resolv.conf", resolver.to_owned()),
            ("nsswitch.conf", "hosts: files dns\n".to_owned()),
        ] {
            let path = etc.path().join(name);
            std::fs::write(&path, text)?;
            make_readable(&path, 0o644)?;
        }
        make_readable(etc.path(), 0o755)?;
        Ok(etc)
    }
}

fn make_readable(path: &std::path::Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
