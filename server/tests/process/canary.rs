//! A known value goes in through every door. Afterwards it is looked for in everything that can be looked at:
//! it may be in the sandbox's answers and nowhere else.

mod asked;
mod chats;

use std::io::Write;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::seen::Seen;
use crate::support::{Server, client};

/// What is looked for: each way in has one of its own, so that a finding says which way it came.
const WAYS: [&str; 15] = [
    "form-create",
    "form-update",
    "form-refused",
    "http-create",
    "http-patch",
    "http-batch",
    "http-refused",
    "cli-set",
    "cli-import",
    "request-form",
    "request-refused",
    "field",
    "field-refused",
    "typed",
    "password",
];

fn canary(way: &str) -> String {
    assert!(WAYS.contains(&way));
    format!("CANARY{}b7e9d24c", way.replace('-', ""))
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const HTML: (&str, &str) = ("Accept", "text/html");

#[test]
fn a_value_is_found_nowhere_but_in_the_sandbox() {
    let model = chats::model();
    let server = Server::with(&[("STRONGROOM_MODEL_URL", &model.base), ("STRONGROOM_MODEL", "a-model")]);
    let mut seen = Seen::default();
    let cookie = through_the_forms(&server, &mut seen);
    let api = through_http(&server, &mut seen);
    through_the_command_line(&server, &mut seen, &api);
    asked::through_requests(&server, &mut seen, &cookie, &api);
    let sandbox = as_the_sandbox(&server, &mut seen, &api);
    chats::through_a_chat(&server, &mut seen, (&cookie, &api), &model);
    look_around(&server, &mut seen, &cookie, &api);

    seen.keep_folder(&server.data());
    seen.0.push(("the log".to_owned(), server.log()));
    assert!(
        server.log().len() > 1_000,
        "the log is on, so that looking into it means something"
    );
    let values: Vec<String> = WAYS.iter().map(|way| canary(way)).collect();
    assert_eq!(seen.find(&values), Vec::<String>::new());

    // Tokens and the session are shown once, to their holder; no file and no log may have them.
    let mut stored = Seen::default();
    stored.keep_folder(&server.data());
    stored.0.push(("the log".to_owned(), server.log()));
    let held = [cookie.split_once('=').unwrap().1.to_owned(), api, sandbox];
    assert_eq!(stored.find(&held), Vec::<String>::new());
}

#[test]
fn the_search_finds_what_is_there() {
    let server = Server::start();
    let mut seen = Seen::default();
    through_the_forms(&server, &mut seen);
    let api = api_token(&server);
    let bearer = format!("Bearer {api}");
    // A description is stored and shown in the clear: put there, the value has to be found, in a file and in an answer.
    let body = format!(
        r#"{{"name":"PLANTED","value":"v","description":"{}"}}"#,
        canary("http-create")
    );
    seen.keep(
        "planting",
        server.call("POST", "/api/v1/secrets", &[JSON, ("Authorization", &bearer)], &body),
    );
    seen.keep_folder(&server.data());
    let found = seen.find(&[canary("http-create")]);
    assert!(found.iter().any(|place| place.ends_with("planting")), "{found:?}");
    assert!(found.iter().any(|place| place.contains("strongroom.db")), "{found:?}");
    let encoded = Seen(vec![(
        "a body".to_owned(),
        STANDARD.encode("say CANARYpasswordb7e9d24c now").into_bytes(),
    )]);
    assert_eq!(encoded.find(&[canary("password")]).len(), 1);
}

/// Signs up and manages secrets as a browser without scripts does; the session's cookie.
fn through_the_forms(server: &Server, seen: &mut Seen) -> String {
    let password = format!("{} and more", canary("password"));
    let code = server.setup_code.clone().unwrap();
    let encoded = password.replace(' ', "+");
    let refused = format!("login=ada&password={encoded}&setup_code=WRONG");
    seen.keep(
        "sign-up refused",
        server.call("POST", "/api/ui/sign-up", &[FORM, HTML], &refused),
    );
    let body = format!("login=ada&password={encoded}&setup_code={code}");
    // Not kept: its Set-Cookie is the one place where the session belongs; the value cannot be in it.
    let cookie = server
        .call("POST", "/api/ui/sign-up", &[FORM, HTML], &body)
        .cookie()
        .expect("signed in");
    let mut post = |place: &str, path: &str, body: String| {
        let headers = [FORM, HTML, ("Cookie", cookie.as_str())];
        let answer = seen.keep(place, server.call("POST", path, &headers, &body));
        assert_eq!(answer.status, 303, "{place}");
        // Where it leads: the list, or the form again with what was wrong.
        let next = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
            .unwrap()
            .to_owned();
        let headers = [HTML, ("Cookie", cookie.as_str())];
        seen.keep(
            &format!("{place}, then {next}"),
            server.call("GET", &next, &headers, ""),
        );
        next
    };
    let create = "/api/ui/create-secret";
    let fresh = format!("name=FORM_KEY&value={}&description=d", canary("form-create"));
    assert_eq!(post("form create", create, fresh), "/secrets");
    let changed = format!("name=FORM_KEY&value={}&description=d", canary("form-update"));
    assert_eq!(post("form update", "/api/ui/update-secret", changed), "/secrets");

    let refused = canary("form-refused");
    for name in ["PATH", "2FA", "FORM_KEY"] {
        assert_eq!(
            post(name, create, format!("name={name}&value={refused}&description=d")),
            "/secrets/new"
        );
    }
    assert_eq!(
        post("a value with NUL", create, format!("name=A&value={refused}%00")),
        "/secrets/new"
    );
    assert_eq!(
        post(
            "a value too long",
            create,
            format!("name=A&value={}", refused.repeat(4_000))
        ),
        "/secrets/new"
    );
    post(
        "a sign-in refused",
        "/api/ui/sign-in",
        format!("login=ada&password={refused}"),
    );
    cookie
}

fn api_token(server: &Server) -> String {
    server.admin(
        &[
            "token",
            "create",
            "--user",
            "ada",
            "--scopes",
            "secrets:read,secrets:write,sandboxes:write,requests:write",
        ],
        "",
    )
}

/// Over HTTP, rightly and wrongly; the API token.
fn through_http(server: &Server, seen: &mut Seen) -> String {
    let token = api_token(server);
    let bearer = format!("Bearer {token}");
    let mut call = |place: &str, method: &str, path: &str, body: String, status: u16| {
        let answer = seen.keep(
            place,
            server.call(method, path, &[JSON, ("Authorization", &bearer)], &body),
        );
        assert_eq!(answer.status, status, "{place}: {}", answer.body);
    };
    let value = canary("http-create");
    call(
        "create",
        "POST",
        "/api/v1/secrets",
        format!(r#"{{"name":"HTTP_KEY","value":"{value}"}}"#),
        201,
    );
    call(
        "patch",
        "PATCH",
        "/api/v1/secrets/HTTP_KEY",
        format!(r#"{{"value":"{}"}}"#, canary("http-patch")),
        200,
    );
    let batch = format!(
        r#"{{"secrets":[{{"name":"BATCH_KEY","value":"{}"}}],"replace":true}}"#,
        canary("http-batch")
    );
    call("batch", "POST", "/api/v1/secrets/batch", batch, 200);

    let bad = canary("http-refused");
    let post = |body: &str| body.replace("BAD", &bad);
    call(
        "cut JSON",
        "POST",
        "/api/v1/secrets",
        post(r#"{"name":"A","value":"BAD"#),
        400,
    );
    call(
        "value in a list",
        "POST",
        "/api/v1/secrets",
        post(r#"{"name":"A","value":["BAD"]}"#),
        422,
    );
    call(
        "value as a name",
        "POST",
        "/api/v1/secrets",
        post(r#"{"name":["BAD"],"value":"v"}"#),
        422,
    );
    call(
        "value as a field",
        "POST",
        "/api/v1/secrets",
        post(r#"{"name":"A","value":"v","BAD":1}"#),
        422,
    );
    call(
        "a string for a flag",
        "POST",
        "/api/v1/secrets/batch",
        post(r#"{"secrets":[],"replace":"BAD"}"#),
        422,
    );
    call(
        "a taken name",
        "POST",
        "/api/v1/secrets",
        post(r#"{"name":"HTTP_KEY","value":"BAD"}"#),
        409,
    );
    call(
        "a reserved name",
        "POST",
        "/api/v1/secrets",
        post(r#"{"name":"PATH","value":"BAD"}"#),
        422,
    );
    call(
        "a bare string",
        "PATCH",
        "/api/v1/secrets/HTTP_KEY",
        post(r#""BAD""#),
        422,
    );
    for authorization in [
        format!("Bearer {bad}"),
        format!("Bearer sr_pat_{bad}"),
        format!("Basic {bad}"),
    ] {
        let answer = server.call("GET", "/api/v1/secrets", &[("Authorization", &authorization)], "");
        assert_eq!(seen.keep("a bad token", answer).status, 401);
    }
    token
}

/// With `strongroom`, whose own output is kept too.
fn through_the_command_line(server: &Server, seen: &mut Seen, token: &str) {
    let mut run = |place: &str, arguments: &[&str], input: String| {
        let mut process = client()
            .args(arguments)
            .env("STRONGROOM_URL", &server.base)
            .env("STRONGROOM_TOKEN", token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{place}: {}", String::from_utf8_lossy(&text));
        seen.0.push((place.to_owned(), text));
    };
    run("secrets set", &["secrets", "set", "CLI_KEY"], canary("cli-set"));
    run(
        "secrets import",
        &["secrets", "import", "-"],
        format!("IMPORTED_KEY='{}'\n", canary("cli-import")),
    );
    run("secrets list", &["secrets", "list"], String::new());
    let length = canary("cli-set").len();
    run(
        "run",
        &[
            "run",
            "--",
            "sh",
            "-c",
            &format!("test ${{#CLI_KEY}} = {length} && echo \"used $CLI_KEY\""),
        ],
        String::new(),
    );
}

/// Fetches in every format: here, and only here, every value is. The sandbox's token.
fn as_the_sandbox(server: &Server, seen: &mut Seen, api: &str) -> String {
    let bearer = format!("Bearer {api}");
    let opened = server.call("POST", "/api/v1/sandboxes", &[JSON, ("Authorization", &bearer)], "{}");
    let opened: serde_json::Value = serde_json::from_str(&opened.body).unwrap();
    let token = opened.get("token").unwrap().as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    for format in ["json", "dotenv", "shell", "docker"] {
        let path = format!("/api/v1/sandbox/env?format={format}");
        let answer = server.call("GET", &path, &[("Authorization", &bearer)], "");
        for way in [
            "form-update",
            "http-patch",
            "http-batch",
            "cli-set",
            "cli-import",
            "request-form",
        ] {
            assert!(answer.body.contains(&canary(way)), "{way} is missing from {format}");
        }
        seen.0.push((format!("the head of {format}"), answer.head.into_bytes()));
    }
    let missing = server.call(
        "GET",
        "/api/v1/sandbox/env?require=NOT_THERE",
        &[("Authorization", &bearer)],
        "",
    );
    assert_eq!(seen.keep("424", missing).status, 424);
    token
}

/// Every page and every list that somebody can open afterwards.
fn look_around(server: &Server, seen: &mut Seen, cookie: &str, api: &str) {
    for page in [
        "/",
        "/secrets",
        "/secrets/new",
        "/secrets/FORM_KEY/edit",
        "/secrets/FORM_KEY/delete",
        "/settings",
    ] {
        let answer = server.call("GET", page, &[HTML, ("Cookie", cookie)], "");
        seen.keep(page, answer);
    }
    let bearer = format!("Bearer {api}");
    for call in [
        "/api/v1/secrets",
        "/api/v1/secrets/HTTP_KEY",
        "/api/v1/sandboxes",
        "/api/v1/activity",
        "/api/openapi.json",
    ] {
        let answer = seen.keep(call, server.call("GET", call, &[("Authorization", &bearer)], ""));
        assert_eq!(answer.status, 200, "{call}");
    }
}
