//! When a run is over, everything of it is.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use domain::chat::Language;
use sandbox::{Event, Limits, Runner, Settings};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::processes::{endless, gone, seen, sleeping};
use crate::support::{VALUE, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn what_detached_itself_ends_with_the_run() {
    let Some(world) = World::new().await else { return };
    let long = endless(4711);
    let code = format!(
        "setsid nohup sleep {long} >/dev/null 2>&1 & (setsid sh -c 'sleep {long}; true' >/dev/null 2>&1 &) & sleep 1; echo done"
    );
    let (printed, ()) = tokio::join!(world.shell(&code), seen(&long));
    assert_eq!(printed, "done\n");
    // At once: a run has ended when all of it has.
    assert!(sleeping(&long).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_running_writes_no_file_and_prints_nothing_after_the_end() {
    let Some(world) = World::new().await else { return };
    let code = "(while true; do echo more >> log; echo late; done) & sleep 0.2; echo end > ended";
    let (outcome, _) = world.run(job(Language::Shell, code)).await.unwrap();
    assert!(
        outcome.files.iter().any(|(name, _)| name == "ended"),
        "{:?}",
        outcome.files
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_is_killed_and_its_session_closed() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let long = endless(4712);
    let (sender, mut events) = mpsc::channel(64);
    let code = format!("echo up; exec sleep {long}");
    let mut run = world
        .runner
        .run(&world.vault, &world.ada, job(Language::Shell, &code), sender);
    loop {
        tokio::select! {
            _ = &mut run => panic!("it ended by itself"),
            event = events.recv() => if matches!(event, Some(Event::Output { .. })) { break },
        }
    }
    seen(&long).await;
    assert_eq!(world.live_sessions().await, 1);
    drop(run);
    gone(&long).await;
    world.no_session_is_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_waiting_leaves_the_queue() {
    let settings = Settings {
        at_once: 1,
        ..Settings::default()
    };
    let Some(world) = World::with(settings).await else {
        return;
    };
    world.store("X_TOKEN", VALUE).await;
    let long = endless(4713);
    let code = format!("exec sleep {long}");
    let (sender, _first) = mpsc::channel(64);
    let mut first = world
        .runner
        .run(&world.vault, &world.ada, job(Language::Shell, &code), sender);
    let (sender, mut waits) = mpsc::channel(64);
    let mut second = world
        .runner
        .run(&world.vault, &world.ada, job(Language::Shell, "true"), sender);
    tokio::select! {
        _ = &mut first => panic!("it ended by itself"),
        () = seen(&long) => {}
    }
    tokio::select! {
        _ = &mut second => panic!("it did not wait"),
        event = waits.recv() => assert_eq!(event, Some(Event::Queued { ahead: 1 })),
    }
    // Who waits has no secrets yet.
    assert_eq!(world.live_sessions().await, 1);
    drop(second);
    drop(first);
    assert_eq!(world.shell("echo next").await, "next\n");
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
    assert_eq!(numbers.len(), 50);
    // When one starts, of those before it only the one that holds the other place may still be coming up.
    for (place, number) in numbers.iter().enumerate() {
        let (started, _) = numbers.split_at(place);
        let missing = (0..*number).filter(|earlier| !started.contains(earlier)).count();
        assert!(missing <= 1, "{numbers:?}");
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
