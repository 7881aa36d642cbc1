//! Comparing typed values with stored ones.

use domain::{ActivityKind, Scope, Standing};
use vault::{ActivityFilter, Error, Origin};

use crate::support::{PASSWORD, World, name, raw, value};

#[tokio::test]
async fn a_typed_value_is_new_the_same_or_different() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "SAME", "line one\nline two").await;
    world.store(&ada, "OTHER", "stored").await;
    let typed = [
        (name("SAME"), value("line one\nline two")),
        (name("OTHER"), value("stored ")),
        (name("UNKNOWN"), value("anything")),
    ];
    let standings = world.vault.secrets().compare(&ada, &typed).await.unwrap();
    assert_eq!(standings, [Standing::Same, Standing::Different, Standing::New]);
}

#[tokio::test]
async fn a_comparison_is_recorded_with_its_answer_and_without_the_value() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEY", "canary-value").await;
    let typed = [(name("KEY"), value("canary-value"))];
    world.vault.secrets().compare(&ada, &typed).await.unwrap();
    let page = world
        .vault
        .activity()
        .list(&ada, &ActivityFilter::default(), None, 1)
        .await
        .unwrap();
    let record = &page.items[0];
    assert_eq!(record.kind, ActivityKind::SecretCompared);
    assert_eq!(
        (record.names.join(","), record.detail.as_deref()),
        ("KEY".to_owned(), Some("the same value"))
    );
    assert!(!format!("{record:?}").contains("canary"));
}

#[tokio::test]
async fn comparing_is_slowed_down_whatever_the_answers() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEY", "right").await;
    let guess = || world.vault.secrets();
    let typed = [(name("KEY"), value("right"))];
    for _ in 0..10 {
        guess().compare(&ada, &typed).await.unwrap();
    }
    assert!(matches!(
        guess().compare(&ada, &typed).await,
        Err(Error::TooManyAttempts { .. })
    ));
    let bob = world.person("bob").await;
    assert!(
        guess().compare(&bob, &typed).await.is_ok(),
        "another account is not slowed down"
    );
}

#[tokio::test]
async fn more_than_an_account_can_hold_is_not_compared() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let typed = |count: usize| {
        (0..count)
            .map(|number| (name(&format!("KEY_{number}")), value("x")))
            .collect::<Vec<_>>()
    };
    let refused = world.vault.secrets().compare(&ada, &typed(201)).await;
    assert!(matches!(refused, Err(Error::TooMany { limit: 200, .. })));
    assert_eq!(
        world.vault.secrets().compare(&ada, &typed(200)).await.unwrap().len(),
        200
    );
}

#[tokio::test]
async fn a_name_twice_and_a_token_are_refused() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEY", "right").await;
    let twice = [(name("KEY"), value("right")), (name("KEY"), value("left"))];
    assert!(matches!(
        world.vault.secrets().compare(&ada, &twice).await,
        Err(Error::Invalid(_))
    ));

    let new = vault::NewToken {
        label: "ci".to_owned(),
        scopes: Scope::ALL.into_iter().collect(),
        names: None,
        ttl_days: None,
    };
    let token = world
        .vault
        .tokens()
        .create(&ada, new, Some(&raw(PASSWORD)))
        .await
        .unwrap()
        .token;
    let program = world
        .vault
        .tokens()
        .authenticate(token.expose(), Origin::default())
        .await
        .unwrap();
    let typed = [(name("KEY"), value("right"))];
    assert!(matches!(
        world.vault.secrets().compare(&program, &typed).await,
        Err(Error::BrowserOnly)
    ));
}
