//! Signing up, in and out; sessions; deletion; the operator.

use std::net::IpAddr;
use std::time::Duration;

use domain::{ActivityKind, LoginName, Scopes};
use vault::{AuthFailure, Error, Origin, Role, SignupPolicy, SignupState};

use crate::support::{PASSWORD, World, raw};
use crate::upkeep::kinds;

fn login(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

#[tokio::test]
async fn the_first_account_needs_the_setup_code_and_closes_the_door_behind_it() {
    let world = World::with(|config| config.signup = SignupPolicy::First).await;
    let accounts = world.vault.accounts();
    assert_eq!(accounts.signup_state().await.unwrap(), SignupState::SetupCodeNeeded);
    let code = world.vault.setup_code().await.unwrap().unwrap();
    let sign_up = |code: Option<String>| {
        let vault = world.vault.clone();
        async move {
            vault
                .accounts()
                .sign_up(&login("ada"), &raw(PASSWORD), code.as_deref(), Origin::default())
                .await
        }
    };
    assert!(matches!(sign_up(None).await, Err(Error::BadSetupCode)));
    assert!(matches!(
        sign_up(Some("AAAA-AAAA-AAAA".to_owned())).await,
        Err(Error::BadSetupCode)
    ));
    let session = sign_up(Some(code.clone())).await.unwrap();
    assert_eq!(session.actor.role(), Role::Owner);
    assert!(matches!(sign_up(Some(code)).await, Err(Error::SignupClosed)));
    assert_eq!(world.vault.setup_code().await.unwrap(), None);
}

#[tokio::test]
async fn of_two_who_hold_the_setup_code_one_becomes_the_owner() {
    let world = World::with(|config| config.signup = SignupPolicy::First).await;
    let code = world.vault.setup_code().await.unwrap().unwrap();
    let accounts = world.vault.accounts();
    let (names, password) = ([login("ada"), login("eve")], raw(PASSWORD));
    let (one, other) = tokio::join!(
        accounts.sign_up(&names[0], &password, Some(&code), Origin::default()),
        accounts.sign_up(&names[1], &password, Some(&code), Origin::default()),
    );
    assert!(one.is_ok() != other.is_ok());
}

#[tokio::test]
async fn signing_in_ignores_case_and_says_the_same_for_a_wrong_name_and_a_wrong_password() {
    let world = World::new().await;
    world.person("Ada@Example.org").await;
    let accounts = world.vault.accounts();
    let sign_in = |name: &'static str, password: &'static str| {
        let vault = world.vault.clone();
        async move { vault.accounts().sign_in(name, &raw(password), Origin::default()).await }
    };
    let session = sign_in("ada@example.ORG", PASSWORD).await.unwrap();
    assert!(
        accounts
            .actor(session.token.expose(), Origin::default())
            .await
            .unwrap()
            .is_some()
    );
    let wrong_password = sign_in("ada@example.org", "wrong wrong wrong").await.unwrap_err();
    let wrong_name = sign_in("nobody", PASSWORD).await.unwrap_err();
    assert_eq!(wrong_password.to_string(), wrong_name.to_string());
    assert!(matches!(
        accounts
            .sign_up(&login("ADA@example.org"), &raw(PASSWORD), None, Origin::default())
            .await,
        Err(Error::TakenLogin)
    ));
}

#[tokio::test]
async fn guessing_is_slowed_down_for_the_guesser_and_not_for_the_owner() {
    let world = World::new().await;
    world.person("ada").await;
    let from = |last| Origin {
        address: Some(IpAddr::from([192, 0, 2, last])),
        user_agent: None,
    };
    let accounts = world.vault.accounts();
    for _ in 0..10 {
        assert!(matches!(
            accounts.sign_in("ada", &raw("wrong"), from(1)).await,
            Err(Error::BadSignIn)
        ));
    }
    assert!(matches!(
        accounts.sign_in("ada", &raw(PASSWORD), from(1)).await,
        Err(Error::TooManyAttempts { .. })
    ));
    assert!(accounts.sign_in("ada", &raw(PASSWORD), from(2)).await.is_ok());
    world.clock.advance(Duration::from_secs(30));
    assert!(accounts.sign_in("ada", &raw(PASSWORD), from(1)).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_when_idle_and_ends_at_last_however_busy() {
    let world = World::new().await;
    world.person("ada").await;
    let accounts = world.vault.accounts();
    let session = accounts
        .sign_in("ada", &raw(PASSWORD), Origin::default())
        .await
        .unwrap();
    let alive = || async {
        accounts
            .actor(session.token.expose(), Origin::default())
            .await
            .unwrap()
            .is_some()
    };
    for _ in 0..14 {
        assert!(alive().await);
        world.clock.advance(Duration::from_secs(23 * 3600));
    }
    assert!(alive().await);
    world.clock.advance(Duration::from_secs(14 * 3600));
    assert!(!alive().await, "after 14 days it is over");

    let idle = accounts
        .sign_in("ada", &raw(PASSWORD), Origin::default())
        .await
        .unwrap();
    world.clock.advance(Duration::from_secs(24 * 3600));
    assert!(
        accounts
            .actor(idle.token.expose(), Origin::default())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_change_of_password_ends_every_other_session() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let accounts = world.vault.accounts();
    let elsewhere = accounts
        .sign_in("ada", &raw(PASSWORD), Origin::default())
        .await
        .unwrap();
    assert_eq!(accounts.sessions(&ada).await.unwrap().len(), 2);
    let fresh = raw("another long passphrase");
    assert!(matches!(
        accounts.change_password(&ada, &raw("wrong"), &fresh).await,
        Err(Error::WrongPassword)
    ));
    // Written down, though nobody waits for that.
    let refused = async || kinds(&world.vault, &ada).await.contains(&ActivityKind::SignInRefused);
    while !refused().await {
        tokio::task::yield_now().await;
    }
    assert!(matches!(
        accounts.change_password(&ada, &raw(PASSWORD), &raw("short")).await,
        Err(Error::Invalid(_))
    ));
    accounts.change_password(&ada, &raw(PASSWORD), &fresh).await.unwrap();
    assert!(
        accounts
            .actor(elsewhere.token.expose(), Origin::default())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(accounts.sessions(&ada).await.unwrap().len(), 1);
    assert!(
        accounts
            .sign_in("ada", &raw(PASSWORD), Origin::default())
            .await
            .is_err()
    );
    assert!(accounts.sign_in("ada", &fresh, Origin::default()).await.is_ok());
}

#[tokio::test]
async fn nobody_ends_anothers_session() {
    let world = World::new().await;
    let (ada, eve) = (world.person("ada").await, world.person("eve").await);
    let accounts = world.vault.accounts();
    let adas = accounts.sessions(&ada).await.unwrap()[0].id.clone();
    assert!(matches!(accounts.end_session(&eve, &adas).await, Err(Error::NotFound)));
    assert!(matches!(
        accounts.end_session(&eve, "not an id").await,
        Err(Error::NotFound)
    ));
    accounts.end_session(&ada, &adas).await.unwrap();
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_and_its_name_is_free() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A", "a").await;
    let accounts = world.vault.accounts();
    assert!(matches!(
        accounts.delete_account(&ada, &raw("wrong")).await,
        Err(Error::WrongPassword)
    ));
    accounts.delete_account(&ada, &raw(PASSWORD)).await.unwrap();
    assert!(
        accounts
            .sign_in("ada", &raw(PASSWORD), Origin::default())
            .await
            .is_err()
    );
    let again = world.person("ada").await;
    assert!(world.vault.secrets().list(&again).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_operator_adds_accounts_sets_passwords_and_makes_tokens() {
    let world = World::with(|config| config.signup = SignupPolicy::Closed).await;
    let operator = world.vault.operator();
    operator.add_user(login("ada"), &raw(PASSWORD)).await.unwrap();
    let session = world
        .vault
        .accounts()
        .sign_in("ada", &raw(PASSWORD), Origin::default())
        .await
        .unwrap();
    let made = operator
        .create_token(&login("ADA"), "ci".to_owned(), Scopes::parse("secrets:read").unwrap())
        .await
        .unwrap();
    world
        .vault
        .tokens()
        .authenticate(made.token.expose(), Origin::default())
        .await
        .unwrap();
    operator
        .set_password(&login("ada"), &raw("another long passphrase"))
        .await
        .unwrap();
    assert!(
        world
            .vault
            .accounts()
            .actor(session.token.expose(), Origin::default())
            .await
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        operator.set_password(&login("bob"), &raw(PASSWORD)).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn the_first_account_needs_the_setup_code_even_where_sign_up_is_open() {
    let world = World::new().await;
    let accounts = world.vault.accounts();
    assert_eq!(accounts.signup_state().await.unwrap(), SignupState::SetupCodeNeeded);
    let refused = accounts
        .sign_up(&login("eve"), &raw(PASSWORD), None, Origin::default())
        .await;
    assert!(matches!(refused, Err(Error::BadSetupCode)));
    assert_eq!(world.person("ada").await.role(), Role::Owner);
    assert_eq!(accounts.signup_state().await.unwrap(), SignupState::Open);
    let member = accounts
        .sign_up(&login("eve"), &raw(PASSWORD), None, Origin::default())
        .await
        .unwrap();
    assert_eq!(member.actor.role(), Role::Member);
}

#[tokio::test]
async fn who_was_signed_out_meanwhile_changes_nothing_any_more() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let accounts = world.vault.accounts();
    let thief = accounts
        .sign_in("ada", &raw(PASSWORD), Origin::default())
        .await
        .unwrap()
        .actor;
    accounts
        .change_password(&ada, &raw(PASSWORD), &raw("another long passphrase"))
        .await
        .unwrap();
    let fresh = raw("another long passphrase");
    let refused = accounts
        .change_password(&thief, &fresh, &raw("the thief's own choice"))
        .await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let refused = world
        .vault
        .secrets()
        .create(&thief, crate::support::new("A", "a"))
        .await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
}
