//! Code that takes more than it may.

use std::time::Duration;

use domain::chat::Language;
use sandbox::{End, Limit, Limits, Settings};

use crate::support::{World, job};

async fn small() -> Option<World> {
    let limits = Limits {
        time: Duration::from_secs(5),
        memory: 128 << 20,
        processes: 16,
        output: 64 << 10,
        disk: 4 << 20,
    };
    World::with(Settings {
        limits,
        ..Settings::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_limit_holds_and_is_said_in_plain_words() {
    let Some(world) = small().await else { return };
    let (outcome, _) = world.run(job(Language::Shell, "echo begun; sleep 600")).await.unwrap();
    assert_eq!(outcome.end, End::Limited(Limit::Time(5)));
    assert_eq!(outcome.end.to_string(), "It took more than 5 seconds, and was stopped.");

    let (outcome, printed) = world.run(job(Language::Shell, "yes too much")).await.unwrap();
    assert_eq!(outcome.end, End::Limited(Limit::Output(64)));
    assert!(printed.len() <= 64 << 10);

    let (outcome, printed) = world
        .run(job(Language::Shell, "head -c 64M /dev/zero > large && echo all"))
        .await
        .unwrap();
    assert_eq!(outcome.end, End::Limited(Limit::Disk(4)), "{printed}");

    let greedy = "data = []\nwhile True:\n    data.append(bytearray(8 << 20))";
    let (outcome, printed) = world.run(job(Language::Python, greedy)).await.unwrap();
    let said = outcome.end == End::Limited(Limit::Memory(128)) || printed.contains("MemoryError");
    assert!(said, "{:?} {printed}", outcome.end);

    let many = "import subprocess\nall = [subprocess.Popen(['sleep', '3']) for _ in range(100)]";
    let (outcome, printed) = world.run(job(Language::Python, many)).await.unwrap();
    let said =
        outcome.end == End::Limited(Limit::Processes(16)) || printed.contains("Resource temporarily unavailable");
    assert!(said, "{:?} {printed}", outcome.end);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_of_forks_ends_with_its_time_and_leaves_nothing() {
    let Some(world) = small().await else { return };
    let (outcome, _) = world
        .run(job(Language::Shell, "bomb() { bomb | bomb & }; bomb; sleep 600"))
        .await
        .unwrap();
    assert_ne!(outcome.end, End::Exited(0));
    assert_eq!(crate::ending::running("bomb()"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_in_files_counts_too() {
    let Some(world) = small().await else { return };
    let printed = world
        .shell("head -c 64M /dev/zero > /dev/shm/large || echo refused")
        .await;
    assert!(printed.contains("refused"), "{printed}");
}
