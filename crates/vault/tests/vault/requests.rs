//! Asking and answering: once and for ever, all or nothing, by the one who was asked.

use std::time::Duration;

use domain::{
    ActivityKind, Description, Outcome, RequestDraft, RequestStatus, RequestView, RequestedDraft, SecretRequest,
};
use serde_json::json;
use vault::{ActivityFilter, Actor, Answer, Answered, Error, OpenSandbox, Origin, Result};

use crate::support::{World, agent, name, requiring, value};

fn asking(names: &[&str]) -> SecretRequest {
    let secret = |name: &&str| RequestedDraft {
        name: (*name).to_owned(),
        description: Some("Reads mentions".to_owned()),
        obtain_url: Some("https://developer.x.com/".to_owned()),
    };
    let draft = RequestDraft {
        secrets: names.iter().map(secret).collect(),
        reason: Some("To look for mentions".to_owned()),
        requested_by: Some("Research agent".to_owned()),
        ttl_seconds: None,
    };
    draft.check().unwrap()
}

fn saving(name_text: &str, value_text: &str) -> Answered {
    Answered {
        name: name(name_text),
        answer: Answer::Save {
            value: value(value_text),
            description: Description::parse("Searches X").unwrap(),
            replacing: None,
        },
    }
}

fn answering(name_text: &str, answer: Answer) -> Answered {
    Answered {
        name: name(name_text),
        answer,
    }
}

async fn ask(world: &World, agent: &Actor, names: &[&str]) -> RequestView {
    world.vault.requests().create(agent, asking(names)).await.unwrap()
}

fn outcomes(view: &RequestView) -> Vec<Option<Outcome>> {
    view.secrets.iter().map(|secret| secret.outcome).collect()
}

async fn kinds(world: &World, actor: &Actor) -> Vec<ActivityKind> {
    let page = world
        .vault
        .activity()
        .list(actor, &ActivityFilter::default(), None, 100)
        .await
        .unwrap();
    page.items.into_iter().map(|record| record.kind).collect()
}

#[tokio::test]
async fn what_is_answered_is_stored_and_the_agent_learns_that_and_nothing_more() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    let asked = ask(&world, &bot, &["X_TOKEN", "OTHER"]).await;
    assert_eq!(asked.status, RequestStatus::Pending);
    let field = world.vault.requests().open(&ada, &asked.id).await.unwrap();
    assert_eq!((field.account.as_str(), field.stored.len()), ("ada", 0));

    let answers = vec![saving("X_TOKEN", "v4lue"), answering("OTHER", Answer::Skip)];
    world.vault.requests().answer(&ada, &asked.id, answers).await.unwrap();

    let learnt = world
        .vault
        .requests()
        .get(&bot, &asked.id, Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(learnt.status, RequestStatus::Stored);
    assert_eq!(outcomes(&learnt), [Some(Outcome::Stored), Some(Outcome::Skipped)]);
    assert!(!serde_json::to_string(&learnt).unwrap().contains("v4lue"));
    assert_eq!(world.environment(&ada).await, json!({ "X_TOKEN": "v4lue" }));
    let kinds = kinds(&world, &ada).await;
    assert!(kinds.contains(&ActivityKind::RequestMade) && kinds.contains(&ActivityKind::RequestStored));
}

