//! What is damaged, put back or in the way in one place keeps nothing else from working.

use std::fs;
use std::path::Path;
use std::time::Duration;

use domain::LoginName;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};
use vault::{Config, Error, OpenError, RestoreError, UpkeepError, Vault};

use crate::support::{World, name, value};
use crate::upkeep::{closed, reopen, settled};

fn change(text: &str) -> vault::SecretChange {
    vault::SecretChange {
        value: Some(value(text)),
        description: None,
    }
}

async fn open(database: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(database);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn wrong(vault: &Vault) -> Vec<String> {
    let examined = vault.upkeep().examine().await.unwrap();
    let wrong = examined.findings.into_iter().filter(|finding| !finding.well);
    wrong.map(|finding| finding.words).collect()
}

/// Puts the first value back in the file, as somebody could who has it, and accepts that as the operator.
async fn put_back_and_accepted(world: &World) {
    world
        .run_sql("UPDATE secrets SET version = 1 WHERE name = 'A_KEY'")
        .await;
    let said = wrong(&world.vault).await.join("\n");
    let (_, account) = said.split_once("--accept ").unwrap();
    assert!(world.vault.upkeep().accept(account.trim()).await.unwrap());
}

#[tokio::test]
async fn a_secret_that_was_put_back_and_accepted_is_changed_and_forgets_its_history_like_any_other() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let secrets = world.vault.secrets();
    secrets
        .update(&ada, &name("A_KEY"), change("second"), None)
        .await
        .unwrap();
    put_back_and_accepted(&world).await;
    // Its number is beyond that of the version which is no longer in force.
    secrets
        .update(&ada, &name("A_KEY"), change("third"), None)
        .await
        .unwrap();
    let kept = secrets.history(&ada, &name("A_KEY")).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|version| (version.version, version.in_force)).collect();
    assert_eq!(kept, [(3, true), (2, false), (1, false)]);
    assert_eq!(world.environment(&ada).await["A_KEY"], "third");

    put_back_and_accepted(&world).await;
    secrets.forget_history(&ada, &name("A_KEY")).await.unwrap();
    assert_eq!(secrets.history(&ada, &name("A_KEY")).await.unwrap().len(), 1);
    assert_eq!(world.environment(&ada).await["A_KEY"], "the first value");
    assert!(world.vault.upkeep().examine().await.unwrap().is_well());

    world.run_sql("DELETE FROM secret_versions WHERE version = 1 AND secret_id = (SELECT id FROM secrets WHERE name = 'A_KEY')").await;
    assert!(
        wrong(&world.vault)
            .await
            .iter()
            .any(|words| words.contains("secrets.version of"))
    );
}

#[tokio::test]
async fn a_backup_is_not_mixed_with_what_an_earlier_try_left() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let backup = world.dir.path().join("backup.db");
    world.vault.upkeep().back_up(&backup).await.unwrap();
    // The log of another database, which SQLite would read into any file of that name.
    for round in 0..20 {
        world.store(&ada, &format!("LATER_{round}"), "stored since").await;
    }
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(world.dir.path().join("root.key"), elsewhere.path().join("root.key")).unwrap();
    let log = world.dir.path().join("strongroom.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    fs::copy(log, elsewhere.path().join("strongroom.db.restoring-wal")).unwrap();
    Vault::restore(Config::new(elsewhere.path()), &backup).await.unwrap();
    let vault = reopen(elsewhere.path()).await.unwrap();
    assert_eq!(wrong(&vault).await, Vec::<String>::new());
    let examined = vault.upkeep().examine().await.unwrap();
    let opened = examined
        .findings
        .iter()
        .any(|finding| finding.words.contains(" 2 values,"));
    assert!(opened, "{examined:?}");
}

#[tokio::test]
async fn a_backup_with_damaged_rows_is_put_back_without_them_and_they_are_named() {
    let world = World::new().await;
    let ada = settled(&world).await;
    world.person("bob").await;
    drop(ada);
    let backup = world.dir.path().join("backup.db");
    world.vault.upkeep().back_up(&backup).await.unwrap();
    let mut db = open(&backup).await;
    db.execute("UPDATE users SET role = 'owner' WHERE login = 'bob'")
        .await
        .unwrap();
    db.close().await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(world.dir.path().join("root.key"), elsewhere.path().join("root.key")).unwrap();
    let restored = Vault::restore(Config::new(elsewhere.path()), &backup).await.unwrap();
    assert!(
        restored.damaged[0].starts_with("users.user_mark of "),
        "{:?}",
        restored.damaged
    );
    let vault = reopen(elsewhere.path()).await.unwrap();
    assert_eq!(wrong(&vault).await.len(), 1);
}

