//! When a run is over, everything of it is.

use std::fs;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use domain::chat::Language;
use sandbox::{Event, Limits, Runner, Settings};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::support::{VALUE, World, job};

/// Processes on this machine whose command line holds that.
pub(crate) fn running(what: &str) -> usize {
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.filter(|process| {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let own = process.file_name().to_string_lossy() == std::process::id().to_string();
        !own && line.windows(what.len()).any(|part| part == what.as_bytes())
    })
    .count()
}

async fn gone(what: &str) {
    // Killed at once; the kernel takes a moment to clear up.
    while running(what) > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_detached_itself_ends_with_the_run() {
    let Some(world) = World::new().await else { return };
    let code = "setsid nohup sleep 4711 >/dev/null 2>&1 & (setsid sh -c 'sleep 4711' >/dev/null 2>&1 &) & sleep 0.3; echo done";
    assert_eq!(world.shell(code).await, "done\n");
    gone("sleep\u{0}4711").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_is_killed_and_its_session_closed() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let (sender, mut events) = mpsc::channel(64);
    let mut run = world.runner.run(
        &world.vault,
        &world.ada,
        job(Language::Shell, "echo up; exec sleep 4712"),
        sender,
    );
    loop {
        tokio::select! {
            _ = &mut run => panic!("it ended by itself"),
            event = events.recv() => if matches!(event, Some(Event::Output { .. })) { break },
        }
    }
    assert_eq!((running("sleep\u{0}4712"), world.live_sessions().await), (1, 1));
    drop(run);
    gone("sleep\u{0}4712").await;
    while world.live_sessions().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_closed_after_a_limit_too_and_after_its_person_has_signed_out() {
    let limits = Limits {
        time: Duration::from_secs(2),
        ..Limits::default()
    };
    let Some(world) = World::with(Settings {
        limits,
        ..Settings::default()
    })
    .await
    else {
        return;
    };
    world.store("X_TOKEN", VALUE).await;
    let running = world.run(job(Language::Shell, "sleep 600"));
    let leaving = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let other = world.live_sessions().await;
        world.vault.accounts().sign_out(&world.ada).await.unwrap();
        other
    };
    let (ended, open) = tokio::join!(running, leaving);
    assert!(ended.is_ok());
    assert_eq!((open, world.live_sessions().await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_runs_on_two_places_take_turns_in_order() {
    let settings = Settings {
        at_once: 2,
        ..Settings::default()
    };
    let Some(world) = World::with(settings).await.map(Arc::new) else {
        return;
    };
    let (order, mut started) = mpsc::unbounded_channel();
    let mut runs = JoinSet::new();
    for number in 0..50 {
        let mut run = Box::pin(take_a_turn(Arc::clone(&world), number, order.clone()));
        // Each takes its place in the queue in this order, before it goes on by itself.
        let once = std::future::poll_fn(|context| {
            let _pending = run.as_mut().poll(context).is_ready();
            Poll::Ready(())
        });
        once.await;
        runs.spawn(run);
    }
    drop(order);
    let queued = runs.join_all().await.into_iter().max();
    let mut numbers = Vec::new();
    while let Some(number) = started.recv().await {
        numbers.push(number);
    }
    assert_eq!(queued, Some(48));
    // Two at once: a pair may start in either order.
    for (place, number) in numbers.iter().enumerate() {
        assert!(place.abs_diff(*number) <= 1, "{numbers:?}");
    }
}

/// Runs nothing, and says when it starts; gives how many it had to wait for.
async fn take_a_turn(world: Arc<World>, number: usize, order: mpsc::UnboundedSender<usize>) -> usize {
    let (sender, mut events) = mpsc::channel(64);
    let run = world
        .runner
        .run(&world.vault, &world.ada, job(Language::Shell, "true"), sender);
    let watching = async {
        let mut waited = 0;
        while let Some(event) = events.recv().await {
            match event {
                Event::Queued { ahead } => waited = waited.max(ahead),
                Event::Started { .. } => order.send(number).unwrap(),
                Event::Output { .. } => {}
            }
        }
        waited
    };
    let (ended, waited) = tokio::join!(run, watching);
    ended.unwrap();
    waited
}
