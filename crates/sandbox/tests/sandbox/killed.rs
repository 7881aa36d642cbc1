//! A server that is killed in the middle of a run, and one that stops by itself.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::chat::Language;
use sandbox::{Event, Limits, Runner, Settings};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;

use crate::processes::{descendants, is_there, until};
use crate::support::{VALUE, World, job};

/// This program, to run one of its tests that are ignored otherwise.
fn again(test: &str) -> Command {
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", test, "--ignored", "--nocapture"]);
    again.stdin(Stdio::null());
    again
}

fn groups_of(pid: u32) -> usize {
    let parents = ["/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"];
    let entries = parents.iter().flat_map(fs::read_dir).flatten().flatten();
    let name = format!("strongroom-{pid}-");
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&name))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_run_outlives_a_server_that_is_killed() {
    if World::new().await.is_none() {
        return;
    }
    let mut server = tokio::process::Command::from(again("killed::a_server_in_the_middle_of_a_run"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let pid = server.id().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    while lines
        .next_line()
        .await
        .unwrap()
        .expect("it has ended before it ran anything")
        != "It runs."
    {}
    let all = descendants(pid);
    // Bubblewrap outside and inside, and the code.
    assert!(all.len() >= 3, "{all:?}");
    server.kill().await.unwrap();
    until(|| !all.iter().any(|pid| is_there(*pid))).await;
    // The next start clears away what processes cannot take along.
    World::new().await.unwrap();
    assert_eq!(groups_of(pid), 0);
}

#[tokio::test]
#[ignore = "runs until it is killed by the test before"]
async fn a_server_in_the_middle_of_a_run() {
    let world = World::new().await.unwrap();
    let mut job = job(Language::Shell, "echo up; setsid sleep 600 & sleep 600");
    job.network = true;
    let (sender, mut events) = mpsc::channel(64);
    let watching = async {
        while let Some(event) = events.recv().await {
            if matches!(event, Event::Output { .. }) {
                println!("It runs.");
            }
        }
    };
    let (ended, ()) = tokio::join!(world.runner.run(&world.vault, &world.ada, job, sender), watching);
    panic!("it ended by itself: {ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_process_and_no_control_group_is_left_of_runs_however_they_ended() {
    if World::new().await.is_none() {
        return;
    }
    let mut server = tokio::process::Command::from(again("killed::a_server_whose_runs_end_in_all_ways"))
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let pid = server.id().unwrap();
    assert!(server.wait().await.unwrap().success());
    assert_eq!((descendants(pid), groups_of(pid)), (Vec::new(), 0));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a process of its own for the test before"]
async fn a_server_whose_runs_end_in_all_ways() {
    let limits = Limits {
        time: Duration::from_secs(1),
        output: 4096,
        ..Limits::default()
    };
    let world = World::with(Settings {
        limits,
        ..Settings::default()
    })
    .await
    .unwrap();
    world.store("X_TOKEN", VALUE).await;
    world.shell("true").await;
    world.shell("setsid sleep 600 & exit 1").await;
    world.shell("sleep 600").await;
    world.shell("yes").await;
    // Given up at whatever moment: while it is begun, comes up, runs, ends.
    for moment in 0..40 {
        let (sender, _events) = mpsc::channel(64);
        let run = world
            .runner
            .run(&world.vault, &world.ada, job(Language::Shell, "sleep 0.03"), sender);
        let _given_up = tokio::time::timeout(Duration::from_millis(3 * moment), run).await;
    }
    let own = std::process::id();
    until(|| descendants(own).is_empty() && groups_of(own) == 0).await;
    world.no_session_is_left().await;
}