#[tokio::test]
async fn a_backup_whose_pages_are_damaged_is_not_put_back() {
    let world = World::new().await;
    let ada = settled(&world).await;
    for round in 0..40 {
        world.store(&ada, &format!("KEY_{round}"), &"long ".repeat(400)).await;
    }
    let backup = world.dir.path().join("backup.db");
    world.vault.upkeep().back_up(&backup).await.unwrap();
    let mut bytes = fs::read(&backup).unwrap();
    // Values lie behind the tables' own pages; a page of theirs that is nothing but noise.
    let page = bytes.len() / 2 / 4096 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    fs::write(&backup, bytes).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(world.dir.path().join("root.key"), elsewhere.path().join("root.key")).unwrap();
    let refused = Vault::restore(Config::new(elsewhere.path()), &backup)
        .await
        .unwrap_err();
    assert!(
        matches!(refused, RestoreError::Damaged { .. } | RestoreError::Open(_)),
        "{refused}"
    );
    assert!(!elsewhere.path().join("strongroom.db").exists());
}

#[tokio::test]
async fn a_damaged_key_of_one_account_keeps_the_server_from_nothing_else() {
    let world = World::new().await;
    // In the middle of a turn, so that the next start has something to say in her chat.
    let ada = settled(&world).await;
    let bob = world.person("bob").await;
    world.store(&bob, "BOBS_KEY", "bob's value").await;
    drop((ada, bob));
    world
        .run_sql(
            "UPDATE data_keys SET wrapped = zeroblob(60) WHERE user_id = (SELECT id FROM users WHERE login = 'ada')",
        )
        .await;
    let refused = world.vault.upkeep().rotate_term().await.unwrap_err();
    assert!(
        matches!(&refused, UpkeepError::Vault(Error::Corrupt { table: "data_keys", .. })),
        "{refused}"
    );
    // Bob's is under the new term all the same, and the old one stays for hers.
    assert_eq!(world.run_sql("UPDATE data_keys SET term = 2 WHERE term = 2").await, 1);
    assert_eq!(world.run_sql("UPDATE key_terms SET term = term").await, 2);

    let dir = closed(world).await;
    let vault = reopen(dir.path()).await.unwrap();
    vault
        .upkeep()
        .rotate_user(&LoginName::parse("bob").unwrap())
        .await
        .unwrap();
    let found = wrong(&vault).await;
    assert!(
        found.iter().any(|words| words.contains("data_keys.wrapped")),
        "{found:?}"
    );
}

#[tokio::test]
async fn with_a_wrong_key_an_older_database_stays_what_it_was() {
    let world = World::new().await;
    settled(&world).await;
    let dir = closed(world).await;
    let database = dir.path().join("strongroom.db");
    let mut db = open(&database).await;
    db.execute(
        "DROP TABLE key_work; DROP TABLE secret_digests; ALTER TABLE instance DROP COLUMN digests_since;
         DELETE FROM _sqlx_migrations WHERE version = 4",
    )
    .await
    .unwrap();
    db.close().await.unwrap();
    let key = dir.path().join("kept.key");
    fs::rename(dir.path().join("root.key"), &key).unwrap();
    assert!(matches!(
        reopen(dir.path()).await.err(),
        Some(OpenError::RootKeyMissing { .. })
    ));
    fs::write(dir.path().join("root.key"), "0".repeat(64)).unwrap();
    assert!(matches!(
        reopen(dir.path()).await.err(),
        Some(OpenError::RootKeyWrong { .. })
    ));
    let mut db = open(&database).await;
    let newest: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(newest, 3);
    db.close().await.unwrap();
    fs::rename(key, dir.path().join("root.key")).unwrap();
    assert_eq!(wrong(&reopen(dir.path()).await.unwrap()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_log_that_somebody_reads_is_emptied_once_they_have_read() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let log = world.dir.path().join("strongroom.db-wal");
    let length = || fs::metadata(&log).unwrap().len();
    let mut reader = open(&world.dir.path().join("strongroom.db")).await;
    let mut reading = reader.begin().await.unwrap();
    reading.execute("SELECT count(*) FROM secrets").await.unwrap();
    world.vault.secrets().delete(&ada, &name("A_KEY")).await.unwrap();
    assert!(length() > 0);
    reading.rollback().await.unwrap();
    let emptied = async {
        while length() > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let emptied = tokio::time::timeout(Duration::from_secs(60), emptied).await;
    assert!(emptied.is_ok(), "the log still holds what was deleted");
}
