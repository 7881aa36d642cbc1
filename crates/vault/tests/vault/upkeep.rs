//! Keys that take the place of others, backups, restoring, and what the doctor sees.

use std::fs;
use std::path::Path;

use domain::{ActivityKind, LoginName};
use vault::{ActivityFilter, Actor, Config, Error, OpenError, RestoreError, SignupPolicy, UpkeepError, Vault};

use crate::support::{World, agent, everything, name, new, raw};

async fn kinds(vault: &Vault, actor: &Actor) -> Vec<ActivityKind> {
    let page = vault
        .activity()
        .list(actor, &ActivityFilter::default(), None, 100)
        .await
        .unwrap();
    page.items.into_iter().map(|record| record.kind).collect()
}

/// A person with values and a chat.
async fn settled(world: &World) -> Actor {
    let ada = world.person("ada").await;
    world.store(&ada, "A_KEY", "the first value").await;
    world.store(&ada, "B_KEY", "the second value\n").await;
    let chat = world.vault.conversations().create(&ada, "What was said").await.unwrap();
    world
        .vault
        .conversations()
        .begin(&ada, &chat.id, "What was said")
        .await
        .unwrap();
    ada
}

async fn assert_all_there(vault: &Vault, ada: &Actor, world: &World) {
    let examined = vault.upkeep().examine().await.unwrap();
    assert!(examined.is_well(), "{examined:?}");
    let env = world.environment(ada).await;
    assert_eq!(env["A_KEY"], "the first value");
    assert_eq!(env["B_KEY"], "the second value\n");
    assert_eq!(vault.conversations().list(ada).await.unwrap()[0].title, "What was said");
}

async fn reopen(dir: &Path) -> Result<Vault, OpenError> {
    let mut config = Config::new(dir);
    config.signup = SignupPolicy::Open;
    Vault::open(config).await
}

/// The folder of a world whose vault is closed.
async fn closed(world: World) -> tempfile::TempDir {
    world.vault.close().await;
    drop(world.vault);
    world.dir
}

#[tokio::test]
async fn another_root_key_takes_the_place_of_the_first_and_the_first_is_kept() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let before = world.vault.root_fingerprint();
    let rotated = world.vault.upkeep().rotate_root().await.unwrap();
    assert_eq!(rotated.former, before);
    assert_eq!(world.vault.root_fingerprint(), rotated.fingerprint);
    assert_ne!(rotated.fingerprint, before);
    assert_all_there(&world.vault, &ada, &world).await;
    assert_eq!(
        kinds(&world.vault, &ada)
            .await
            .iter()
            .filter(|kind| **kind == ActivityKind::KeysRotated)
            .count(),
        1
    );
    // Also a term that begins afterwards is under the new one.
    world.vault.upkeep().rotate_term().await.unwrap();

    let kept = rotated.kept.unwrap();
    let dir = closed(world).await;
    reopen(dir.path()).await.unwrap().close().await;
    fs::copy(&kept, dir.path().join("root.key.copy")).unwrap();
    fs::rename(dir.path().join("root.key"), dir.path().join("new.key")).unwrap();
    fs::rename(dir.path().join("root.key.copy"), dir.path().join("root.key")).unwrap();
    assert!(matches!(
        reopen(dir.path()).await.err(),
        Some(OpenError::RootKeyWrong { .. })
    ));
}

#[tokio::test]
async fn a_root_key_whose_replacement_was_cut_off_is_put_in_its_place() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let rotated = world.vault.upkeep().rotate_root().await.unwrap();
    drop(ada);
    let dir = closed(world).await;
    // As it stands between the commit and the renaming.
    let path = dir.path().join("root.key");
    fs::rename(&path, dir.path().join("root.key.next")).unwrap();
    fs::rename(rotated.kept.unwrap(), &path).unwrap();
    let vault = reopen(dir.path()).await.unwrap();
    assert_eq!(vault.root_fingerprint(), rotated.fingerprint);
    assert!(!dir.path().join("root.key.next").exists());
    assert!(dir.path().join(format!("root.key.{}", rotated.former)).exists());
    vault.close().await;
    drop(vault);
    // As it stands before the commit: a key beside it that nothing was ever wrapped under.
    fs::write(dir.path().join("root.key.next"), "0".repeat(64)).unwrap();
    let vault = reopen(dir.path()).await.unwrap();
    assert_eq!(vault.root_fingerprint(), rotated.fingerprint);
    vault.upkeep().rotate_root().await.unwrap();
}

