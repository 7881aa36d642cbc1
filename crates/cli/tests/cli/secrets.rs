//! `strongroom secrets set`, `list` and `rm`.

use crate::server::Server;

#[test]
fn set_creates_and_then_replaces_and_the_description_stays() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    let created = client
        .run_with_input(
            &["secrets", "set", "API_KEY", "--description", "for the weather"],
            b"one",
        )
        .succeeded();
    assert_eq!(created.out, "Created API_KEY.\n");
    assert_eq!(account.value("API_KEY").unwrap(), "one");
    let replaced = client
        .run_with_input(&["secrets", "set", "API_KEY"], b"two")
        .succeeded();
    assert_eq!(replaced.out, "Replaced the value of API_KEY.\n");
    assert_eq!(account.value("API_KEY").unwrap(), "two");
    assert_eq!(account.secrets()[0]["description"], "for the weather");
    client
        .run_with_input(&["secrets", "set", "API_KEY", "--description", "for maps"], b"three")
        .succeeded();
    assert_eq!(account.secrets()[0]["description"], "for maps");
}

#[test]
fn standard_input_is_kept_byte_for_byte() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    let values = [
        "-----BEGIN KEY-----\nabc\n-----END KEY-----\n".to_owned(),
        "  \"quoted\" and 'quoted' $HOME \\n \r\n\t".to_owned(),
        "東京 🔑 e\u{301}".to_owned(),
        "x".repeat(65_536),
    ];
    for value in values {
        client
            .run_with_input(&["secrets", "set", "EXACT"], value.as_bytes())
            .succeeded();
        assert_eq!(account.value("EXACT").unwrap(), value);
    }
}

#[test]
fn a_line_break_that_echo_added_is_kept_and_remarked_on() {
    let (_server, account) = Server::with_account();
    let done = account
        .client()
        .run_with_input(&["secrets", "set", "A"], b"key\n")
        .succeeded();
    assert!(
        done.err.contains("line break") && done.err.contains("printf"),
        "{done:?}"
    );
    assert_eq!(account.value("A").unwrap(), "key\n");
}

#[test]
fn list_shows_names_and_descriptions_for_people_and_for_programs() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    let empty = client.run(&["secrets", "list"]).succeeded();
    assert!(empty.out.is_empty() && empty.err.contains("secrets set"), "{empty:?}");
    assert_eq!(client.run(&["secrets", "list", "--json"]).succeeded().out, "[]\n");

    client
        .run_with_input(&["secrets", "set", "B_KEY", "--description", "the second"], b"v")
        .succeeded();
    account.store("A_KEY", "v");
    client.run(&["run", "--only", "B_KEY", "--", "true"]).succeeded();
    let table = client.run(&["secrets", "list"]).succeeded().out;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(
        lines[0].starts_with("NAME") && lines[1].starts_with("A_KEY ") && lines[2].starts_with("B_KEY "),
        "{table}"
    );
    assert!(
        lines[1].ends_with("never") && lines[2].ends_with("the second"),
        "{table}"
    );

    let json: Vec<serde_json::Value> =
        serde_json::from_str(&client.run(&["secrets", "list", "--json"]).succeeded().out).unwrap();
    assert_eq!(json[0]["name"], "A_KEY");
    assert_eq!(
        json[1]["last_used_by"], "true",
        "the session's label, which is the command's name"
    );
}

#[test]
fn rm_removes_what_is_there_and_names_what_is_not() {
    let (_server, account) = Server::with_account();
    account.store_all([("A", "a"), ("B", "b"), ("C", "c")]);
    let done = account.client().run(&["secrets", "rm", "A", "NO_SUCH", "B"]);
    assert_eq!(done.code, Some(125), "{done:?}");
    assert_eq!(done.out, "Removed A.\nRemoved B.\n");
    assert!(done.err.contains("NO_SUCH"), "{done:?}");
    let left: Vec<_> = account.secrets().iter().map(|secret| secret["name"].clone()).collect();
    assert_eq!(left, ["C"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let (_server, account) = Server::with_account();
    account.store("A", "a");
    let client = account.client();
    let mut child = client
        .command(&["secrets", "list"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn earlier_values_are_listed_put_back_and_forgotten_and_none_is_shown() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    for value in ["first-value", "second-value"] {
        client
            .run_with_input(&["secrets", "set", "A"], value.as_bytes())
            .succeeded();
    }
    let listed = client.run(&["secrets", "history", "A"]).succeeded();
    let lines: Vec<&str> = listed.out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[1].starts_with("2 ") && lines[1].ends_with("(in force)"),
        "{listed:?}"
    );
    assert!(!listed.out.contains("-value"));
    assert!(
        client
            .run(&["secrets", "history", "A", "--json"])
            .succeeded()
            .out
            .contains("\"in_force\": true")
    );

    let put_back = client.run(&["secrets", "put-back", "A", "1"]).succeeded();
    assert_eq!(put_back.out, "Value 1 of A is in force again.\n");
    assert_eq!(account.value("A").unwrap(), "first-value");
    client
        .run(&["secrets", "put-back", "A", "9"])
        .refused(&["no earlier value 9"]);
    let typed = client
        .run(&["secrets", "put-back", "A", "first-value"])
        .refused(&["its number"]);
    assert!(!typed.err.contains("first-value"), "{typed:?}");

    client.run(&["secrets", "forget", "A"]).succeeded();
    assert_eq!(
        client.run(&["secrets", "history", "A"]).succeeded().out.lines().count(),
        2
    );
    assert_eq!(account.value("A").unwrap(), "first-value");
}
