//! Chats: sealed, their owner's alone, and free of stored values.

use domain::RequestStatus;
use domain::chat::{ConversationSettings, Entry, Language, Run};
use domain::{Description, SecretRequest};
use vault::{Actor, Answer, Answered, AuthFailure, Config, Error, OpenSandbox, SignupPolicy, Turn, Vault};

use crate::at_rest::{all_bytes, holds};
use crate::support::{World, agent, name, value};

const VALUE: &str = "v4lue-that-was-typed-into-a-message";

async fn begun(world: &World, person: &Actor, message: &str) -> (String, Turn) {
    let chats = world.vault.conversations();
    let made = chats.create(person, message).await.unwrap();
    let (turn, position, _) = chats.begin(person, &made.id, message).await.unwrap();
    assert_eq!(position, 0);
    (made.id, turn)
}

fn ran(output: &str) -> Entry {
    Entry::Ran(Box::new(Run {
        language: Language::Python,
        code: "print(1)".to_owned(),
        given: vec![("b.txt".to_owned(), output.to_owned())],
        names: vec![name("X_TOKEN")],
        network: false,
        output: output.to_owned(),
        files: vec![("a.txt".to_owned(), output.to_owned())],
        end: None,
    }))
}

#[tokio::test]
async fn what_is_said_is_read_back_and_stands_in_no_file() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "canary-of-a-chat, and more").await;
    let chats = world.vault.conversations();
    let said = Entry::Agent {
        text: "an answer".to_owned(),
    };
    assert_eq!(chats.append(&turn, said.clone()).await.unwrap(), (1, said.clone()));
    chats.end(&turn).await.unwrap();

    let read = chats.open(&ada, &id).await.unwrap();
    assert_eq!(read.view.title, "canary-of-a-chat, and more");
    assert_eq!(read.entries[1], (1, said));
    assert!(!read.working);
    assert_eq!(chats.list(&ada).await.unwrap(), [read.view]);
    assert!(!holds(&all_bytes(world.dir.path()), "canary-of-a-chat"));
}

#[tokio::test]
async fn nobody_else_finds_it_and_no_token_does() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let eve = world.person("eve").await;
    let (id, _turn) = begun(&world, &ada, "mine").await;
    let chats = world.vault.conversations();
    let settings = ConversationSettings {
        network: false,
        names: None,
    };
    assert!(matches!(chats.open(&eve, &id).await, Err(Error::NotFound)));
    assert!(matches!(chats.begin(&eve, &id, "hello").await, Err(Error::NotFound)));
    assert!(matches!(
        chats.change_options(&eve, &id, "hers", settings).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(chats.delete(&eve, &id).await, Err(Error::NotFound)));
    assert!(chats.list(&eve).await.unwrap().is_empty());
    let bot = agent(&world, &ada).await;
    assert!(matches!(chats.open(&bot, &id).await, Err(Error::BrowserOnly)));
    assert!(matches!(chats.list(&bot).await, Err(Error::BrowserOnly)));
}

#[tokio::test]
async fn one_message_is_worked_on_at_a_time() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "first").await;
    let chats = world.vault.conversations();
    assert!(matches!(chats.begin(&ada, &id, "second").await, Err(Error::Working)));
    chats.end(&turn).await.unwrap();
    assert!(chats.begin(&ada, &id, "second").await.is_ok());
    assert!(matches!(chats.begin(&ada, &id, " \n ").await, Err(Error::Invalid(_))));
    assert!(matches!(
        chats.begin(&ada, &id, &"x".repeat(40_000)).await,
        Err(Error::Invalid(_))
    ));
}

#[tokio::test]
async fn a_stored_value_is_kept_in_no_entry() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "X_TOKEN", VALUE).await;
    let (id, turn) = begun(&world, &ada, &format!("use {VALUE}")).await;
    let chats = world.vault.conversations();
    chats.append(&turn, ran(&format!("printed {VALUE}\n"))).await.unwrap();
    let read = chats.open(&ada, &id).await.unwrap();
    let text = format!("{read:?}");
    assert!(!text.contains(VALUE), "{text}");
    assert!(text.contains("printed [X_TOKEN]"), "{text}");
    assert_eq!(read.view.title, "use [X_TOKEN]");
    assert!(matches!(&read.entries[0].1, Entry::Person { redacted, .. } if *redacted == [name("X_TOKEN")]));
}

#[tokio::test]
async fn a_value_typed_before_it_was_stored_is_taken_out_when_it_is_stored() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let eve = world.person("eve").await;
    let (id, turn) = begun(&world, &ada, &format!("my key is {VALUE}")).await;
    let (hers, _) = begun(&world, &eve, &format!("hers is {VALUE} too")).await;
    let chats = world.vault.conversations();
    chats.append(&turn, ran(VALUE)).await.unwrap();
    assert!(format!("{:?}", chats.open(&ada, &id).await.unwrap()).contains(VALUE));

    world.store(&ada, "X_TOKEN", VALUE).await;

    let read = chats.open(&ada, &id).await.unwrap();
    assert!(!format!("{read:?}").contains(VALUE));
    let said = Entry::Person {
        text: "my key is [X_TOKEN]".to_owned(),
        redacted: vec![name("X_TOKEN")],
    };
    assert_eq!(read.entries[0], (0, said));
    assert_eq!(read.view.title, "my key is [X_TOKEN]");
    let other = chats.open(&eve, &hers).await.unwrap();
    assert!(format!("{other:?}").contains(VALUE), "another person's chat is theirs");
}

