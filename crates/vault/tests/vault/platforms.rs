//! Agent products: their users are accounts of their own, which nobody else reaches.

use std::time::Duration;

use domain::{Description, RequestDraft, RequestStatus, RequestedDraft, SecretRequest};
use serde_json::json;
use vault::{
    Actor, Answer, Answered, AuthFailure, Error, NewPlatform, OpenSandbox, Origin, PlatformCaller, RequestPage,
    SignupState,
};

use crate::support::{PASSWORD, World, everything, name, raw, requiring, value};

fn acme() -> NewPlatform {
    NewPlatform {
        name: "Acme Chat".to_owned(),
        origins: vec!["https://chat.example".to_owned()],
        request_url: Some("https://chat.example/requests/{id}".to_owned()),
        most_users: Some(2),
    }
}

async fn platform(world: &World, new: NewPlatform) -> (PlatformCaller, String) {
    let key = world.vault.operator().add_platform(new).await.unwrap().key;
    let caller = world.vault.platforms().authenticate(key.expose()).await.unwrap();
    (caller, key.expose().to_owned())
}

async fn user(world: &World, caller: &PlatformCaller, external: &str) -> Actor {
    world
        .vault
        .platforms()
        .acting_for_anybody(
            caller,
            external,
            Some(&format!("{external}@example.com")),
            Origin::default(),
        )
        .await
        .unwrap()
}

fn asking(name_text: &str) -> SecretRequest {
    let draft = RequestDraft {
        secrets: vec![RequestedDraft {
            name: name_text.to_owned(),
            ..RequestedDraft::default()
        }],
        ..RequestDraft::default()
    };
    draft.check().unwrap()
}

fn saving(name_text: &str, value_text: &str) -> Vec<Answered> {
    vec![Answered {
        name: name(name_text),
        answer: Answer::Save {
            value: value(value_text),
            description: Description::default(),
            replacing: None,
        },
    }]
}

