//! Opening: first run, the right key, the wrong key, no key, two at once.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use vault::{Config, OpenError, RootKeySource, Vault};

use crate::support::{World, value};

async fn refusal(config: Config) -> OpenError {
    Vault::open(config).await.err().unwrap()
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_restart() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "X_BEARER_TOKEN", "AAAA").await;
    let opened = world
        .vault
        .sandboxes()
        .open(&ada, vault::OpenSandbox::default())
        .await
        .unwrap();
    let fingerprint = world.vault.root_fingerprint().to_owned();
    world.vault.close().await;
    let World { vault, clock, dir } = world;
    drop(vault);

    let mut config = Config::new(dir.path());
    config.clock = clock;
    let vault = Vault::open(config).await.unwrap();
    assert_eq!(vault.root_fingerprint(), fingerprint);
    let session = vault
        .sandboxes()
        .authenticate(opened.token.expose(), vault::Origin::default())
        .await
        .unwrap();
    let body = vault
        .sandboxes()
        .environment(&session, crate::support::everything())
        .await
        .unwrap();
    assert_eq!(body.body.as_str(), r#"{"X_BEARER_TOKEN":"AAAA"}"#);
}

#[tokio::test]
async fn a_missing_root_key_over_data_is_refused_with_the_fingerprint_expected() {
    let world = World::new().await;
    let fingerprint = world.vault.root_fingerprint().to_owned();
    let World { vault, dir, .. } = world;
    vault.close().await;
    drop(vault);
    fs::remove_file(dir.path().join("root.key")).unwrap();

    let error = refusal(Config::new(dir.path())).await;
    assert!(matches!(error, OpenError::RootKeyMissing { .. }));
    assert!(error.to_string().contains(&fingerprint), "{error}");
    assert!(!dir.path().join("root.key").exists(), "never a fresh key over old data");
}

#[tokio::test]
async fn a_wrong_root_key_is_refused_with_both_fingerprints() {
    let world = World::new().await;
    let fingerprint = world.vault.root_fingerprint().to_owned();
    let World { vault, dir, .. } = world;
    vault.close().await;
    drop(vault);

    let mut config = Config::new(dir.path());
    config.root_key = RootKeySource::Hex("ab".repeat(32).into());
    let error = refusal(config).await;
    assert!(
        matches!(&error, OpenError::RootKeyWrong { expected, found } if *expected == fingerprint && found != expected)
    );
    assert!(!error.to_string().contains(&"ab".repeat(32)));
}

#[tokio::test]
async fn a_second_server_over_the_same_directory_is_refused() {
    let world = World::new().await;
    assert!(matches!(
        refusal(Config::new(world.dir.path())).await,
        OpenError::Locked(_)
    ));
}

#[tokio::test]
async fn files_are_for_their_owner_alone() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world
        .vault
        .secrets()
        .create(
            &ada,
            vault::NewSecret {
                value: value("v"),
                ..crate::support::new("A", "v")
            },
        )
        .await
        .unwrap();
    for entry in fs::read_dir(world.dir.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} is readable by others", entry.file_name());
    }
}

#[tokio::test]
async fn a_second_server_over_the_same_database_is_refused() {
    let world = World::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let mut config = Config::new(elsewhere.path());
    config.database = world.dir.path().join("strongroom.db");
    config.root_key = RootKeySource::File(world.dir.path().join("root.key"));
    assert!(matches!(refusal(config).await, OpenError::Locked(_)));
}