#[tokio::test]
async fn the_agent_asks_opens_sandboxes_and_ends_with_the_session() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "go").await;
    let asked = SecretRequest::of_names([&name("X_TOKEN")]);
    let made = world
        .vault
        .requests()
        .create(turn.actor(), asked.clone())
        .await
        .unwrap();
    assert_eq!(made.asked_by, "Your chat");
    let answer = Answered {
        name: name("X_TOKEN"),
        answer: Answer::Save {
            value: value(VALUE),
            description: Description::default(),
            replacing: None,
        },
    };
    world
        .vault
        .requests()
        .answer(&ada, &made.id, vec![answer])
        .await
        .unwrap();
    let seen = world.vault.requests().asked_in(&ada, &id).await.unwrap();
    assert_eq!(seen[0].status, RequestStatus::Stored);
    let open = OpenSandbox::default;
    assert!(world.vault.sandboxes().open(turn.actor(), open()).await.is_ok());
    assert!(matches!(
        world.vault.secrets().delete(turn.actor(), &name("X_TOKEN")).await,
        Err(Error::MissingScope(_))
    ));

    world.vault.accounts().sign_out(&ada).await.unwrap();

    let refused = world.vault.sandboxes().open(turn.actor(), open()).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let refused = world.vault.requests().create(turn.actor(), asked).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(AuthFailure::Revoked))));
    let chats = world.vault.conversations();
    let note = Entry::Note {
        text: "signed out".to_owned(),
        wrong: true,
    };
    assert!(
        chats.append(&turn, note).await.is_ok(),
        "what there is to say is still written down"
    );
}

#[tokio::test]
async fn a_name_given_to_a_narrowed_chat_is_allowed_in_it() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "go").await;
    let chats = world.vault.conversations();
    chats.allow(&turn, &[name("A_KEY")]).await.unwrap();
    assert_eq!(chats.settings(&turn).await.unwrap().names, None, "all stay all");
    let narrowed = ConversationSettings {
        network: false,
        names: Some(vec![name("B_KEY")]),
    };
    chats.change_options(&ada, &id, "go", narrowed).await.unwrap();
    chats.allow(&turn, &[name("A_KEY")]).await.unwrap();
    let settings = chats.settings(&turn).await.unwrap();
    assert_eq!(settings.names, Some(vec![name("A_KEY"), name("B_KEY")]));
    assert!(!settings.network);
}