#[tokio::test]
async fn a_root_key_that_was_handed_in_is_not_replaced() {
    let world = World::with(|config| {
        config.root_key = vault::RootKeySource::Hex("ab".repeat(32).into());
    })
    .await;
    let refused = world.vault.upkeep().rotate_root().await.unwrap_err();
    assert!(matches!(refused, UpkeepError::RootKeyHandedIn));
    assert_eq!(world.vault.upkeep().rotate_term().await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_term_is_begun_while_values_are_read_and_written() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let bob = world.person("bob").await;
    let sandbox = world.sandbox(&ada).await;
    let work = async {
        for round in 0..40 {
            let names = [format!("BOB_{round}"), format!("ADA_{round}")];
            world.store(&bob, &names[0], "bob's").await;
            world.store(&ada, &names[1], "ada's").await;
            world.fetch(&sandbox, everything()).await.unwrap();
        }
    };
    let rotate = async {
        for term in 2..6 {
            assert_eq!(world.vault.upkeep().rotate_term().await.unwrap(), term);
        }
    };
    tokio::join!(work, rotate);
    assert_all_there(&world.vault, &ada, &world).await;
    let status = world.vault.upkeep().key_status().await.unwrap();
    assert_eq!(status.terms.len(), 1);
    assert_eq!(
        (status.terms[0].term, status.terms[0].data_keys, status.accounts),
        (5, 2, 2)
    );
    assert_eq!(
        kinds(&world.vault, &ada)
            .await
            .iter()
            .filter(|kind| **kind == ActivityKind::KeysRotated)
            .count(),
        4
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_an_account_is_sealed_anew_while_it_is_used() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let sandbox = world.sandbox(&ada).await;
    for number in 0..120 {
        world.store(&ada, &format!("KEY_{number}"), "x").await;
    }
    let work = async {
        for round in 0..40 {
            world.store(&ada, &format!("MORE_{round}"), "y").await;
            assert_eq!(
                world.fetch(&sandbox, everything()).await.unwrap()["A_KEY"],
                "the first value"
            );
            assert_eq!(world.vault.conversations().list(&ada).await.unwrap().len(), 1);
        }
    };
    let login = LoginName::parse("ada").unwrap();
    let rotate = async {
        for _ in 0..3 {
            world.vault.upkeep().rotate_user(&login).await.unwrap();
        }
    };
    tokio::join!(work, rotate);
    assert_all_there(&world.vault, &ada, &world).await;
    let status = world.vault.upkeep().key_status().await.unwrap();
    assert_eq!(
        (status.accounts, status.retired_data_keys, status.being_replaced),
        (1, 0, 0)
    );
    let nobody = LoginName::parse("nobody").unwrap();
    let refused = world.vault.upkeep().rotate_user(&nobody).await.unwrap_err();
    assert!(matches!(refused, UpkeepError::Vault(Error::NotFound)));
}

#[tokio::test]
async fn sealing_anew_that_was_cut_off_goes_on_at_the_next_start() {
    let world = World::new().await;
    let ada = settled(&world).await;
    drop(ada);
    // What the first of its transactions writes: the key is retired, the next write makes another.
    world
        .run_sql("UPDATE data_keys SET retired_at = 1; INSERT INTO key_work SELECT id, 1 FROM users")
        .await;
    let dir = closed(world).await;
    let vault = reopen(dir.path()).await.unwrap();
    let mut status = vault.upkeep().key_status().await.unwrap();
    while status.being_replaced > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        status = vault.upkeep().key_status().await.unwrap();
    }
    assert_eq!((status.accounts, status.retired_data_keys), (1, 0));
    assert!(vault.upkeep().examine().await.unwrap().is_well());
}

#[tokio::test]
async fn a_backup_is_put_back_without_those_who_were_there() {
    let world = World::new().await;
    let ada = settled(&world).await;
    agent(&world, &ada).await;
    let sandbox = world.sandbox(&ada).await;
    let backup = world.dir.path().join("backup.db");
    world.vault.upkeep().back_up(&backup).await.unwrap();
    let again = world.vault.upkeep().back_up(&backup).await.unwrap_err();
    assert!(matches!(again, UpkeepError::Exists(_)), "{again}");
    assert!(kinds(&world.vault, &ada).await.contains(&ActivityKind::BackedUp));
    world.vault.secrets().delete(&ada, &name("A_KEY")).await.unwrap();

    let in_use = Vault::restore(Config::new(world.dir.path()), &backup)
        .await
        .unwrap_err();
    assert!(matches!(in_use, RestoreError::Open(OpenError::Locked(_))), "{in_use}");
    let dir = closed(world).await;
    let there = Vault::restore(Config::new(dir.path()), &backup).await.unwrap_err();
    assert!(matches!(there, RestoreError::Exists(_)), "{there}");
    let elsewhere = tempfile::tempdir().unwrap();
    let without_key = Vault::restore(Config::new(elsewhere.path()), &backup)
        .await
        .unwrap_err();
    assert!(
        matches!(without_key, RestoreError::Open(OpenError::RootKeyMissing { .. })),
        "{without_key}"
    );
    assert!(!elsewhere.path().join("strongroom.db").exists());

    fs::copy(dir.path().join("root.key"), elsewhere.path().join("root.key")).unwrap();
    let restored = Vault::restore(Config::new(elsewhere.path()), &backup).await.unwrap();
    assert_eq!(restored.tokens.len(), 1);
    assert_eq!(
        (restored.tokens[0].login.as_str(), restored.tokens[0].label.as_str()),
        ("ada", "bot")
    );
    let left: Vec<_> = fs::read_dir(elsewhere.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("restoring"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    let vault = reopen(elsewhere.path()).await.unwrap();
    // Her browser's session is gone, and so is the sandbox; the value that was deleted since is back.
    assert!(vault.secrets().create(&ada, new("C_KEY", "x")).await.is_err());
    assert!(vault.sandboxes().environment(&sandbox, everything()).await.is_err());
    let signed_in = vault
        .accounts()
        .sign_in("ada", &raw(crate::support::PASSWORD), vault::Origin::default())
        .await
        .unwrap();
    let names: Vec<_> = vault.secrets().list(&signed_in.actor).await.unwrap();
    assert_eq!(names.len(), 2);
    assert!(kinds(&vault, &signed_in.actor).await.contains(&ActivityKind::Restored));
    assert!(vault.upkeep().examine().await.unwrap().is_well());
}

#[tokio::test]
async fn what_is_no_backup_is_not_put_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    for content in [
        "",
        "not a database at all, but long enough to look at, and then some more of it",
    ] {
        fs::write(&file, content).unwrap();
        let data = dir.path().join("data");
        assert!(Vault::restore(Config::new(&data), &file).await.is_err());
        assert!(!data.join("strongroom.db").exists());
    }
}

#[tokio::test]
async fn the_doctor_finds_damage_and_says_where() {
    let world = World::new().await;
    let ada = settled(&world).await;
    agent(&world, &ada).await;
    assert!(world.vault.upkeep().examine().await.unwrap().is_well());
    for (sql, said) in [
        (
            "UPDATE secret_versions SET envelope = x'00' WHERE rowid = (SELECT min(rowid) FROM secret_versions)",
            "secret_versions.envelope",
        ),
        ("UPDATE api_tokens SET scopes = 'secrets:write'", "api_tokens.mark"),
        ("UPDATE users SET role = 'member'", "users.user_mark"),
        ("UPDATE conversations SET head = x'00'", "conversations.head"),
        ("UPDATE data_keys SET wrapped = x'00'", "data_keys.wrapped"),
    ] {
        world.run_sql(sql).await;
        let examined = world.vault.upkeep().examine().await.unwrap();
        let wrong: Vec<_> = examined.findings.iter().filter(|finding| !finding.well).collect();
        assert!(
            wrong.iter().any(|finding| finding.words.contains(said)),
            "{said}: {wrong:?}"
        );
    }
}

#[tokio::test]
async fn the_doctor_sees_a_clock_that_runs_behind_and_files_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::new().await;
    settled(&world).await;
    world.run_sql("UPDATE activity SET at = at + 3600000").await;
    fs::set_permissions(world.dir.path().join("root.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let examined = world.vault.upkeep().examine().await.unwrap();
    let wrong: Vec<_> = examined.findings.iter().filter(|finding| !finding.well).collect();
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].words.contains("chmod go="));
    assert!(wrong[1].words.contains("the clock is behind"));
}

#[tokio::test]
async fn the_doctor_notices_rows_that_were_put_back_to_an_older_state() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let change = |value: &str| vault::SecretChange {
        value: Some(crate::support::value(value)),
        description: None,
    };
    // What somebody with the file keeps for later.
    world
        .run_sql(
            "CREATE TABLE kept AS SELECT * FROM secret_versions; CREATE TABLE kept_secrets AS SELECT * FROM secrets",
        )
        .await;
    let secrets = world.vault.secrets();
    secrets
        .update(&ada, &name("A_KEY"), change("another value"), None)
        .await
        .unwrap();
    secrets.delete(&ada, &name("B_KEY")).await.unwrap();
    assert!(world.vault.upkeep().examine().await.unwrap().is_well());
    let noticed = async || {
        let examined = world.vault.upkeep().examine().await.unwrap();
        examined
            .findings
            .iter()
            .any(|finding| finding.words.contains("not those that were last written"))
    };
    for (back, again) in [
        // The value from before.
        (
            "UPDATE secrets SET version = 1 WHERE name = 'A_KEY'",
            "UPDATE secrets SET version = 2 WHERE name = 'A_KEY'",
        ),
        // A secret that was deleted.
        (
            "INSERT INTO secrets SELECT * FROM kept_secrets WHERE name = 'B_KEY';
             INSERT INTO secret_versions SELECT * FROM kept WHERE secret_id IN (SELECT id FROM secrets WHERE name = 'B_KEY')",
            "DELETE FROM secrets WHERE name = 'B_KEY'; DELETE FROM secret_versions WHERE secret_id NOT IN (SELECT id FROM secrets)",
        ),
        // The digest itself, away.
        (
            "CREATE TABLE digest AS SELECT * FROM secret_digests; DELETE FROM secret_digests",
            "INSERT INTO secret_digests SELECT * FROM digest",
        ),
    ] {
        world.run_sql(back).await;
        assert!(noticed().await, "{back}");
        world.run_sql(again).await;
        assert!(!noticed().await, "{again}");
    }
    drop(ada);
    // Not at the next start either.
    world
        .run_sql("UPDATE secrets SET version = 1 WHERE name = 'A_KEY'")
        .await;
    let dir = closed(world).await;
    let vault = reopen(dir.path()).await.unwrap();
    assert!(!vault.upkeep().examine().await.unwrap().is_well());
}

#[tokio::test]
async fn a_database_from_before_digests_gets_them_at_its_first_start() {
    let world = World::new().await;
    settled(&world).await;
    world
        .run_sql("DELETE FROM secret_digests; UPDATE instance SET digests_since = NULL")
        .await;
    let dir = closed(world).await;
    let vault = reopen(dir.path()).await.unwrap();
    assert!(vault.upkeep().examine().await.unwrap().is_well());
}
