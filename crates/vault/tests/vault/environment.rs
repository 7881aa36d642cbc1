//! The way out: narrowing, requiring, waiting, ending, recording.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{ActivityKind, EnvFormat};
use serde_json::json;
use vault::{ActivityFilter, AuthFailure, EnvRequest, Error, OpenSandbox, Origin};

use crate::support::{World, everything, name, requiring};

#[tokio::test]
async fn a_session_opened_for_some_names_never_gets_others() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    world.store(&ada, "B", "b").await;
    let session = world.sandbox_for(&ada, Some(&["A", "LATER"])).await;
    assert_eq!(world.fetch(&session, everything()).await.unwrap(), json!({ "A": "a" }));
    let outside = world.fetch(&session, requiring(&["B"], Duration::ZERO)).await;
    assert!(matches!(outside, Err(Error::OutsideSession { names }) if names == [name("B")]));
    let only = EnvRequest {
        only: Some(BTreeSet::from([name("B"), name("NOWHERE")])),
        ..everything()
    };
    assert_eq!(world.fetch(&session, only).await.unwrap(), json!({}));
    world.store(&ada, "LATER", "l").await;
    assert_eq!(
        world.fetch(&session, everything()).await.unwrap(),
        json!({ "A": "a", "LATER": "l" })
    );
}

#[tokio::test]
async fn what_is_missing_is_named_at_once_when_nobody_waits() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let session = world.sandbox(&ada).await;
    let missing = world.fetch(&session, requiring(&["A", "B", "C"], Duration::ZERO)).await;
    assert!(matches!(missing, Err(Error::MissingSecrets { names, .. }) if names == [name("B"), name("C")]));
}

#[tokio::test]
async fn a_waiter_gets_the_secret_that_is_stored_meanwhile() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let session = world.sandbox(&ada).await;
    let (fetched, ()) = tokio::join!(
        world.fetch(&session, requiring(&["SOON"], Duration::from_secs(60))),
        async {
            tokio::task::yield_now().await;
            world.store(&ada, "UNRELATED", "u").await;
            world.store(&ada, "SOON", "now").await;
        }
    );
    assert_eq!(fetched.unwrap(), json!({ "SOON": "now", "UNRELATED": "u" }));
}

#[tokio::test]
async fn a_waiter_whose_session_is_ended_is_told_so() {
    let world = World::new().await;
    let ada = world.person("ada").await;
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
    let (fetched, ()) = tokio::join!(
        world.fetch(&session, requiring(&["NEVER"], Duration::from_secs(60))),
        async { world.vault.sandboxes().close(&ada, &opened.view.id).await.unwrap() }
    );
    assert!(matches!(fetched, Err(Error::Unauthenticated(AuthFailure::Revoked))));
}

#[tokio::test]
async fn a_shutdown_answers_waiters_at_once() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let session = world.sandbox(&ada).await;
    let (fetched, ()) = tokio::join!(
        world.fetch(&session, requiring(&["NEVER"], Duration::from_secs(60))),
        async { world.vault.begin_shutdown() }
    );
    assert!(matches!(fetched, Err(Error::MissingSecrets { .. })));
}

#[tokio::test]
async fn a_session_ends_by_time_by_revocation_and_with_its_account() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let sandboxes = world.vault.sandboxes();
    let open = || async { sandboxes.open(&ada, OpenSandbox::default()).await.unwrap() };
    let refused = |token: String| {
        let vault = world.vault.clone();
        async move {
            vault
                .sandboxes()
                .authenticate(&token, Origin::default())
                .await
                .err()
                .unwrap()
        }
    };
    let (revoked, lapsed) = (open().await, open().await);
    sandboxes.close(&ada, &revoked.view.id).await.unwrap();
    let failure = refused(revoked.token.expose().to_owned()).await;
    assert!(matches!(failure, Error::Unauthenticated(AuthFailure::Revoked)));
    world.clock.advance(Duration::from_secs(900));
    let failure = refused(lapsed.token.expose().to_owned()).await;
    assert!(matches!(failure, Error::Unauthenticated(AuthFailure::Expired)));

    let orphaned = open().await;
    sandboxes
        .authenticate(orphaned.token.expose(), Origin::default())
        .await
        .unwrap();
    world
        .vault
        .accounts()
        .delete_account(&ada, &crate::support::raw(crate::support::PASSWORD))
        .await
        .unwrap();
    let failure = refused(orphaned.token.expose().to_owned()).await;
    assert!(matches!(failure, Error::Unauthenticated(AuthFailure::Unknown)));
}