#[tokio::test]
async fn a_request_is_answered_once_and_for_ever() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    let requests = world.vault.requests();

    let stored = ask(&world, &bot, &["A"]).await;
    requests.answer(&ada, &stored.id, vec![saving("A", "a")]).await.unwrap();
    let skipped = ask(&world, &bot, &["B"]).await;
    requests.skip(&ada, &skipped.id).await.unwrap();
    let cancelled = ask(&world, &bot, &["C"]).await;
    requests.cancel(&bot, &cancelled.id).await.unwrap();
    let expired = ask(&world, &bot, &["D"]).await;
    world.clock.advance(Duration::from_secs(900));

    for (request, status) in [
        (stored, RequestStatus::Stored),
        (skipped, RequestStatus::Skipped),
        (cancelled, RequestStatus::Cancelled),
        (expired, RequestStatus::Expired),
    ] {
        let refused = requests.skip(&ada, &request.id).await;
        assert!(
            matches!(refused, Err(Error::RequestEnded(is)) if is == status),
            "{status:?}"
        );
        let refused = requests.cancel(&bot, &request.id).await;
        assert!(
            matches!(refused, Err(Error::RequestEnded(is)) if is == status),
            "{status:?}"
        );
        let seen = requests.get(&bot, &request.id, Duration::ZERO).await.unwrap();
        assert_eq!(seen.status, status);
        assert!(seen.ended_at.is_some());
    }
}

#[tokio::test]
async fn nothing_of_a_refused_answer_is_stored() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    world.store(&ada, "TAKEN", "old").await;
    let asked = ask(&world, &bot, &["NEW", "TAKEN"]).await;
    let requests = world.vault.requests();
    let answer = |answers| requests.answer(&ada, &asked.id, answers);

    let taken = answer(vec![saving("NEW", "n"), saving("TAKEN", "t")]).await;
    assert!(matches!(taken, Err(Error::Taken { name: taken }) if taken == name("TAKEN")));
    let half = answer(vec![saving("NEW", "n")]).await;
    assert!(matches!(half, Err(Error::Invalid(_))));
    let unasked = answer(vec![
        saving("NEW", "n"),
        answering("TAKEN", Answer::Keep),
        saving("MORE", "m"),
    ])
    .await;
    assert!(matches!(unasked, Err(Error::Invalid(_))));
    let nothing_to_keep = answer(vec![answering("NEW", Answer::Keep), answering("TAKEN", Answer::Keep)]).await;
    assert!(matches!(nothing_to_keep, Err(Error::Invalid(_))));

    assert_eq!(world.environment(&ada).await, json!({ "TAKEN": "old" }));
    let pending = world.vault.requests().waiting(&ada).await.unwrap();
    assert_eq!(pending.len(), 1, "it can still be answered");
}

#[tokio::test]
async fn a_name_that_exists_is_kept_or_replaced_as_it_was_seen() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    world.store(&ada, "KEPT", "k").await;
    world.store(&ada, "REPLACED", "r").await;
    let asked = ask(&world, &bot, &["KEPT", "REPLACED"]).await;
    let seen = world.vault.requests().open(&ada, &asked.id).await.unwrap();
    let etag = seen.stored(&name("REPLACED")).unwrap().etag.clone();
    let replacing = |etag: String| {
        vec![
            answering("KEPT", Answer::Keep),
            answering(
                "REPLACED",
                Answer::Save {
                    value: value("new"),
                    description: Description::default(),
                    replacing: Some(etag),
                },
            ),
        ]
    };
    let stale = world
        .vault
        .requests()
        .answer(&ada, &asked.id, replacing("\"another\"".to_owned()))
        .await;
    assert!(matches!(stale, Err(Error::Changed)));
    let answered = world
        .vault
        .requests()
        .answer(&ada, &asked.id, replacing(etag))
        .await
        .unwrap();
    assert_eq!(outcomes(&answered), [Some(Outcome::Kept), Some(Outcome::Stored)]);
    assert_eq!(world.environment(&ada).await, json!({ "KEPT": "k", "REPLACED": "new" }));
}

#[tokio::test]
async fn only_the_person_who_is_asked_can_open_it_and_they_learn_of_others() {
    let world = World::new().await;
    let (ada, eve) = (world.person("ada").await, world.person("eve").await);
    let bot = agent(&world, &ada).await;
    let asked = ask(&world, &bot, &["A"]).await;
    let requests = world.vault.requests();
    assert!(matches!(requests.open(&eve, &asked.id).await, Err(Error::NotFound)));
    let answered = requests.answer(&eve, &asked.id, vec![saving("A", "eve's")]).await;
    assert!(matches!(answered, Err(Error::NotFound)));
    assert!(matches!(requests.skip(&eve, &asked.id).await, Err(Error::NotFound)));
    assert!(requests.waiting(&eve).await.unwrap().is_empty());
    assert!(kinds(&world, &ada).await.contains(&ActivityKind::RequestRefused));
    assert!(!kinds(&world, &eve).await.contains(&ActivityKind::RequestRefused));
    assert_eq!(world.environment(&eve).await, json!({}));
}

