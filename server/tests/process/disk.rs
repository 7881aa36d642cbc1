//! A disk that is full, and one that is read-only: a clear answer, nothing half-saved, no value without its record, and
//! all is well by itself once there is room.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Answer, SERVER, call};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const VALUE_BYTES: usize = 20_000;

/// Puts a small disk at `$1`, makes an account there, and runs the server on it. Each line on standard input makes room.
const ON_A_SMALL_DISK: &str = r#"
    mount -t tmpfs -o size=6m,mode=0700 small "$1" || exit 77
    export STRONGROOM_DATA_DIR="$1/data"
    echo 'a long enough passphrase' | "$2" user add ada --password-stdin > /dev/null || exit 1
    "$2" token create --user ada --scopes secrets:write,sandboxes:write || exit 1
    head -c 2500000 /dev/zero > "$1/filler"
    "$2" & server=$!
    trap 'kill $server' TERM
    while read -r _; do rm -f "$1/filler"; echo room; done
    kill $server
    wait $server
"#;

/// A database that cannot be written.
const READ_ONLY: &str = r#"
    export STRONGROOM_DATA_DIR="$1/data"
    mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77
    exec "$2"
"#;

/// Runs a script in a mount namespace of its own, as its root.
pub(crate) fn confined(script: &str, dir: &Path) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(dir)
        .arg(SERVER)
        .env("STRONGROOM_ADDR", "127.0.0.1:0")
        .env("STRONGROOM_LOG", "error")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// Whether a disk can be made here. Where it cannot, that is said, and is a failure if `STRONGROOM_TEST_SANDBOX` is set,
/// as for sandboxes, which need the same.
pub(crate) fn disks_can_be_made() -> bool {
    let made = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "mount",
            "-t",
            "tmpfs",
            "none",
            "/mnt",
        ])
        .output()
        .is_ok_and(|output| output.status.success());
    if !made {
        assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none());
        eprintln!("NOT TESTED, no disk can be mounted here");
    }
    made
}

struct SmallDisk {
    process: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    host: String,
    bearer: String,
    _dir: TempDir,
}

impl SmallDisk {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut process = confined(ON_A_SMALL_DISK, dir.path()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let token = lines.next().expect("a token").unwrap();
        let ready = lines.next().expect("the address").unwrap();
        let host = ready.strip_prefix("Strongroom is ready at http://").unwrap().to_owned();
        // There is an account, so no setup code follows.
        Self {
            process,
            lines,
            host,
            bearer: format!("Bearer {token}"),
            _dir: dir,
        }
    }

    fn make_room(&mut self) {
        self.process.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        assert_eq!(self.lines.next().unwrap().unwrap(), "room");
    }

    fn call(&self, method: &str, path: &str, bearer: &str, body: &str) -> Answer {
        let stream = TcpStream::connect(&self.host).unwrap();
        call(
            stream,
            &self.host,
            method,
            path,
            &[JSON, ("Authorization", bearer)],
            body,
        )
        .unwrap()
    }

    /// Gives ten secrets the values of that round, all or none.
    fn put(&self, round: usize) -> Answer {
        let secrets: Vec<String> = (0..10)
            .map(|number| {
                let value = format!("{round}-{}", "v".repeat(VALUE_BYTES));
                format!(r#"{{"name":"KEY_{number}","value":"{value}"}}"#)
            })
            .collect();
        let body = format!(r#"{{"secrets":[{}],"replace":true}}"#, secrets.join(","));
        self.call("POST", "/api/v1/secrets/batch", &self.bearer, &body)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ended = self.process.wait();
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_is_half_saved_or_handed_out_unrecorded() {
    if !disks_can_be_made() {
        return;
    }
    let mut disk = SmallDisk::start();
    let opened = disk.call("POST", "/api/v1/sandboxes", &disk.bearer, "{}");
    let opened: Value = serde_json::from_str(&opened.body).unwrap();
    let sandbox = format!("Bearer {}", opened.get("token").and_then(Value::as_str).unwrap());
    let round_of = |answer: &Answer| -> Vec<String> {
        let found: Value = serde_json::from_str(&answer.body).unwrap();
        let values = found.as_object().unwrap().values().map(|value| value.as_str().unwrap());
        values
            .map(|value| value.split('-').next().unwrap().to_owned())
            .collect()
    };
    // Earlier values are kept, so that it fills.
    let mut last = 0;
    let refused = loop {
        let answer = disk.put(last + 1);
        if answer.status != 200 {
            break answer;
        }
        last += 1;
        assert!(last < 50, "the disk does not fill");
    };
    assert!(last > 0, "the disk was full before anything was stored");
    assert_eq!(refused.status, 507, "{}", refused.body);
    assert!(
        refused.body.contains("disk") && refused.head.contains("application/problem+json"),
        "{}",
        refused.body
    );
    // A fetch is served with what was acknowledged, recorded, or not at all.
    let mut unrecorded = 0;
    for _ in 0..40 {
        let answer = disk.call("GET", "/api/v1/sandbox/env", &sandbox, "");
        match answer.status {
            200 => assert!(round_of(&answer).iter().all(|round| *round == last.to_string())),
            507 => unrecorded += 1,
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert!(unrecorded > 0, "no fetch was refused, though its record has no room");
    println!("{last} rounds stored; of 40 fetches {unrecorded} were refused, since they could not be recorded");
    disk.make_room();
    let after = disk.call("GET", "/api/v1/sandbox/env", &sandbox, "");
    assert_eq!(after.status, 200, "{}", after.body);
    assert!(
        round_of(&after).iter().all(|round| *round == last.to_string()),
        "half of it was saved"
    );
    assert_eq!(disk.put(last + 1).status, 200);
    assert_eq!(
        round_of(&disk.call("GET", "/api/v1/sandbox/env", &sandbox, "")),
        vec![(last + 1).to_string(); 10]
    );
}

#[test]
fn a_read_only_disk_is_said_at_the_start() {
    if !disks_can_be_made() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("data")).unwrap();
    let output = confined(READ_ONLY, dir.path()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("Read-only file system") && said.contains("data"),
        "{said}"
    );
}
