//! Keys that take the place of others, while values are read and written.

use std::fs;
use std::path::Path;

use domain::{ActivityKind, LoginName};
use vault::{ActivityFilter, Actor, Config, Error, OpenError, SignupPolicy, UpkeepError, Vault};

use crate::support::{World, everything};

pub(crate) async fn kinds(vault: &Vault, actor: &Actor) -> Vec<ActivityKind> {
    let page = vault
        .activity()
        .list(actor, &ActivityFilter::default(), None, 100)
        .await
        .unwrap();
    page.items.into_iter().map(|record| record.kind).collect()
}

/// A person with values and a chat.
pub(crate) async fn settled(world: &World) -> Actor {
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

pub(crate) async fn reopen(dir: &Path) -> Result<Vault, OpenError> {
    let mut config = Config::new(dir);
    config.signup = SignupPolicy::Open;
    Vault::open(config).await
}

/// The folder of a world whose vault is closed.
pub(crate) async fn closed(world: World) -> tempfile::TempDir {
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
