//! `strongroom secrets import`: all of a file, or nothing.

use std::fs;

use crate::server::Server;

const FILE: &str = "\u{feff}# services\r\n\
    export API_KEY=plain # a remark\r\n\
    \n\
    QUOTED = \"two\\nlines\"\n\
    LITERAL='$HOME and \\n'\n\
    PEM=\"-----BEGIN-----\nabc\n-----END-----\n\"\n";

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn every_value_of_the_file_is_stored() {
    let (_server, account) = Server::with_account();
    let file = written(FILE);
    let done = account
        .client()
        .run(&["secrets", "import", file.path().to_str().unwrap()])
        .succeeded();
    assert_eq!(done.out, "Imported: 4 new, 0 replaced.\n");
    assert_eq!(account.value("API_KEY").unwrap(), "plain");
    assert_eq!(account.value("QUOTED").unwrap(), "two\nlines");
    assert_eq!(account.value("LITERAL").unwrap(), "$HOME and \\n");
    assert_eq!(account.value("PEM").unwrap(), "-----BEGIN-----\nabc\n-----END-----\n");
}

#[test]
fn names_that_exist_are_a_mistake_unless_they_are_to_be_replaced() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    client
        .run_with_input(&["secrets", "set", "A", "--description", "kept"], b"old")
        .succeeded();
    let input = b"A=new\nB=new\n";
    client
        .run_with_input(&["secrets", "import", "-"], input)
        .refused(&["A", "--replace", "nothing was imported"]);
    assert_eq!(account.value("A").unwrap(), "old");
    assert_eq!(account.value("B"), None);
    let done = client
        .run_with_input(&["secrets", "import", "-", "--replace"], input)
        .succeeded();
    assert_eq!(done.out, "Imported: 1 new, 1 replaced.\n");
    assert_eq!(account.value("A").unwrap(), "new");
    assert_eq!(
        account.secrets()[0]["description"],
        "kept",
        "a new value is no reason to forget what it is for"
    );
}

#[test]
fn of_two_equal_names_the_last_counts_and_that_is_told() {
    let (_server, account) = Server::with_account();
    let done = account
        .client()
        .run_with_input(&["secrets", "import", "-"], b"A=1\nB=2\nA=3\n")
        .succeeded();
    assert!(done.err.contains("line 3") && done.err.contains("line 1"), "{done:?}");
    assert_eq!(account.value("A").unwrap(), "3");
}

#[test]
fn one_bad_line_and_nothing_is_stored() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    let said = client
        .run_with_input(
            &["secrets", "import", "-"],
            b"GOOD=hunter2\nlower=hunter2\nLD_PRELOAD=hunter2\nEMPTY=\nhunter2\n",
        )
        .refused(&[
            "line 2",
            "line 3",
            "LD_PRELOAD",
            "line 4",
            "EMPTY",
            "line 5",
            "nothing was imported",
        ]);
    assert!(!said.err.contains("hunter2"), "{said:?}");
    assert!(account.secrets().is_empty());
}

#[test]
fn what_is_no_such_file_is_refused() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    client
        .run(&["secrets", "import", "/no/such/file"])
        .refused(&["/no/such/file", "cannot be read"]);
    client.run(&["secrets", "import", "/"]).refused(&["cannot be read"]);
    client
        .run_with_input(&["secrets", "import", "-"], b"")
        .refused(&["NAME=value"]);
    client
        .run_with_input(&["secrets", "import", "-"], b"A=\xff\xfe\n")
        .refused(&["UTF-8"]);
    client
        .run_with_input(&["secrets", "import", "-"], &b"# filler\n".repeat(500_000))
        .refused(&["4 MiB"]);
}
