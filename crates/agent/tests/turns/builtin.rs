//! The agent that is there without a model.

use domain::RequestStatus;
use domain::chat::{EntryView, RunState, Update};
use vault::{Answer, Answered};

use crate::support::{VALUE, World, is_waiting, runs};

const PYTHON: &str = "```python\nimport os\nprint('got', os.environ['X_BEARER_TOKEN'])\n```";

#[tokio::test(flavor = "multi_thread")]
async fn it_asks_for_what_is_named_and_runs_code_with_it_in_which_the_value_never_shows() {
    let Some(world) = World::new(None).await else { return };
    world
        .say("Search X for recent mentions using my X_BEARER_TOKEN secret")
        .await;
    world.give("X_BEARER_TOKEN").await;
    let chat = world.done().await;
    let asked = chat.entries.iter().find_map(|shown| match &shown.entry {
        EntryView::Asked(asked) => Some(asked.status),
        _ => None,
    });
    assert_eq!(asked, Some(RequestStatus::Stored));
    assert!(chat.gone.is_empty(), "what has just been stored is there");

    for code in [
        PYTHON.to_owned(),
        PYTHON.replace(
            "python\nimport os\nprint('got', os.environ['X_BEARER_TOKEN'])",
            "js\nconsole.log('got', process.env.X_BEARER_TOKEN)",
        ),
    ] {
        world.say(&code).await;
        let chat = world.done().await;
        let run = *runs(&chat).last().unwrap();
        assert_eq!(run.output, "got [X_BEARER_TOKEN]\n");
        assert!(matches!(&run.state, RunState::Ended(end) if end.well), "{run:?}");
        assert_eq!(run.names.len(), 1);
        assert!(!format!("{chat:?}").contains(VALUE));
    }
    assert!(world.vault.sandboxes().list(&world.ada).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_is_taken_for_one_and_no_code_is_run() {
    let Some(world) = World::new(None).await else { return };
    world.say(PYTHON).await;
    world
        .until(|chat| chat.entries.iter().any(|shown| is_waiting(&shown.entry)))
        .await;
    let waiting = world.vault.requests().waiting(&world.ada).await.unwrap();
    let skipped = Answered {
        name: waiting[0].secrets[0].name.clone(),
        answer: Answer::Skip,
    };
    let requests = world.vault.requests();
    requests
        .answer(&world.ada, &waiting[0].id, vec![skipped])
        .await
        .unwrap();
    let chat = world.done().await;
    assert!(runs(&chat).is_empty());
    assert!(format!("{chat:?}").contains("I cannot go on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_kills_what_runs_and_takes_back_what_is_asked_for() {
    let Some(world) = World::new(None).await else { return };
    world.say("```sh\necho begun; sleep 600\n```").await;
    world
        .until(|chat| runs(chat).iter().any(|run| run.output.contains("begun")))
        .await;
    world.agents.stop(&world.ada, &world.chat).await.unwrap();
    let chat = world.done().await;
    let run = runs(&chat)[0];
    assert_eq!(run.output, "begun\n");
    assert!(matches!(&run.state, RunState::Ended(end) if !end.well), "{run:?}");

    world.say("use MY_MISSING_KEY").await;
    world
        .until(|chat| chat.entries.iter().any(|shown| is_waiting(&shown.entry)))
        .await;
    world.agents.stop(&world.ada, &world.chat).await.unwrap();
    let chat = world.done().await;
    assert!(!chat.entries.iter().any(|shown| is_waiting(&shown.entry)));
    assert!(world.vault.requests().waiting(&world.ada).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_is_told_each_piece_of_output_once() {
    let Some(world) = World::new(None).await else { return };
    let mut updates = world.agents.watch(&world.ada, &world.chat).await.unwrap();
    world.say("```sh\necho one; sleep 0.2; echo two\n```").await;
    let mut printed = String::new();
    loop {
        match updates.coming.recv().await.unwrap() {
            Update::More(_, text) => printed.push_str(&text),
            Update::Working(false) => break,
            _ => {}
        }
    }
    assert_eq!(printed, "one\ntwo\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_says_so_in_the_chat() {
    let Some(world) = World::new(None).await else { return };
    world.say("```sh\necho begun; sleep 600\n```").await;
    world
        .until(|chat| runs(chat).iter().any(|run| run.output.contains("begun")))
        .await;
    world.agents.shut_down().await;
    let chat = world.done().await;
    assert!(format!("{chat:?}").contains("The server was stopped"), "{chat:?}");
    assert!(world.vault.sandboxes().list(&world.ada).await.unwrap().is_empty());
}