#[tokio::test]
async fn a_deleted_secret_is_said_to_be_gone_and_a_deleted_chat_is_gone() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "X_TOKEN", VALUE).await;
    let (id, turn) = begun(&world, &ada, "go").await;
    let chats = world.vault.conversations();
    chats.append(&turn, ran("")).await.unwrap();
    assert!(chats.open(&ada, &id).await.unwrap().gone.is_empty());
    world.vault.secrets().delete(&ada, &name("X_TOKEN")).await.unwrap();
    assert_eq!(chats.open(&ada, &id).await.unwrap().gone, [name("X_TOKEN")]);

    chats.delete(&ada, &id).await.unwrap();
    assert!(matches!(chats.open(&ada, &id).await, Err(Error::NotFound)));
    assert!(matches!(chats.append(&turn, ran("")).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_title_has_a_line_and_an_entry_moved_elsewhere_does_not_open() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "go").await;
    let chats = world.vault.conversations();
    let settings = |network| ConversationSettings { network, names: None };
    for bad in ["", " ", "two\nlines", &"x".repeat(121)] {
        let refused = chats.change_options(&ada, &id, bad, settings(false)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{bad:?}");
        assert!(chats.settings(&turn).await.unwrap().network, "half of it was saved");
    }
    chats
        .change_options(&ada, &id, " Better ", settings(true))
        .await
        .unwrap();
    assert_eq!(chats.open(&ada, &id).await.unwrap().view.title, "Better");
    chats.append(&turn, ran("")).await.unwrap();
    world
        .run_sql("UPDATE conversation_entries SET position = 7 WHERE position = 1")
        .await;
    assert!(matches!(
        chats.open(&ada, &id).await,
        Err(Error::Corrupt {
            table: "conversation_entries",
            ..
        })
    ));
}

#[tokio::test]
async fn what_was_cut_off_by_the_end_of_the_server_is_ended_and_said_at_the_next_start() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "go").await;
    world.vault.conversations().append(&turn, ran("half")).await.unwrap();
    world
        .vault
        .sandboxes()
        .open(turn.actor(), OpenSandbox::default())
        .await
        .unwrap();
    world.vault.close().await;
    let World { vault, clock, dir } = world;
    drop(vault);

    let mut config = Config::new(dir.path());
    config.signup = SignupPolicy::Open;
    config.clock = clock;
    let vault = Vault::open(config).await.unwrap();

    let read = vault.conversations().open(&ada, &id).await.unwrap();
    assert!(!read.working);
    assert!(matches!(&read.entries[2].1, Entry::Note { text, wrong: true } if text.contains("server stopped")));
    assert!(vault.sandboxes().list(&ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_value_that_holds_its_own_name_is_taken_out_all_the_same() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let line = "X_TOKEN=abc123def456";
    let (id, turn) = begun(&world, &ada, &format!("It says {line} there")).await;
    let chats = world.vault.conversations();
    chats.end(&turn).await.unwrap();
    world.store(&ada, "X_TOKEN", line).await;
    let read = chats.open(&ada, &id).await.unwrap();
    let Entry::Person { text, redacted } = &read.entries[0].1 else {
        panic!("{read:?}")
    };
    assert_eq!(text, "It says [X_TOKEN] there");
    assert_eq!(*redacted, [name("X_TOKEN")]);
    assert_eq!(read.view.title, "It says [X_TOKEN] there");
    // Nor is a name noted that is a part of another one.
    world.store(&ada, "TOKEN", "another value altogether").await;
    let (turn, _, kept) = chats.begin(&ada, &id, line).await.unwrap();
    assert!(
        matches!(&kept, Entry::Person { redacted, .. } if *redacted == [name("X_TOKEN")]),
        "{kept:?}"
    );
    chats.end(&turn).await.unwrap();
}

#[tokio::test]
async fn a_title_is_cut_from_what_is_left_without_values() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let long = "0123456789abcdef".repeat(5);
    let message = format!("Use this token: {long}");
    // Stored afterwards: the title was cut in the middle of it.
    let (id, turn) = begun(&world, &ada, &message).await;
    let chats = world.vault.conversations();
    chats.end(&turn).await.unwrap();
    assert!(
        chats
            .open(&ada, &id)
            .await
            .unwrap()
            .view
            .title
            .contains("0123456789abcdef")
    );
    world.store(&ada, "LONG_TOKEN", &long).await;
    assert_eq!(
        chats.open(&ada, &id).await.unwrap().view.title,
        "Use this token: [LONG_TOKEN]"
    );
    // Stored before.
    let made = chats.create(&ada, &message).await.unwrap();
    assert_eq!(made.title, "Use this token: [LONG_TOKEN]");
    // A title that somebody gave it stays.
    let settings = ConversationSettings {
        network: false,
        names: None,
    };
    chats.change_options(&ada, &id, "Of my own", settings).await.unwrap();
    world.store(&ada, "OTHER_TOKEN", "something else to store").await;
    assert_eq!(chats.open(&ada, &id).await.unwrap().view.title, "Of my own");
}

#[tokio::test]
async fn typing_stored_values_into_a_chat_is_recorded_and_slowed_down_like_a_comparison() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "X_TOKEN", VALUE).await;
    let chats = world.vault.conversations();
    let made = chats.create(&ada, "guesses").await.unwrap();
    let say = async |text: &str| {
        let (turn, ..) = chats.begin(&ada, &made.id, text).await?;
        chats.end(&turn).await
    };
    for _ in 0..10 {
        say(VALUE).await.unwrap();
    }
    assert!(matches!(say(VALUE).await, Err(Error::TooManyAttempts { .. })));
    say("nothing that is stored").await.unwrap();
    assert_eq!(chats.open(&ada, &made.id).await.unwrap().entries.len(), 11);
    let compared = crate::upkeep::kinds(&world.vault, &ada).await;
    let compared = compared
        .iter()
        .filter(|kind| **kind == domain::ActivityKind::SecretCompared);
    assert_eq!(compared.count(), 10);
}

#[tokio::test]
async fn a_damaged_piece_of_a_chat_keeps_nobody_from_storing_and_the_chat_can_be_deleted() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (id, turn) = begun(&world, &ada, "hello").await;
    let chats = world.vault.conversations();
    chats.end(&turn).await.unwrap();
    world
        .run_sql("UPDATE conversation_entries SET envelope = zeroblob(80)")
        .await;
    world.store(&ada, "X_TOKEN", VALUE).await;
    world.run_sql("UPDATE conversations SET head = zeroblob(80)").await;
    world.store(&ada, "Y_TOKEN", VALUE).await;
    assert_eq!(chats.list(&ada).await.unwrap()[0].title, "A chat that cannot be read");
    chats.delete(&ada, &id).await.unwrap();
    assert!(chats.list(&ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_turn_is_told_nothing_more_once_its_person_has_signed_out() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (_, turn) = begun(&world, &ada, "hello").await;
    let chats = world.vault.conversations();
    chats.settings(&turn).await.unwrap();
    world.vault.accounts().sign_out(&ada).await.unwrap();
    assert!(matches!(
        chats.settings(&turn).await,
        Err(Error::Unauthenticated(AuthFailure::Revoked))
    ));
}
