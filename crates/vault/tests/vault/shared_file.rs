//! The database file while another program has it open, as an operator's commands and backups do.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::task::JoinSet;
use vault::{AuthFailure, Error, OpenSandbox};

use crate::support::{World, everything, new};

/// Another program's connection, which waits for its turn as long as given.
async fn another_program(world: &World, patience: Duration) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(world.dir.path().join("strongroom.db"))
        .busy_timeout(patience);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Far less than a server waits for what another holds, and more than it takes to roll back.
const PATIENCE: Duration = Duration::from_secs(3);

#[tokio::test]
async fn what_was_refused_keeps_no_other_program_from_writing() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let taken = world.vault.secrets().create(&ada, new("A", "another")).await;
    assert!(taken.is_err());
    let mut other = another_program(&world, PATIENCE).await;
    other.execute("BEGIN IMMEDIATE; ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn who_hangs_up_in_the_middle_of_a_change_keeps_no_other_program_from_writing() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let mut other = another_program(&world, PATIENCE).await;
    for power in 0..14 {
        let secrets = world.vault.secrets();
        let looking = async {
            for _ in 0..2_u32.pow(power) {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = secrets.create(&ada, new(&format!("A{power}"), "a")) => {}
            () = looking => {}
        }
        other.execute("BEGIN IMMEDIATE; ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn fetches_that_cannot_be_recorded_are_refused_together() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let session = Arc::new(world.sandbox(&ada).await);
    let mut other = another_program(&world, PATIENCE).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let mut fetches = JoinSet::new();
    for _ in 0..12 {
        let (vault, session) = (world.vault.clone(), Arc::clone(&session));
        fetches.spawn(async move { vault.sandboxes().environment(&session, everything()).await.is_ok() });
    }
    // One wait for the file, perhaps two, and not one for each of them.
    let answered = tokio::time::timeout(Duration::from_secs(60), fetches.join_all()).await;
    assert_eq!(answered.unwrap(), [false; 12]);
    other.execute("ROLLBACK").await.unwrap();
    assert_eq!(world.fetch(&session, everything()).await.unwrap(), json!({ "A": "a" }));
}

#[tokio::test]
async fn a_session_that_is_ended_while_its_fetch_waits_to_be_recorded_gets_nothing() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let sandboxes = world.vault.sandboxes();
    let opened = sandboxes.open(&ada, OpenSandbox::default()).await.unwrap();
    let session = sandboxes
        .authenticate(opened.token.expose(), vault::Origin::default())
        .await
        .unwrap();
    let mut other = another_program(&world, PATIENCE).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    // Whoever ends the session has the writer and waits for the file; the fetch finds the session alive, and waits for the
    // writer.
    let closing = sandboxes.close(&ada, &opened.view.id);
    let fetching = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        world.fetch(&session, everything()).await
    };
    let releasing = async {
        tokio::time::sleep(Duration::from_millis(900)).await;
        other.execute("ROLLBACK").await.unwrap();
    };
    let (closed, fetched, ()) = tokio::join!(closing, fetching, releasing);
    closed.unwrap();
    assert!(matches!(fetched, Err(Error::Unauthenticated(AuthFailure::Revoked))));
}
