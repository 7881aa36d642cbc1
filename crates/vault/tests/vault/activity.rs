//! Reading the records: pages and filters.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::{ActivityKind, ActivityView, Timestamp};
use vault::{ActivityFilter, Actor, Config, OpenSandbox, Origin, Vault};

use crate::support::{START, World, everything, name, raw};
use crate::upkeep::{closed, kinds};

async fn found(world: &World, actor: &Actor, filter: &ActivityFilter) -> Vec<ActivityView> {
    let page = world.vault.activity().list(actor, filter, None, 100).await.unwrap();
    assert_eq!(page.next_cursor, None);
    page.items
}

async fn fetch_as(world: &World, actor: &Actor, label: &str, names: Option<&[&str]>) {
    let open = OpenSandbox {
        label: Some(label.to_owned()),
        names: names.map(|names| names.iter().map(|text| name(text)).collect()),
        ..OpenSandbox::default()
    };
    let opened = world.vault.sandboxes().open(actor, open).await.unwrap();
    let sandboxes = world.vault.sandboxes();
    let session = sandboxes
        .authenticate(opened.token.expose(), Origin::default())
        .await
        .unwrap();
    world.fetch(&session, everything()).await.unwrap();
}

#[tokio::test]
async fn records_are_found_by_the_secret_they_concern() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    for text in ["KEY", "KEY_TWO", "OTHER"] {
        world.store(&ada, text, text).await;
    }
    // One of everything, which is recorded by reference to a set, and one of a part.
    fetch_as(&world, &ada, "all", None).await;
    fetch_as(&world, &ada, "part", Some(&["OTHER"])).await;
    let filter = ActivityFilter {
        name: Some(name("KEY")),
        ..ActivityFilter::default()
    };
    let kinds: Vec<_> = found(&world, &ada, &filter)
        .await
        .iter()
        .map(|record| record.kind)
        .collect();
    assert_eq!(kinds, [ActivityKind::EnvFetched, ActivityKind::SecretCreated]);
}

#[tokio::test]
async fn records_are_found_by_what_their_agent_is_called() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEY", "value").await;
    fetch_as(&world, &ada, "Mentions bot", None).await;
    fetch_as(&world, &ada, "nightly 100%", None).await;
    for (text, expected) in [
        ("mention", 2),
        ("BOT", 2),
        ("100%", 2),
        ("%", 2),
        ("nobody", 0),
        ("_", 0),
    ] {
        let filter = ActivityFilter {
            agent: Some(text.to_owned()),
            ..ActivityFilter::default()
        };
        assert_eq!(found(&world, &ada, &filter).await.len(), expected, "{text}");
    }
}

#[tokio::test]
async fn records_are_found_by_their_time() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEY", "value").await;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let within = |from: i64, until: i64| ActivityFilter {
        from: Some(Timestamp(now + from)),
        until: Some(Timestamp(now + until)),
        ..ActivityFilter::default()
    };
    assert!(!found(&world, &ada, &within(-60_000, 60_000)).await.is_empty());
    assert!(found(&world, &ada, &within(60_000, 120_000)).await.is_empty());
    assert!(found(&world, &ada, &within(-120_000, -60_000)).await.is_empty());
}

#[tokio::test]
async fn pages_under_a_filter_join_without_a_gap() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "KEY", "value").await;
    world.store(&ada, "NOISE", "value").await;
    for number in 0..7 {
        fetch_as(&world, &ada, &format!("bot {number}"), Some(&["KEY"])).await;
        fetch_as(&world, &ada, "noise", Some(&["NOISE"])).await;
    }
    let filter = ActivityFilter {
        name: Some(name("KEY")),
        agent: Some("bot".to_owned()),
        ..ActivityFilter::default()
    };
    let (mut cursor, mut labels) = (None, Vec::new());
    loop {
        let activity = world.vault.activity();
        let page = activity.list(&ada, &filter, cursor.as_deref(), 3).await.unwrap();
        labels.extend(page.items.into_iter().filter_map(|record| record.sandbox_label));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(labels, ["bot 6", "bot 5", "bot 4", "bot 3", "bot 2", "bot 1", "bot 0"]);
}

#[tokio::test]
async fn what_is_older_than_records_are_kept_is_forgotten_at_the_next_start() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.store(&ada, "A_KEY", "kept").await;
    drop(ada);
    // The ids of records hold the machine's time.
    let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let start = Duration::from_millis(u64::try_from(START).unwrap());
    world
        .clock
        .advance(today - start + Duration::from_secs(401 * 24 * 3600));
    let clock = world.clock.clone();
    let dir = closed(world).await;
    let mut config = Config::new(dir.path());
    config.clock = clock;
    let vault = Vault::open(config).await.unwrap();
    let password = raw(crate::support::PASSWORD);
    let signed_in = vault
        .accounts()
        .sign_in("ada", &password, Origin::default())
        .await
        .unwrap();
    let ada = signed_in.actor;
    // It is done in the background.
    while kinds(&vault, &ada).await.contains(&ActivityKind::SecretCreated) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(vault.secrets().list(&ada).await.unwrap().len(), 1);
    assert_eq!(vault.accounts().sessions(&ada).await.unwrap().len(), 1);
}