#[tokio::test]
async fn a_user_answers_in_the_field_and_the_platforms_sandbox_gets_it() {
    let world = World::new().await;
    let (caller, _) = platform(&world, acme()).await;
    let u1 = user(&world, &caller, "u1").await;
    let requests = world.vault.requests();
    let asked = requests.create(&u1, asking("X_TOKEN")).await.unwrap();
    let field = requests.field_token(&u1, &asked.id).await.unwrap();
    let session = requests
        .authenticate_field(field.token.expose(), &asked.id, Origin::default())
        .await
        .unwrap();
    let shown = requests.open_field(&session).await.unwrap();
    assert_eq!(shown.account, "u1@example.com at Acme Chat");
    assert_eq!(shown.request.asked_by, "Acme Chat");
    let answered = requests.answer_field(&session, saving("X_TOKEN", "v")).await.unwrap();
    assert_eq!(answered.status, RequestStatus::Stored);

    // Spent with the answer, whoever still holds it.
    let again = requests.answer_field(&session, saving("X_TOKEN", "w")).await;
    assert!(matches!(again, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let reopened = requests
        .authenticate_field(field.token.expose(), &asked.id, Origin::default())
        .await;
    assert!(matches!(reopened, Err(Error::RequestEnded(RequestStatus::Stored))));

    let opened = world.vault.sandboxes().open(&u1, OpenSandbox::default()).await.unwrap();
    let sandbox = world
        .vault
        .sandboxes()
        .authenticate(opened.token.expose(), Origin::default())
        .await
        .unwrap();
    assert_eq!(
        world.fetch(&sandbox, everything()).await.unwrap(),
        json!({ "X_TOKEN": "v" })
    );
}

#[tokio::test]
async fn a_field_token_is_for_one_request_and_void_once_renewed_lapsed_or_cancelled() {
    let world = World::new().await;
    let (caller, _) = platform(&world, acme()).await;
    let u1 = user(&world, &caller, "u1").await;
    let requests = world.vault.requests();
    let (one, other) = (
        requests.create(&u1, asking("ONE")).await.unwrap(),
        requests.create(&u1, asking("OTHER")).await.unwrap(),
    );
    let refused = |token: String, id: String| {
        let vault = world.vault.clone();
        async move {
            let outcome = vault
                .requests()
                .authenticate_field(&token, &id, Origin::default())
                .await;
            assert!(matches!(
                outcome,
                Err(Error::Unauthenticated(_) | Error::RequestEnded(_))
            ));
        }
    };
    let token = |field: vault::OpenedField| field.token.expose().to_owned();
    let first = token(requests.field_token(&u1, &one.id).await.unwrap());
    refused(first.clone(), other.id.clone()).await;
    let renewed = token(requests.field_token(&u1, &one.id).await.unwrap());
    refused(first, one.id.clone()).await;
    requests
        .authenticate_field(&renewed, &one.id, Origin::default())
        .await
        .unwrap();
    requests.cancel(&u1, &one.id).await.unwrap();
    refused(renewed, one.id.clone()).await;
    assert!(matches!(
        requests.field_token(&u1, &one.id).await,
        Err(Error::RequestEnded(RequestStatus::Cancelled))
    ));
    let lapsing = token(requests.field_token(&u1, &other.id).await.unwrap());
    world.clock.advance(Duration::from_secs(900));
    refused(lapsing, other.id).await;
}

#[tokio::test]
async fn what_one_platform_has_no_other_reaches() {
    let world = World::new().await;
    let (acme, _) = platform(&world, acme()).await;
    let (other, _) = platform(
        &world,
        NewPlatform {
            name: "Other".to_owned(),
            origins: vec!["https://other.example".to_owned()],
            ..NewPlatform::default()
        },
    )
    .await;
    let (acmes, others) = (user(&world, &acme, "u1").await, user(&world, &other, "u1").await);
    let acmes_other = user(&world, &acme, "u2").await;
    assert_ne!(acmes.user_id(), others.user_id());
    let requests = world.vault.requests();
    let asked = requests.create(&acmes, asking("A")).await.unwrap();
    for stranger in [&others, &acmes_other] {
        let seen = requests.get(stranger, &asked.id, Duration::ZERO).await;
        assert!(matches!(seen, Err(Error::NotFound)));
        assert!(matches!(
            requests.field_token(stranger, &asked.id).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            requests.cancel(stranger, &asked.id).await,
            Err(Error::NotFound)
        ));
    }
    let unknown = world
        .vault
        .platforms()
        .acting_for(&other, "u2", Origin::default())
        .await;
    assert!(matches!(unknown, Err(Error::NotFound)));
    assert!(matches!(
        world.vault.secrets().list(&acmes).await,
        Err(Error::MissingScope(_))
    ));
}

#[tokio::test]
async fn a_user_is_made_once_capped_labelled_and_removed_with_everything() {
    let world = World::new().await;
    let (caller, _) = platform(&world, acme()).await;
    let platforms = world.vault.platforms();
    let first = platforms
        .acting_for_anybody(&caller, "u1", None, Origin::default())
        .await
        .unwrap();
    assert!(!world.vault.requests().can_be_embedded(&first).await.unwrap());
    let asked = world.vault.requests().create(&first, asking("A")).await.unwrap();
    let nameless = world.vault.requests().field_token(&first, &asked.id).await;
    assert!(matches!(nameless, Err(Error::Invalid(_))));
    let labelled = user(&world, &caller, "u1").await;
    assert_eq!(first.user_id(), labelled.user_id());
    assert!(world.vault.requests().can_be_embedded(&labelled).await.unwrap());

    user(&world, &caller, "u2").await;
    let third = platforms
        .acting_for_anybody(&caller, "u3", None, Origin::default())
        .await;
    assert!(matches!(third, Err(Error::TooMany { limit: 2, .. })));
    for bad in ["", "with blank", "ünïcode", &"x".repeat(129)] {
        let refused = platforms
            .acting_for_anybody(&caller, bad, None, Origin::default())
            .await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{bad:?}");
    }
    let label = platforms
        .acting_for_anybody(&caller, "u1", Some("ada\u{202E}"), Origin::default())
        .await;
    assert!(matches!(label, Err(Error::Invalid(_))));

    platforms.remove_user(&caller, "u1").await.unwrap();
    assert!(matches!(
        platforms.remove_user(&caller, "u1").await,
        Err(Error::NotFound)
    ));
    let seen = world.vault.requests().get(&labelled, &asked.id, Duration::ZERO).await;
    assert!(matches!(seen, Err(Error::NotFound)));
    let late = world.vault.requests().create(&labelled, asking("B")).await;
    assert!(matches!(late, Err(Error::Unauthenticated(AuthFailure::Revoked))));
}

#[tokio::test]
async fn another_key_makes_the_old_one_void_and_ends_what_it_opened() {
    let world = World::new().await;
    let (caller, key) = platform(&world, acme()).await;
    let u1 = user(&world, &caller, "u1").await;
    let opened = world.vault.sandboxes().open(&u1, OpenSandbox::default()).await.unwrap();
    let asked = world.vault.requests().create(&u1, asking("B")).await.unwrap();
    let new = world.vault.operator().rotate_platform("acme chat").await.unwrap();
    let old = world.vault.platforms().authenticate(&key).await;
    assert!(matches!(old, Err(Error::Unauthenticated(AuthFailure::Unknown))));
    let sandbox = world
        .vault
        .sandboxes()
        .authenticate(opened.token.expose(), Origin::default())
        .await;
    assert!(matches!(sandbox, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let late = world.vault.requests().create(&u1, asking("A")).await;
    assert!(matches!(late, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let caller = world.vault.platforms().authenticate(new.key.expose()).await.unwrap();
    let known = world
        .vault
        .platforms()
        .acting_for(&caller, "u1", Origin::default())
        .await;
    let known = known.unwrap();
    assert_eq!(known.user_id(), u1.user_id());
    let asked = world
        .vault
        .requests()
        .get(&known, &asked.id, std::time::Duration::ZERO)
        .await;
    assert_eq!(asked.unwrap().status, domain::RequestStatus::Cancelled);
}

#[tokio::test]
async fn only_the_owner_sees_platforms_and_types_the_password_to_change_them() {
    let world = World::new().await;
    let (owner, member) = (world.person("owner").await, world.person("member").await);
    let platforms = world.vault.platforms();
    assert!(matches!(platforms.list(&member).await, Err(Error::NotFound)));
    let refused = platforms.add(&member, acme(), &raw(PASSWORD)).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let wrong = platforms.add(&owner, acme(), &raw("not the password")).await;
    assert!(matches!(wrong, Err(Error::WrongPassword)));
    let added = platforms.add(&owner, acme(), &raw(PASSWORD)).await.unwrap();
    let twice = platforms.add(&owner, acme(), &raw(PASSWORD)).await;
    assert!(matches!(twice, Err(Error::TakenPlatform)));
    let caller = world.vault.platforms().authenticate(added.key.expose()).await.unwrap();
    user(&world, &caller, "u1").await;
    let listed = platforms.list(&owner).await.unwrap();
    assert_eq!((listed.len(), listed[0].users), (1, 1));
    platforms.remove(&owner, "Acme Chat", &raw(PASSWORD)).await.unwrap();
    assert!(platforms.list(&owner).await.unwrap().is_empty());
    let gone = world.vault.platforms().authenticate(added.key.expose()).await;
    assert!(matches!(gone, Err(Error::Unauthenticated(AuthFailure::Unknown))));
}

#[tokio::test]
async fn platforms_before_the_first_person_leave_the_server_without_an_owner() {
    let world = World::new().await;
    let (caller, _) = platform(&world, acme()).await;
    user(&world, &caller, "u1").await;
    let state = world.vault.accounts().signup_state().await.unwrap();
    assert_eq!(state, SignupState::SetupCodeNeeded);
    assert_eq!(world.person("ada").await.role(), vault::Role::Owner);
}

#[tokio::test]
async fn a_request_leads_to_its_platforms_page_and_its_field_to_its_platforms_origins() {
    let world = World::new().await;
    let (caller, _) = platform(&world, acme()).await;
    let u1 = user(&world, &caller, "u1").await;
    let requests = world.vault.requests();
    let asked = requests.create(&u1, asking("A")).await.unwrap();
    let page = format!("https://chat.example/requests/{}", asked.id);
    assert_eq!(
        requests.page_of(&asked.id).await.unwrap(),
        RequestPage::AtPlatform(page)
    );
    assert_eq!(
        requests.field_origins(&asked.id).await.unwrap(),
        Some(vec!["https://chat.example".to_owned()])
    );
    assert_eq!(requests.field_origins("no id").await.unwrap(), None);
}

#[tokio::test]
async fn what_a_users_sandbox_lacks_can_be_asked_for_in_the_platforms_frame() {
    let world = World::new().await;
    let (caller, _) = platform(&world, acme()).await;
    let u1 = user(&world, &caller, "u1").await;
    let opened = world.vault.sandboxes().open(&u1, OpenSandbox::default()).await.unwrap();
    let sandbox = world
        .vault
        .sandboxes()
        .authenticate(opened.token.expose(), Origin::default())
        .await
        .unwrap();
    let missing = world.fetch(&sandbox, requiring(&["X_TOKEN"], Duration::ZERO)).await;
    let Err(Error::MissingSecrets {
        request: Some(asked), ..
    }) = missing
    else {
        panic!("it is missing");
    };
    let requests = world.vault.requests();
    assert_eq!(requests.list(&u1).await.unwrap().items.len(), 1);
    let page = requests.page_of(&asked.id).await.unwrap();
    assert!(matches!(page, RequestPage::AtPlatform(page) if page.ends_with(&asked.id)));
    let field = requests.field_token(&u1, &asked.id).await.unwrap();
    let session = requests
        .authenticate_field(field.token.expose(), &asked.id, Origin::default())
        .await
        .unwrap();
    requests.answer_field(&session, saving("X_TOKEN", "v")).await.unwrap();
    assert_eq!(
        world.fetch(&sandbox, everything()).await.unwrap(),
        json!({ "X_TOKEN": "v" })
    );
}
