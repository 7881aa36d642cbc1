//! The command line of a sandbox: a chain of programs, each of which takes something away and starts the next.

use std::io::{self, PipeReader};
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::cgroup::{Cgroup, OWN_PROCESSES};
use super::handing::Handing;
use super::network::Network;
use crate::environment::Secrets;
use crate::{Job, Limits};

/// Users that nobody is: each run has one of its own, so that limits of a user are limits of a run. Not beyond 65,535, which is all that
/// many containers have.
const USERS: std::ops::Range<usize> = 61_700..64_700;
/// Who the code is, in its own eyes.
const AGENT: &str = "1000";
/// Where the code runs.
const HOME: &str = "/work";

/// Joins the control groups whose files are the first argument, then becomes the rest.
const JOIN: &str = r#"for group in $1; do echo $$ > "$group" || exit 125; done; shift; exec "$@""#;

/// Inside: says that it is there, unpacks the files, runs the code, ends what the code has left running, reports.
///
/// The files come after it has said so: by then it ends with the server, and before, there is nothing to run. The report is a line,
/// with the number of free blocks if the code failed, then an archive of the files that it left, of 64 KiB each at most.
///
/// Where the machine's memory comes to its end, the kernel is to end a run before anything else (proc(5), `oom_score_adj`).
const START: &str = r#"umask 077
{ echo 1000 > /proc/self/oom_score_adj; } 2>/dev/null
echo up >&3
tar -xf - || exit 125
main=$1; shift
"$@" "$main" </dev/null 3>&-
code=$?
kill -KILL -1 2>/dev/null
{
  if [ "$code" -eq 0 ]; then echo; else stat -f -c %a . || echo; fi
  [ "$(echo *)" = "$main" ] || find . -maxdepth 1 -type f ! -name "$main" -size -129 -print0 | tar -cf - --null -T -
} >&3 2>/dev/null
exit "$code""#;

/// Files of `/etc` that programs need, read-only; those with contents of our own are made for each run.
/// Of `/etc/ssl` what is public: the machine's own keys lie beside it.
const ETC: [&str; 7] = [
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/ssl/openssl.cnf",
    "/etc/ca-certificates",
];

/// What is to be confined, and how.
pub(super) struct Plan<'a> {
    pub(super) job: &'a Job,
    pub(super) secrets: &'a Secrets,
    pub(super) limits: &'a Limits,
    /// Its number among all runs of this process.
    pub(super) number: usize,
    pub(super) network: Option<&'a Network>,
    pub(super) cgroup: Option<&'a Cgroup>,
    /// Whether bubblewrap can keep the code from making further namespaces.
    pub(super) closes_namespaces: bool,
}

/// What comes out of a sandbox, beside what its code prints.
pub(super) struct Pipes {
    /// From the script inside.
    pub(super) report: PipeReader,
    /// From bubblewrap.
    pub(super) info: PipeReader,
}

impl Plan<'_> {
    /// The command, and the pipes from it.
    pub(super) fn command(&self) -> io::Result<(Command, Pipes)> {
        let mut handing = Handing::default();
        let (report, reporting) = io::pipe()?;
        let (info, informing) = io::pipe()?;
        // The first, so that the script finds it under 3.
        handing.add(reporting);
        let informing = handing.add(informing);
        let environment = handing.add_contents(&self.environment())?;

        let mut chain: Vec<String> = Vec::new();
        let mut add = |words: &[&str]| chain.extend(words.iter().map(|word| (*word).to_owned()));
        if let Some(cgroup) = self.cgroup {
            add(&["/usr/bin/sh", "-c", JOIN, "sh", &cgroup.entrances()]);
        }
        if let Some(network) = self.network {
            let entering = network.entering();
            add(&entering.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if is_root() {
            let user = USERS.start + (std::process::id() as usize + self.number) % USERS.len();
            let (user, group) = (format!("--reuid={user}"), format!("--regid={user}"));
            add(&["/usr/bin/setpriv", &user, &group, "--clear-groups", "--no-new-privs"]);
        }
        add(&["/usr/bin/bwrap", "--args", &environment.to_string()]);
        add(&["--info-fd", &informing.to_string()]);
        add(&["--unshare-user", "--uid", AGENT, "--gid", AGENT, "--cap-drop", "ALL"]);
        if self.closes_namespaces {
            add(&["--disable-userns"]);
        }
        add(&[
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]);
        add(&["--die-with-parent", "--new-session", "--hostname", "sandbox"]);
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
        for (name, text) in self.etc() {
            let file = handing.add_contents(text.as_bytes())?.to_string();
            add(&["--perms", "0444", "--ro-bind-data", &file, &format!("/etc/{name}")]);
        }
        add(&["--size", "1048576", "--tmpfs", "/dev/shm"]);
        add(&["--size", &self.limits.disk.to_string(), "--tmpfs", HOME]);
        add(&["--dir", "/work/.tmp", "--symlink", "work/.tmp", "/tmp"]);
        // What bubblewrap itself has made belongs to the user inside, who shall not fill it.
        add(&["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME]);
        // Inside, because the kernel counts processes of a user by the namespace that they are in.
        add(&["/usr/bin/prlimit", "--core=0", "--nofile=256"]);
        add(&[&format!("--fsize={}", self.limits.disk)]);
        if self.cgroup.is_none() {
            // Otherwise the group has the same limits over all of them together, and tells when they are reached.
            let processes = self.limits.processes + OWN_PROCESSES;
            add(&[
                &format!("--nproc={processes}"),
                &format!("--data={}", self.limits.memory),
            ]);
        }
        add(&[
            "--",
            "/usr/bin/sh",
            "-c",
            START,
            "sh",
            self.job.main(),
            self.job.interpreter(),
        ]);

        let (first, rest) = chain.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(first);
        command.args(rest).env_clear().current_dir("/");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        handing.to(&mut command)?;
        Ok((command, Pipes { report, info }))
    }

    /// The environment inside, as arguments that only bubblewrap can read. Not as its own environment: the programs before it, which
    /// are not confined yet, shall take no orders from names that people choose.
    fn environment(&self) -> Zeroizing<Vec<u8>> {
        let own = [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("HOME", HOME),
            ("USER", "agent"),
            ("TMPDIR", "/work/.tmp"),
            ("LANG", "C.UTF-8"),
            ("PYTHONUNBUFFERED", "1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        // Exposed into the environment of the sandbox, which is what it is for.
        let secrets = self
            .secrets
            .values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let all = || secrets.clone().chain(own);
        // At its size from the beginning: a buffer that grows leaves copies behind.
        let size = all().map(|(name, value)| name.len() + value.len() + 16).sum::<usize>() + 16;
        let mut words = Zeroizing::new(Vec::with_capacity(size));
        let mut add = |word: &str| {
            words.extend_from_slice(word.as_bytes());
            words.push(0);
        };
        add("--clearenv");
        for (name, value) in all() {
            ["--setenv", name, value].into_iter().for_each(&mut add);
        }
        words
    }

    fn etc(&self) -> [(&'static str, String); 5] {
        let hosts = self.network.map(Network::hosts).unwrap_or_default();
        let resolver = self.network.map(|_| Network::RESOLVER).unwrap_or_default();
        [
            ("hosts", format!("127.0.0.1 localhost\n{hosts}")),
            ("passwd", format!("agent:x:{AGENT}:{AGENT}:agent:{HOME}:/bin/sh\n")),
            ("group", format!("agent:x:{AGENT}:\n")),
            ("resolv.conf", resolver.to_owned()),
            ("nsswitch.conf", "hosts: files dns\n".to_owned()),
        ]
    }
}

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