#[tokio::test]
async fn another_credential_of_the_same_person_learns_nothing_of_it() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (bot, other) = (agent(&world, &ada).await, agent(&world, &ada).await);
    let asked = ask(&world, &bot, &["A"]).await;
    let requests = world.vault.requests();
    let seen = requests.get(&other, &asked.id, Duration::ZERO).await;
    assert!(matches!(seen, Err(Error::NotFound)));
    assert!(matches!(requests.cancel(&other, &asked.id).await, Err(Error::NotFound)));
    assert!(requests.list(&other).await.unwrap().items.is_empty());
    assert_eq!(requests.list(&bot).await.unwrap().items.len(), 1);
    let by_a_person = requests.create(&ada, asking(&["A"])).await;
    assert!(matches!(by_a_person, Err(Error::MissingScope(_))));
}

#[tokio::test]
async fn whoever_waits_is_woken_by_the_answer() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    let asked = ask(&world, &bot, &["A"]).await;
    let waiters: Vec<_> = (0..500)
        .map(|_| {
            let (vault, bot, id) = (world.vault.clone(), bot.clone(), asked.id.clone());
            tokio::spawn(async move { vault.requests().get(&bot, &id, Duration::from_secs(60)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let answers = vec![saving("A", "a")];
    world.vault.requests().answer(&ada, &asked.id, answers).await.unwrap();
    for waiter in waiters {
        assert_eq!(waiter.await.unwrap().unwrap().status, RequestStatus::Stored);
    }
}

#[tokio::test]
async fn a_sandbox_asks_for_what_it_lacks_once_and_gets_it() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let session = world.sandbox(&ada).await;
    let missing = |result: Result<serde_json::Value>| match result {
        Err(Error::MissingSecrets { names, request }) => (names, request.unwrap()),
        other => panic!("{other:?}"),
    };
    let (names, first) = missing(world.fetch(&session, requiring(&["B", "A"], Duration::ZERO)).await);
    assert_eq!(names, [name("A"), name("B")]);
    let (_, again) = missing(world.fetch(&session, requiring(&["A", "B"], Duration::ZERO)).await);
    assert_eq!(first.id, again.id);
    let (_, other) = missing(world.fetch(&session, requiring(&["A"], Duration::ZERO)).await);
    assert_ne!(first.id, other.id);

    let waiting = world.fetch(&session, requiring(&["A", "B"], Duration::from_secs(60)));
    let (fetched, answered) = tokio::join!(waiting, async {
        tokio::task::yield_now().await;
        let answers = vec![saving("A", "a"), saving("B", "b")];
        world.vault.requests().answer(&ada, &first.id, answers).await
    });
    answered.unwrap();
    assert_eq!(fetched.unwrap(), json!({ "A": "a", "B": "b" }));
}

#[tokio::test]
async fn who_said_no_to_a_sandbox_is_not_asked_again_and_it_stops_waiting() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let session = world.sandbox(&ada).await;
    let fetch = || world.fetch(&session, requiring(&["A"], Duration::from_secs(60)));
    let (fetched, ()) = tokio::join!(fetch(), async {
        let request = loop {
            if let Some(request) = world.vault.requests().waiting(&ada).await.unwrap().pop() {
                break request;
            }
            tokio::task::yield_now().await;
        };
        world.vault.requests().skip(&ada, &request.id).await.unwrap();
    });
    for fetched in [fetched, fetch().await] {
        let Err(Error::MissingSecrets { request, .. }) = fetched else {
            panic!("it is still missing");
        };
        assert_eq!(request.unwrap().status, RequestStatus::Skipped);
    }
    assert!(world.vault.requests().waiting(&ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_name_that_was_skipped_among_others_is_not_asked_for_again() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let session = world.sandbox(&ada).await;
    let fetch = |names: &'static [&'static str]| world.fetch(&session, requiring(names, Duration::ZERO));
    assert!(fetch(&["A", "B"]).await.is_err());
    let asked = world.vault.requests().waiting(&ada).await.unwrap().pop().unwrap();
    let answers = vec![saving("A", "a"), answering("B", Answer::Skip)];
    world.vault.requests().answer(&ada, &asked.id, answers).await.unwrap();
    let Err(Error::MissingSecrets { request, .. }) = fetch(&["A", "B"]).await else {
        panic!("B is still missing");
    };
    assert_eq!(request.unwrap().id, asked.id);
    assert!(world.vault.requests().waiting(&ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_program_that_is_started_again_and_again_has_one_request_waiting() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    for _ in 0..25 {
        let opened = world
            .vault
            .sandboxes()
            .open(&ada, OpenSandbox::default())
            .await
            .unwrap();
        let session = world
            .vault
            .sandboxes()
            .authenticate(opened.token.expose(), Origin::default())
            .await
            .unwrap();
        let missing = world.fetch(&session, requiring(&["A"], Duration::ZERO)).await;
        assert!(matches!(missing, Err(Error::MissingSecrets { request: Some(_), .. })));
        world.vault.sandboxes().close(&ada, &opened.view.id).await.unwrap();
    }
    assert_eq!(world.vault.requests().waiting(&ada).await.unwrap().len(), 1);
}

#[tokio::test]
async fn at_most_twenty_wait_and_a_sandbox_is_told_what_is_missing_all_the_same() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    for _ in 0..20 {
        ask(&world, &bot, &["A"]).await;
    }
    let one_more = world.vault.requests().create(&bot, asking(&["A"])).await;
    assert!(matches!(one_more, Err(Error::TooMany { limit: 20, .. })));
    let session = world.sandbox(&ada).await;
    let missing = world.fetch(&session, requiring(&["B"], Duration::ZERO)).await;
    assert!(matches!(missing, Err(Error::MissingSecrets { request: None, .. })));
    world.clock.advance(Duration::from_secs(900));
    ask(&world, &bot, &["A"]).await;
}

#[tokio::test]
async fn a_revoked_token_takes_back_what_it_asked_for() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    ask(&world, &bot, &["A"]).await;
    let tokens = world.vault.tokens().list(&ada).await.unwrap();
    world.vault.tokens().revoke(&ada, &tokens[0].id).await.unwrap();
    assert!(world.vault.requests().waiting(&ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_request_whose_row_was_changed_by_somebody_else_does_not_count() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bot = agent(&world, &ada).await;
    let asked = ask(&world, &bot, &["A"]).await;
    let changed = world.run_sql("UPDATE requests SET asked_by = 'Your bank'").await;
    assert_eq!(changed, 1);
    let opened = world.vault.requests().open(&ada, &asked.id).await;
    assert!(matches!(opened, Err(Error::Corrupt { table: "requests", .. })));
}

#[tokio::test]
async fn a_sandbox_that_has_ended_asks_for_nothing_more() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let session = world.sandbox(&ada).await;
    let asked = || domain::SecretRequest::of_names([&name("X_TOKEN")]);
    world
        .vault
        .requests()
        .create_for_sandbox(&session, asked())
        .await
        .unwrap();
    let open = world.vault.sandboxes().list(&ada).await.unwrap();
    world.vault.sandboxes().close(&ada, &open[0].id).await.unwrap();
    let late = world.vault.requests().create_for_sandbox(&session, asked()).await;
    assert!(
        matches!(late, Err(Error::Unauthenticated(vault::AuthFailure::Revoked))),
        "{late:?}"
    );
}
