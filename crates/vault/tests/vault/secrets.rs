//! Storing, changing, deleting, batches, limits, and other people's secrets.

use std::time::Duration;

use domain::{Description, Scope};
use serde_json::json;
use vault::{BatchOutcome, Error, Replacing, SecretChange};

use crate::support::{World, name, new, value};

#[tokio::test]
async fn a_secret_is_listed_without_its_value_and_reaches_a_sandbox_exactly() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let pem = "-----BEGIN KEY-----\nline two\r\n\t'\"$HOME\\ ü\n";
    world.store(&ada, "TLS_KEY", pem).await;
    let listed = world.vault.secrets().list(&ada).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(!format!("{listed:?}").contains("line two"));
    assert_eq!(world.environment(&ada).await, json!({ "TLS_KEY": pem }));
}

#[tokio::test]
async fn a_taken_name_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "first").await;
    let refused = world.vault.secrets().create(&ada, new("A", "second")).await;
    assert!(matches!(refused, Err(Error::Taken { name }) if name.as_str() == "A"));
    assert_eq!(world.environment(&ada).await, json!({ "A": "first" }));
}

#[tokio::test]
async fn a_change_without_a_value_keeps_the_value() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "kept").await;
    world.clock.advance(Duration::from_secs(60));
    let change = SecretChange {
        description: Some(Description::parse("for search").unwrap()),
        value: None,
    };
    let view = world
        .vault
        .secrets()
        .update(&ada, &name("A"), change, None)
        .await
        .unwrap();
    assert_eq!(view.description, "for search");
    assert_eq!(view.changed_at, view.created_at);
    assert!(view.updated_at > view.created_at);
    assert_eq!(world.environment(&ada).await, json!({ "A": "kept" }));
}

#[tokio::test]
async fn a_change_based_on_an_old_reading_is_refused() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "one").await;
    let read = world.vault.secrets().get(&ada, &name("A")).await.unwrap();
    let to = |text| SecretChange {
        value: Some(value(text)),
        description: None,
    };
    world
        .vault
        .secrets()
        .update(&ada, &name("A"), to("two"), Some(&read.etag))
        .await
        .unwrap();
    let refused = world
        .vault
        .secrets()
        .update(&ada, &name("A"), to("three"), Some(&read.etag))
        .await;
    assert!(matches!(refused, Err(Error::Changed)));
    assert_eq!(world.environment(&ada).await, json!({ "A": "two" }));
    world
        .vault
        .secrets()
        .update(&ada, &name("A"), to("four"), Some("*"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_deleted_secret_is_gone_at_the_next_fetch() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "one").await;
    world.store(&ada, "B", "two").await;
    let session = world.sandbox(&ada).await;
    assert_eq!(
        world.fetch(&session, crate::support::everything()).await.unwrap(),
        json!({ "A": "one", "B": "two" })
    );
    world.vault.secrets().delete(&ada, &name("A")).await.unwrap();
    assert_eq!(
        world.fetch(&session, crate::support::everything()).await.unwrap(),
        json!({ "B": "two" })
    );
}

#[tokio::test]
async fn a_batch_is_stored_whole_or_not_at_all() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "B", "old").await;
    let batch = || vec![new("A", "a"), new("B", "b"), new("C", "c")];
    let refused = world
        .vault
        .secrets()
        .put_batch(&ada, batch(), &Replacing::Nothing)
        .await;
    assert!(matches!(refused, Err(Error::Taken { name }) if name.as_str() == "B"));
    assert_eq!(world.environment(&ada).await, json!({ "B": "old" }));
    let done = world
        .vault
        .secrets()
        .put_batch(&ada, batch(), &Replacing::Anything)
        .await
        .unwrap();
    assert_eq!(
        done,
        BatchOutcome {
            created: 2,
            replaced: 1
        }
    );
    assert_eq!(world.environment(&ada).await, json!({ "A": "a", "B": "b", "C": "c" }));

    assert!(matches!(
        world
            .vault
            .secrets()
            .put_batch(&ada, vec![], &Replacing::Anything)
            .await,
        Err(Error::Invalid(_))
    ));
    let twice = vec![new("D", "1"), new("D", "2")];
    assert!(matches!(
        world.vault.secrets().put_batch(&ada, twice, &Replacing::Anything).await,
        Err(Error::Invalid(_))
    ));
}

