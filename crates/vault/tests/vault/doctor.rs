//! Backups, restoring, and what the doctor sees.

use std::fs;

use domain::ActivityKind;
use vault::{Config, OpenError, RestoreError, UpkeepError, Vault};

use crate::support::{World, agent, everything, name, new, raw};
use crate::upkeep::{closed, kinds, reopen, settled};

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
    // At the next start too.
    world
        .run_sql("UPDATE secrets SET version = 1 WHERE name = 'A_KEY'")
        .await;
    let dir = closed(world).await;
    let vault = reopen(dir.path()).await.unwrap();
    assert!(!vault.upkeep().examine().await.unwrap().is_well());
}

#[tokio::test]
async fn no_later_change_hides_rows_that_were_put_back_until_the_operator_accepts_them() {
    let world = World::new().await;
    let ada = settled(&world).await;
    let well = async || world.vault.upkeep().examine().await.unwrap().is_well();
    let secrets = world.vault.secrets();
    let change = || vault::SecretChange {
        value: Some(crate::support::value("another value")),
        description: None,
    };
    secrets.update(&ada, &name("A_KEY"), change(), None).await.unwrap();
    world
        .run_sql("UPDATE secrets SET version = 1 WHERE name = 'A_KEY'")
        .await;
    // Each kind of change.
    secrets.create(&ada, new("C_KEY", "x")).await.unwrap();
    assert!(!well().await);
    secrets.update(&ada, &name("C_KEY"), change(), None).await.unwrap();
    assert!(!well().await);
    secrets.forget_history(&ada, &name("C_KEY")).await.unwrap();
    assert!(!well().await);
    secrets.delete(&ada, &name("C_KEY")).await.unwrap();
    assert!(!well().await);
    let upkeep = world.vault.upkeep();
    upkeep
        .rotate_user(&domain::LoginName::parse("ada").unwrap())
        .await
        .unwrap();
    assert!(!well().await);

    let examined = upkeep.examine().await.unwrap();
    let words = &examined.findings.iter().find(|finding| !finding.well).unwrap().words;
    let (_, account) = words.split_once("--accept ").unwrap();
    assert!(upkeep.accept(account).await.unwrap());
    assert!(well().await);
    assert!(!upkeep.accept(account).await.unwrap());
    assert!(kinds(&world.vault, &ada).await.contains(&ActivityKind::ValuesAccepted));
    for nobody in ["ada", "01890000-0000-7000-8000-000000000000"] {
        let refused = upkeep.accept(nobody).await.unwrap_err();
        assert!(
            matches!(refused, UpkeepError::Vault(vault::Error::NotFound)),
            "{refused}"
        );
    }
    secrets.create(&ada, new("C_KEY", "x")).await.unwrap();
    assert!(well().await);
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