#[tokio::test]
async fn every_fetch_and_every_refusal_leaves_a_record() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    world.store(&ada, "B", "b").await;
    let session = world.sandbox(&ada).await;
    world.fetch(&session, everything()).await.unwrap();
    world
        .fetch(&session, requiring(&["MISSING"], Duration::ZERO))
        .await
        .unwrap_err();
    let page = world
        .vault
        .activity()
        .list(&ada, &ActivityFilter::default(), None, 3)
        .await
        .unwrap();
    assert_eq!(page.items[0].kind, ActivityKind::EnvRefused);
    assert_eq!(page.items[0].names, ["MISSING"]);
    assert_eq!(page.items[1].kind, ActivityKind::RequestMade);
    assert_eq!(page.items[1].names, ["MISSING"]);
    assert_eq!(page.items[2].kind, ActivityKind::EnvFetched);
    assert_eq!(page.items[2].names, ["A", "B"]);
    assert!(page.items.iter().all(|record| record.sandbox_id.is_some()));

    let next = world
        .vault
        .activity()
        .list(&ada, &ActivityFilter::default(), page.next_cursor.as_deref(), 50)
        .await
        .unwrap();
    assert_eq!(next.items[0].kind, ActivityKind::SandboxOpened);
    assert!(next.next_cursor.is_none());
}

#[tokio::test]
async fn a_fetch_that_cannot_be_recorded_is_refused() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let session = world.sandbox(&ada).await;
    assert!(world.fetch(&session, everything()).await.is_ok());
    // The next statement that writes a record fails, as a full disk would make it.
    sabotage(&world).await;
    assert!(matches!(
        world.fetch(&session, everything()).await,
        Err(Error::Storage(_))
    ));
}

async fn sabotage(world: &World) {
    use sqlx::{Connection, Executor};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(world.dir.path().join("strongroom.db"));
    let mut other = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    other
        .execute("CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT raise(ABORT, 'no space'); END")
        .await
        .unwrap();
    other.close().await.unwrap();
}

#[tokio::test]
async fn a_format_that_cannot_carry_a_value_is_refused_by_name() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "FINE", "a").await;
    world.store(&ada, "LINES", "a\nb").await;
    let session = world.sandbox(&ada).await;
    let docker = EnvRequest {
        format: EnvFormat::Docker,
        ..everything()
    };
    let refused = world
        .vault
        .sandboxes()
        .environment(&session, docker)
        .await
        .err()
        .unwrap();
    assert!(
        matches!(&refused, Error::Unrepresentable(what) if what.names.len() == 1 && what.names[0].0 == name("LINES"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fetch_after_an_acknowledged_change_never_sees_the_old_value() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "0").await;
    let session = std::sync::Arc::new(world.sandbox(&ada).await);
    // Others keep the cache warm, so that a stale entry has every chance to be put back.
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (vault, session) = (world.vault.clone(), std::sync::Arc::clone(&session));
            tokio::spawn(async move {
                for _ in 0..200 {
                    vault.sandboxes().environment(&session, everything()).await.unwrap();
                }
            })
        })
        .collect();
    for round in 1..60 {
        let text = round.to_string();
        let change = vault::SecretChange {
            value: Some(crate::support::value(&text)),
            description: None,
        };
        world
            .vault
            .secrets()
            .update(&ada, &name("A"), change, None)
            .await
            .unwrap();
        assert_eq!(world.fetch(&session, everything()).await.unwrap(), json!({ "A": text }));
    }
    for reader in readers {
        reader.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_account_deleted_in_the_middle_of_fetches_takes_nobody_elses_down() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let staying = std::sync::Arc::new(world.sandbox(&ada).await);
    for round in 0..5 {
        let eve = world.person(&format!("eve{round}")).await;
        world.store(&eve, "E", "e").await;
        let leaving = std::sync::Arc::new(world.sandbox(&eve).await);
        let fetches: Vec<_> = [&staying, &leaving]
            .into_iter()
            .cycle()
            .take(60)
            .map(|session| {
                let (vault, session) = (world.vault.clone(), std::sync::Arc::clone(session));
                tokio::spawn(async move { vault.sandboxes().environment(&session, everything()).await.is_ok() })
            })
            .collect();
        let password = crate::support::raw(crate::support::PASSWORD);
        world.vault.accounts().delete_account(&eve, &password).await.unwrap();
        let mut adas = 0;
        for (number, fetch) in fetches.into_iter().enumerate() {
            adas += usize::from(fetch.await.unwrap() && number % 2 == 0);
        }
        assert_eq!(adas, 30, "round {round}");
    }
}

#[tokio::test]
async fn a_reserved_name_cannot_be_required() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let path = domain::SecretName::from_stored("PATH").unwrap();
    let request = EnvRequest {
        require: BTreeSet::from([path]),
        ..everything()
    };
    assert!(matches!(
        world.fetch(&world.sandbox(&ada).await, request).await,
        Err(Error::Invalid(_))
    ));
}
