//! What the command, and everyone else on the machine, must not see.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::geteuid;

use crate::client::{PROGRAM, done};
use crate::server::Server;

/// Somebody who is not root, for tests that run as root: to root every process is readable.
const NOBODY: u32 = 65_534;

#[test]
fn the_command_gets_no_token_of_ours() {
    let (_server, account) = Server::with_account();
    account.store("A", "value");
    let sandbox_token = account.open_sandbox(serde_json::json!({})).1;
    for token in [&account.token, &sandbox_token] {
        let client = account
            .client()
            .set("STRONGROOM_TOKEN", token)
            .set("COPY_OF_IT", &format!("Bearer {token}"))
            .set("STRONGROOM_ROOT_KEY", "00ff")
            .set("STRONGROOM_NOTE", "sr_pat_of_another_time");
        let seen = client.run(&["run", "--", "env"]).succeeded().out;
        for kept_out in [
            "STRONGROOM_TOKEN",
            "COPY_OF_IT",
            "sr_pat_",
            "sr_sbx_",
            "STRONGROOM_ROOT_KEY",
            "00ff",
        ] {
            assert!(!seen.contains(kept_out), "{kept_out} is in the command's environment");
        }
        assert!(
            seen.contains("A=value\n") && seen.contains("STRONGROOM_URL=http://127.0.0.1"),
            "{seen}"
        );
    }
}

#[test]
fn the_commands_parent_cannot_be_read() {
    let (_server, account) = Server::with_account();
    account.store("A", "value");
    // Built directories may be closed to others; the program needs nothing but itself.
    let open_to_all = tempfile::tempdir().unwrap();
    fs::set_permissions(open_to_all.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = open_to_all.path().join("strongroom");
    // By a process of its own: what another test starts in this moment would have the file open for writing too, and then it
    // cannot be run (ETXTBSY).
    assert!(
        Command::new("cp")
            .arg(PROGRAM)
            .arg(&program)
            .status()
            .unwrap()
            .success()
    );

    let look = "\
        for file in environ mem maps auxv; do ( : < /proc/$PPID/$file ) 2>/dev/null && echo $file; done
        ls /proc/$PPID/fd >/dev/null 2>&1 && echo fd
        ( : < /proc/$$/environ ) && echo own";
    let as_nobody = |command: Command, words: &[&str]| {
        let mut command = account.client().prepared(command, words);
        if geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.current_dir("/");
        done(command.output().unwrap()).succeeded().out
    };
    // The check itself can fail: an ordinary parent of the same user is open.
    let shell = as_nobody(Command::new("sh"), &["-c", "sh -c \"$1\"; :", "sh", look]);
    assert_eq!(shell, "environ\nmem\nmaps\nauxv\nfd\nown\n");
    let ours = as_nobody(Command::new(&program), &["run", "--", "sh", "-c", look]);
    assert_eq!(ours, "own\n");
}

#[test]
fn no_value_and_no_token_stands_in_an_argument_of_any_process() {
    let (_server, account) = Server::with_account();
    let value = "a-value-that-stands-nowhere-else-3f9c";
    account.store("CANARY", value);
    let mut child = account
        .client()
        .command(&[
            "run",
            "--",
            "sh",
            "-c",
            "test -n \"$CANARY\" && echo ready; sleep 30; :",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line).unwrap();
    assert_eq!(line, "ready\n");
    sleep(Duration::from_millis(100));
    let mut seen_own = false;
    for process in fs::read_dir("/proc").unwrap().map_while(Result::ok) {
        let Ok(arguments) = fs::read(process.path().join("cmdline")) else {
            continue;
        };
        let arguments = String::from_utf8_lossy(&arguments).into_owned();
        assert!(
            !arguments.contains(value) && !arguments.contains(&account.token),
            "{arguments:?}"
        );
        seen_own |= arguments.contains("test -n \"$CANARY\"");
    }
    assert!(seen_own, "the look at /proc found the command");
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
    child.wait().unwrap();
}

#[test]
fn the_command_inherits_no_file_of_ours() {
    let (_server, account) = Server::with_account();
    let look = ["sh", "-c", "ls /proc/$$/fd"];
    let alone = done(
        Command::new(look[0])
            .args(&look[1..])
            .stdin(Stdio::null())
            .output()
            .unwrap(),
    )
    .succeeded();
    let under_run = account.client().run(&[&["run", "--"][..], &look].concat()).succeeded();
    assert_eq!(under_run.out, alone.out);
}

#[test]
fn a_crash_writes_no_values_to_the_disk() {
    let (_server, account) = Server::with_account();
    let done = account
        .client()
        .run(&["run", "--", "sh", "-c", "ulimit -S -c"])
        .succeeded();
    assert_eq!(done.out, "0\n");
}

#[test]
fn no_output_but_that_of_env_holds_a_value() {
    let (_server, account) = Server::with_account();
    let value = "a-value-to-be-kept-quiet-77aa";
    let client = account.client();
    let set = client
        .run_with_input(&["secrets", "set", "QUIET"], value.as_bytes())
        .succeeded();
    let again = client
        .run_with_input(&["secrets", "set", "QUIET"], value.as_bytes())
        .succeeded();
    let import = client.run_with_input(&["secrets", "import", "-"], format!("QUIET={value}\n").as_bytes());
    let list = client.run(&["secrets", "list"]).succeeded();
    let json = client.run(&["secrets", "list", "--json"]).succeeded();
    let run = client.run(&["run", "--", "true"]).succeeded();
    for said in [set, again, import, list, json, run] {
        assert!(!said.out.contains(value) && !said.err.contains(value), "{said:?}");
        assert!(
            !said.out.contains(&account.token) && !said.err.contains(&account.token),
            "{said:?}"
        );
    }
    let env = account.sandbox_client().run(&["env"]).succeeded();
    assert!(env.out.contains(value), "and it was there to be seen");
}