#[tokio::test]
async fn a_batch_replaces_only_what_it_may() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "old").await;
    world.store(&ada, "B", "old").await;
    let batch = || vec![new("A", "a"), new("B", "b")];
    let just_a = Replacing::These([name("A")].into());
    let refused = world.vault.secrets().put_batch(&ada, batch(), &just_a).await;
    assert!(matches!(refused, Err(Error::Taken { name }) if name.as_str() == "B"));
    assert_eq!(world.environment(&ada).await, json!({ "A": "old", "B": "old" }));
    let both = Replacing::These([name("A"), name("B")].into());
    world.vault.secrets().put_batch(&ada, batch(), &both).await.unwrap();
    assert_eq!(world.environment(&ada).await, json!({ "A": "a", "B": "b" }));
}

#[tokio::test]
async fn an_environment_over_one_mebibyte_is_refused_with_the_exact_total() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let big = "x".repeat(domain::MAX_VALUE_BYTES);
    for number in 0..15 {
        world.store(&ada, &format!("K{number:02}"), &big).await;
    }
    // 15 × ("K00" + "=" + 65,536 + NUL) = 983,115; one MiB is 1,048,576: there is room for exactly 65,461 more.
    let room = domain::MAX_ENVIRONMENT_BYTES - 15 * domain::entry_bytes("K00", big.len());
    let fits = "y".repeat(room - domain::entry_bytes("LAST", 0));
    let refused = world
        .vault
        .secrets()
        .create(&ada, new("LAST", &format!("{fits}y")))
        .await;
    assert!(matches!(
        refused,
        Err(Error::EnvironmentFull {
            total: 1_048_577,
            limit: 1_048_576
        })
    ));
    world.store(&ada, "LAST", &fits).await;
    assert!(world.vault.secrets().create(&ada, new("Z", "z")).await.is_err());
}

#[tokio::test]
async fn the_number_of_secrets_is_limited_and_existing_ones_stay_editable() {
    let world = World::with(|config| config.limits.secrets_per_user = 2).await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    world.store(&ada, "B", "b").await;
    let refused = world.vault.secrets().create(&ada, new("C", "c")).await;
    assert!(matches!(
        refused,
        Err(Error::TooMany {
            what: "secrets",
            limit: 2
        })
    ));
    let done = world
        .vault
        .secrets()
        .put_batch(&ada, vec![new("A", "a2")], &Replacing::Anything)
        .await
        .unwrap();
    assert_eq!(done.replaced, 1);
}

#[tokio::test]
async fn anothers_secret_answers_like_one_that_does_not_exist() {
    let world = World::new().await;
    let (ada, eve) = (world.person("ada").await, world.person("eve").await);
    world.store(&ada, "A", "adas").await;
    let secrets = world.vault.secrets();
    assert!(secrets.list(&eve).await.unwrap().is_empty());
    assert!(matches!(secrets.get(&eve, &name("A")).await, Err(Error::NotFound)));
    assert!(matches!(secrets.delete(&eve, &name("A")).await, Err(Error::NotFound)));
    let change = SecretChange {
        value: Some(value("eves")),
        description: None,
    };
    assert!(matches!(
        secrets.update(&eve, &name("A"), change, None).await,
        Err(Error::NotFound)
    ));
    world.store(&eve, "A", "eves own").await;
    assert_eq!(world.environment(&ada).await, json!({ "A": "adas" }));
    assert_eq!(world.environment(&eve).await, json!({ "A": "eves own" }));
}

#[tokio::test]
async fn a_token_without_the_scope_is_refused_before_anything_happens() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let reader = crate::tokens::token_actor(&world, &ada, "secrets:read").await;
    let refused = world.vault.secrets().create(&reader, new("A", "a")).await;
    assert!(matches!(refused, Err(Error::MissingScope(Scope::SecretsWrite))));
    assert!(world.vault.secrets().list(&reader).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_card_says_when_and_by_which_sandbox_it_was_last_used() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    world.store(&ada, "B", "b").await;
    let before = world.vault.secrets().get(&ada, &name("A")).await.unwrap();
    assert_eq!((before.last_used_at, before.last_used_by), (None, None));
    world.clock.advance(Duration::from_secs(5));
    let session = world.sandbox_for(&ada, Some(&["A"])).await;
    world.fetch(&session, crate::support::everything()).await.unwrap();
    let after = world.vault.secrets().list(&ada).await.unwrap();
    assert_eq!(after[0].last_used_at.unwrap().0, crate::support::START + 5_000);
    assert!(after[0].last_used_by.is_some());
    assert_eq!(after[1].last_used_at, None);
}
