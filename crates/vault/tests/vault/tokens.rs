//! API tokens: scopes, the password for powerful ones, revocation.

use std::time::Duration;

use domain::Scopes;
use vault::{Actor, AuthFailure, Error, NewToken, OpenSandbox, Origin};

use crate::support::{PASSWORD, World, name, raw};

fn token(scopes: &str) -> NewToken {
    NewToken {
        label: "ci".to_owned(),
        scopes: Scopes::parse(scopes).unwrap(),
        names: None,
        ttl_days: None,
    }
}

/// Somebody acting for `actor` with a token of these scopes.
pub(crate) async fn token_actor(world: &World, actor: &Actor, scopes: &str) -> Actor {
    let made = world
        .vault
        .tokens()
        .create(actor, token(scopes), Some(&raw(PASSWORD)))
        .await
        .unwrap();
    world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_powerful_token_needs_the_password_and_a_harmless_one_does_not() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let tokens = world.vault.tokens();
    assert!(
        tokens
            .create(&ada, token("secrets:read requests:write"), None)
            .await
            .is_ok()
    );
    assert!(matches!(
        tokens.create(&ada, token("sandboxes:write"), None).await,
        Err(Error::PasswordNeeded)
    ));
    let wrong = raw("not the passphrase");
    assert!(matches!(
        tokens.create(&ada, token("secrets:write"), Some(&wrong)).await,
        Err(Error::WrongPassword)
    ));
    assert!(
        tokens
            .create(&ada, token("secrets:write"), Some(&raw(PASSWORD)))
            .await
            .is_ok()
    );
    assert_eq!(tokens.list(&ada).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_token_cannot_make_tokens_or_see_sessions() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let program = token_actor(
        &world,
        &ada,
        "secrets:read secrets:write sandboxes:write requests:write",
    )
    .await;
    let refused = world.vault.tokens().create(&program, token("secrets:read"), None).await;
    assert!(matches!(refused, Err(Error::BrowserOnly)));
    assert!(matches!(
        world.vault.accounts().sessions(&program).await,
        Err(Error::BrowserOnly)
    ));
}

#[tokio::test]
async fn a_revoked_token_gets_nothing_and_its_sandboxes_end_with_it() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let made = world
        .vault
        .tokens()
        .create(&ada, token("sandboxes:write"), Some(&raw(PASSWORD)))
        .await
        .unwrap();
    let program = world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await
        .unwrap();
    let opened = world
        .vault
        .sandboxes()
        .open(&program, OpenSandbox::default())
        .await
        .unwrap();
    world
        .vault
        .sandboxes()
        .authenticate(opened.token.expose(), Origin::default())
        .await
        .unwrap();

    world.vault.tokens().revoke(&ada, &made.view.id).await.unwrap();
    let refused = world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let refused = world
        .vault
        .sandboxes()
        .authenticate(opened.token.expose(), Origin::default())
        .await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    assert!(matches!(
        world.vault.tokens().revoke(&ada, &made.view.id).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_token_lapses_on_its_day() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let made = world
        .vault
        .tokens()
        .create(
            &ada,
            NewToken {
                ttl_days: Some(1),
                ..token("secrets:read")
            },
            None,
        )
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(24 * 3600));
    let refused = world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Expired))));
}

#[tokio::test]
async fn a_token_confined_to_names_opens_sandboxes_confined_to_them() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    world.store(&ada, "B", "b").await;
    let confined = NewToken {
        names: Some(vec![name("A")]),
        ..token("sandboxes:write")
    };
    let made = world
        .vault
        .tokens()
        .create(&ada, confined, Some(&raw(PASSWORD)))
        .await
        .unwrap();
    let program = world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await
        .unwrap();
    let session = world.sandbox(&program).await;
    let fetched = world.fetch(&session, crate::support::everything()).await.unwrap();
    assert_eq!(fetched, serde_json::json!({ "A": "a" }));
    let wider = OpenSandbox {
        names: Some(vec![name("B")]),
        ..OpenSandbox::default()
    };
    assert!(matches!(
        world.vault.sandboxes().open(&program, wider).await,
        Err(Error::OutsideSession { .. })
    ));
}

#[tokio::test]
async fn what_a_token_began_before_it_was_revoked_is_refused_after() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let made = world
        .vault
        .tokens()
        .create(&ada, token("sandboxes:write"), Some(&raw(PASSWORD)))
        .await
        .unwrap();
    let program = world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await
        .unwrap();
    world.vault.tokens().revoke(&ada, &made.view.id).await.unwrap();
    // Authenticated in time, but behind the revocation in the queue for the writer.
    let refused = world.vault.sandboxes().open(&program, OpenSandbox::default()).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
}

#[tokio::test]
async fn a_sandbox_does_not_outlive_the_token_that_opened_it() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let short = NewToken {
        ttl_days: Some(1),
        ..token("sandboxes:write")
    };
    let made = world
        .vault
        .tokens()
        .create(&ada, short, Some(&raw(PASSWORD)))
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(24 * 3600 - 60));
    let program = world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await
        .unwrap();
    let opened = world
        .vault
        .sandboxes()
        .open(&program, OpenSandbox::default())
        .await
        .unwrap();
    assert_eq!(Some(opened.view.expires_at), made.view.expires_at);
}
