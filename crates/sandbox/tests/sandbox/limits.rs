//! Code that takes more than it may.

use std::time::Duration;

use domain::chat::Language;
use sandbox::{End, Limit, Limits, Settings};

use crate::processes::{endless, seen, sleeping};
use crate::support::{VALUE, World, job};

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

async fn end_of(world: &World, language: Language, code: &str) -> (End, String) {
    let (outcome, printed) = world.run(job(language, code)).await.unwrap();
    (outcome.end, printed)
}

#[tokio::test(flavor = "multi_thread")]
async fn time_is_limited_and_what_was_printed_before_is_there() {
    let Some(world) = small().await else { return };
    let (end, printed) = end_of(&world, Language::Shell, "printf begun; sleep 600").await;
    assert_eq!(end, End::Limited(Limit::Time(5)));
    assert_eq!(end.to_string(), "It took more than 5 seconds, and was stopped.");
    assert_eq!(printed, "begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_limited_to_the_byte() {
    let Some(world) = small().await else { return };
    let (end, printed) = end_of(&world, Language::Shell, "yes too much").await;
    assert_eq!(end, End::Limited(Limit::Output(64)));
    assert_eq!(printed.len(), 64 << 10);
    let (end, printed) = end_of(&world, Language::Shell, "head -c 65537 /dev/zero | tr '\\0' x").await;
    assert_eq!((end, printed.len()), (End::Limited(Limit::Output(64)), 64 << 10));
    let (end, printed) = end_of(&world, Language::Shell, "head -c 65536 /dev/zero | tr '\\0' x").await;
    assert_eq!((end, printed.len()), (End::Exited(0), 64 << 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_cuts_a_value_in_two_shows_no_half_of_it() {
    let Some(world) = small().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let code = "head -c 65516 /dev/zero | tr '\\0' x; printf %s \"$X_TOKEN\"; sleep 600";
    let (end, printed) = end_of(&world, Language::Shell, code).await;
    assert_eq!(end, End::Limited(Limit::Output(64)));
    assert_eq!(printed.trim_start_matches('x'), "");
    // By time, four bytes at most are passed on of what could become a value.
    let half = &VALUE[..20];
    let (end, printed) = end_of(&world, Language::Shell, &format!("printf {half}; sleep 600")).await;
    assert_eq!(end, End::Limited(Limit::Time(5)));
    assert_eq!(printed, VALUE[..4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn disk_is_limited() {
    let Some(world) = small().await else { return };
    let code = "head -c 64M /dev/zero > large && echo all";
    assert_eq!(
        end_of(&world, Language::Shell, code).await.0,
        End::Limited(Limit::Disk(4))
    );
    let many = "for i in range(100):\n    open(f'/tmp/{i}', 'wb').write(b'x' * (1 << 20))";
    assert_eq!(
        end_of(&world, Language::Python, many).await.0,
        End::Limited(Limit::Disk(4))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_limited() {
    let Some(world) = small().await else { return };
    for (language, greedy) in [
        (
            Language::Python,
            "data = []\nwhile True:\n    data.append(b'x' * (8 << 20))",
        ),
        (
            Language::JavaScript,
            "const data = []; for (;;) data.push(Buffer.alloc(8 << 20, 1));",
        ),
        (
            Language::JavaScript,
            "const data = []; for (let i = 0; ; i++) data.push({ i, text: `number ${i}` });",
        ),
    ] {
        let (end, printed) = end_of(&world, language, greedy).await;
        assert_eq!(end, End::Limited(Limit::Memory(128)), "{language:?} {printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_machine_has_no_memory_left_a_run_is_ended_before_anything_else() {
    let Some(world) = small().await else { return };
    assert_eq!(world.shell("cat /proc/self/oom_score_adj").await, "1000\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_are_limited() {
    let Some(world) = small().await else { return };
    let many = "import subprocess\nall = [subprocess.Popen(['sleep', '3']) for _ in range(100)]";
    let (end, printed) = end_of(&world, Language::Python, many).await;
    assert_eq!(end, End::Limited(Limit::Processes(16)), "{printed}");
    let few = "import subprocess\nall = [subprocess.Popen(['sleep', '0.1']) for _ in range(15)]\nprint([p.wait() for p in all].count(0))";
    assert_eq!(
        end_of(&world, Language::Python, few).await,
        (End::Exited(0), "15\n".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_of_forks_ends_with_its_time_and_leaves_nothing() {
    let Some(world) = small().await else { return };
    let long = endless(4714);
    // The first well before the bomb, which may leave no room for another and end at once.
    let bomb = format!("sleep {long} & sleep 1; bomb() {{ bomb & bomb & sleep {long}; }}; bomb; sleep 600");
    let (ended, ()) = tokio::join!(end_of(&world, Language::Shell, &bomb), seen(&long));
    assert_ne!(ended.0, End::Exited(0));
    assert!(sleeping(&long).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_in_files_counts_too() {
    let Some(world) = small().await else { return };
    let printed = world
        .shell("head -c 64M /dev/zero > /dev/shm/large || echo refused")
        .await;
    assert!(printed.contains("refused"), "{printed}");
}
