//! What the data directory shows to somebody who has all of it but the root key.

use std::fs;
use std::path::Path;

use sqlx::{Connection, Executor, SqliteConnection};
use vault::Error;

use crate::support::{World, everything, name};

const CANARY: &str = "canary-7f3a9c51-value-that-must-not-be-found";

/// Every byte of every file below the directory.
pub(crate) fn all_bytes(dir: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        bytes.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

pub(crate) fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test]
async fn a_value_is_in_no_byte_of_the_data_directory() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "CANARY_NAME", CANARY).await;
    world.fetch(&world.sandbox(&ada).await, everything()).await.unwrap();
    let bytes = all_bytes(world.dir.path());
    assert!(
        holds(&bytes, "CANARY_NAME"),
        "the search finds what is stored in the clear"
    );
    assert!(!holds(&bytes, CANARY));
    assert!(!holds(&bytes, &hex::encode(CANARY)));
}

#[tokio::test]
async fn what_is_deleted_is_gone_from_the_files() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEPT_NAME", "k").await;
    world.store(&ada, "GOING_NAME", "g").await;
    let sealed = stored_envelope(&world, "GOING_NAME").await;
    assert!(
        all_bytes(world.dir.path())
            .windows(sealed.len())
            .any(|window| window == sealed)
    );
    world.vault.secrets().delete(&ada, &name("GOING_NAME")).await.unwrap();
    assert!(
        !all_bytes(world.dir.path())
            .windows(sealed.len())
            .any(|window| window == sealed)
    );
}

#[tokio::test]
async fn rows_swapped_in_the_database_do_not_open() {
    let world = World::new().await;
    let (ada, eve) = (world.person("ada").await, world.person("eve").await);
    world.store(&ada, "A", "a").await;
    world.store(&ada, "B", "b").await;
    world.store(&eve, "E", "e").await;
    let swaps = [
        "UPDATE secret_versions SET envelope = (SELECT envelope FROM secret_versions v JOIN secrets s ON s.id = v.secret_id WHERE s.name = 'B')
         WHERE secret_id = (SELECT id FROM secrets WHERE name = 'A')",
        "UPDATE secrets SET name = 'RENAMED' WHERE name = 'A'",
        "UPDATE secrets SET user_id = (SELECT user_id FROM secrets WHERE name = 'E') WHERE name = 'A'",
        "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys k WHERE k.id != data_keys.id LIMIT 1)",
        "UPDATE data_keys SET commitment = zeroblob(32)",
    ];
    for swap in swaps {
        let world = copy(&world).await;
        let mut db = open(world.dir.path()).await;
        assert!(db.execute(swap).await.unwrap().rows_affected() > 0);
        db.close().await.unwrap();
        let mut damaged = 0;
        for login in ["ada", "eve"] {
            let session = world
                .vault
                .accounts()
                .sign_in(
                    login,
                    &crate::support::raw(crate::support::PASSWORD),
                    vault::Origin::default(),
                )
                .await
                .unwrap();
            let sandbox = world.sandbox(&session.actor).await;
            damaged += usize::from(matches!(
                world.fetch(&sandbox, everything()).await,
                Err(Error::Corrupt { .. })
            ));
        }
        assert!(damaged > 0, "unnoticed: {swap}");
    }
}

/// Authority written into the database by somebody without the root key.
#[tokio::test]
async fn forged_authority_does_not_count() {
    let world = World::new().await;
    let (ada, eve) = (world.person("ada").await, world.person("eve").await);
    world.store(&ada, "A", "a").await;
    let opened = world
        .vault
        .sandboxes()
        .open(&eve, vault::OpenSandbox::default())
        .await
        .unwrap();
    let narrow = Some(vec![name("NOTHING")]);
    let narrowed = vault::OpenSandbox {
        names: narrow,
        ..vault::OpenSandbox::default()
    };
    let narrowed = world.vault.sandboxes().open(&ada, narrowed).await.unwrap();
    let program = crate::tokens::token_actor(&world, &eve, "sandboxes:write").await;
    drop(program);

    let mut db = open(world.dir.path()).await;
    let adas_id = "(SELECT id FROM users WHERE login = 'ada')";
    for forgery in [
        format!("UPDATE sandbox_sessions SET user_id = {adas_id} WHERE names IS NULL"),
        "UPDATE sandbox_sessions SET names = NULL".to_owned(),
        format!("UPDATE api_tokens SET user_id = {adas_id}"),
        format!("UPDATE sessions SET user_id = {adas_id}"),
        "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE login = 'eve') WHERE login = 'ada'"
            .to_owned(),
    ] {
        assert!(db.execute(sqlx::AssertSqlSafe(forgery)).await.unwrap().rows_affected() > 0);
    }
    db.close().await.unwrap();
    // Opened anew: what is at hand in memory is as it was before the forgery.
    let world = copy(&world).await;
    for token in [opened.token.expose(), narrowed.token.expose()] {
        let refused = world
            .vault
            .sandboxes()
            .authenticate(token, vault::Origin::default())
            .await;
        assert!(matches!(
            refused.err().unwrap(),
            Error::Corrupt {
                table: "sandbox_sessions",
                ..
            }
        ));
    }
    let password = crate::support::raw(crate::support::PASSWORD);
    let refused = world
        .vault
        .accounts()
        .sign_in("ada", &password, vault::Origin::default())
        .await;
    assert!(matches!(refused, Err(Error::Corrupt { table: "users", .. })));
}

async fn open(dir: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("strongroom.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn stored_envelope(world: &World, secret: &str) -> Vec<u8> {
    let mut db = open(world.dir.path()).await;
    let query = "SELECT envelope FROM secret_versions v JOIN secrets s ON s.id = v.secret_id WHERE s.name = ?1";
    sqlx::query_scalar(query).bind(secret).fetch_one(&mut db).await.unwrap()
}

/// The same data under another directory, opened anew.
async fn copy(world: &World) -> World {
    let mut db = open(world.dir.path()).await;
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    db.close().await.unwrap();
    let (database, key) = (
        world.dir.path().join("strongroom.db"),
        world.dir.path().join("root.key"),
    );
    World::with(|config| {
        fs::copy(database, &config.database).unwrap();
        fs::copy(key, config.data_dir.join("root.key")).unwrap();
    })
    .await
}
