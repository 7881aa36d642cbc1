use std::os::unix::fs::PermissionsExt;

use domain::RawValue;
use server::admin::{self, AdminReply, AdminRequest};
use server::serve::Running;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use vault::{OpenError, Vault};

use crate::support::{PASSWORD, TestServer, password, settings};

fn add(name: &str, password: &str) -> AdminRequest {
    AdminRequest::UserAdd {
        name: name.to_owned(),
        password: RawValue::new(password.to_owned()),
    }
}

fn token(user: &str, scopes: &str) -> AdminRequest {
    AdminRequest::TokenCreate {
        user: user.to_owned(),
        scopes: scopes.to_owned(),
        label: "ci".to_owned(),
    }
}

fn refused(reply: AdminReply) -> String {
    match reply {
        AdminReply::Refused { message } => message,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_running_server_carries_the_operators_commands_out() {
    let server = TestServer::start().await;
    let settings = settings(&server.data, &[]);
    let run = |request| admin::run(&settings, request);

    let AdminReply::Done { message } = run(add("ada", PASSWORD)).await.unwrap() else {
        panic!("not added")
    };
    assert_eq!(message, "The account ada was added.");
    let AdminReply::Token { token: made } = run(token("ada", "secrets:read,sandboxes:write")).await.unwrap() else {
        panic!("no token")
    };
    assert_eq!(
        server.get("/api/v1/secrets").bearer(made.expose()).send().await.status,
        200
    );

    assert!(refused(run(add("ADA", PASSWORD)).await.unwrap()).contains("exists"));
    assert!(refused(run(add("bob", "short")).await.unwrap()).contains("12"));
    assert!(refused(run(add("", PASSWORD)).await.unwrap()).contains("name"));
    assert_eq!(
        refused(run(token("eve", "secrets:read")).await.unwrap()),
        "There is no account named eve."
    );
    assert!(refused(run(token("ada", "secrets:everything")).await.unwrap()).contains("scope"));
    server.stop().await;
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_that_were_there() {
    let server = TestServer::start().await;
    let settings = settings(&server.data, &[]);
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    let new = RawValue::new("marble kettle orbit six".to_owned());
    admin::run(
        &settings,
        AdminRequest::UserSetPassword {
            name: "ada".to_owned(),
            password: new,
        },
    )
    .await
    .unwrap();
    let answer = server
        .post("/api/ui/account")
        .cookie(&browser.session)
        .form("")
        .send()
        .await;
    assert_eq!(answer.status, 401);
    let sign_in = server
        .vault
        .accounts()
        .sign_in("ada", &password(), vault::Origin::default())
        .await;
    assert!(sign_in.is_err(), "the old password still works");
    server.stop().await;
}

#[tokio::test]
async fn without_a_server_the_command_does_the_work_itself() {
    let data = TempDir::new().unwrap();
    let settings = settings(&data, &[]);
    assert!(matches!(
        admin::run(&settings, add("ada", PASSWORD)).await.unwrap(),
        AdminReply::Done { .. }
    ));
    assert!(matches!(
        admin::run(&settings, token("ada", "secrets:read")).await.unwrap(),
        AdminReply::Token { .. }
    ));
}

#[tokio::test]
async fn the_socket_is_its_owners_alone_and_goes_with_the_server() {
    let server = TestServer::start().await;
    let path = server.data.path().join("admin.sock");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let locked = Vault::open(settings(&server.data, &[]).vault_config()).await;
    assert!(matches!(locked.err(), Some(OpenError::Locked(_))));
    let data = server.stop().await;
    assert!(!data.path().join("admin.sock").exists());
}

#[tokio::test]
async fn the_left_over_socket_of_a_killed_server_is_in_nobodys_way() {
    let data = TempDir::new().unwrap();
    drop(std::os::unix::net::UnixListener::bind(data.path().join("admin.sock")).unwrap());
    let settings = settings(&data, &[]);
    assert!(matches!(
        admin::run(&settings, add("ada", PASSWORD)).await.unwrap(),
        AdminReply::Done { .. }
    ));
    let vault = Vault::open(settings.vault_config()).await.unwrap();
    let running = Running::start(settings.clone(), vault).await.unwrap();
    assert!(matches!(
        admin::run(&settings, add("bob", PASSWORD)).await.unwrap(),
        AdminReply::Done { .. }
    ));
    running.stop().await;
}

#[tokio::test]
async fn what_is_not_a_command_is_refused_without_being_repeated() {
    let server = TestServer::start().await;
    for line in [
        "canary\n",
        "{\"user_add\":{\"name\":\"a\",\"password\":42}}\n",
        "{\"drop_everything\":{}}\n",
        &"x".repeat(20_000),
    ] {
        let mut stream = UnixStream::connect(server.data.path().join("admin.sock"))
            .await
            .unwrap();
        // The server may close before it has read a line that is too long.
        let _ = stream.write_all(line.as_bytes()).await;
        let _ = stream.shutdown().await;
        let mut reply = String::new();
        let _ = stream.read_to_string(&mut reply).await;
        assert!(!reply.contains("canary"), "{reply}");
        if line.len() < 1000 {
            assert!(reply.starts_with(r#"{"refused""#), "{reply}");
        }
    }
    server.stop().await;
}
