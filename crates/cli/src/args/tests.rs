#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where it fails")]
use super::*;

fn parsed(words: &[&str]) -> Result<Command, Failure> {
    let words: Vec<OsString> = std::iter::once("strongroom")
        .chain(words.iter().copied())
        .map(OsString::from)
        .collect();
    parse(words)
}

fn run(words: &[&str]) -> RunArgs {
    match parsed(words).unwrap() {
        Command::Run(run) => run,
        other => panic!("{other:?}"),
    }
}

fn said(words: &[&str]) -> String {
    let failure = parsed(words).unwrap_err();
    assert_eq!(failure.exit(), 125);
    failure.message().to_owned()
}

fn names(names: &std::collections::BTreeSet<domain::SecretName>) -> Vec<&str> {
    names.iter().map(|name| name.as_str()).collect()
}

#[test]
fn the_commands_words_are_left_alone() {
    let run = run(&["run", "--only", "A", "--", "sh", "-c", "echo $A", "--only", "--", "-x"]);
    assert_eq!(run.command.program, "sh");
    assert_eq!(run.command.arguments, ["-c", "echo $A", "--only", "--", "-x"]);
    assert_eq!(names(&run.only.unwrap()), ["A"]);
}

#[test]
fn the_two_hyphens_may_be_left_out() {
    let run = run(&["run", "env", "--", "-0"]);
    assert_eq!(run.command.program, "env");
    assert_eq!(run.command.arguments, ["--", "-0"]);
    assert!(run.only.is_none());
}

#[test]
fn names_may_come_in_lists_and_in_several_options() {
    let run = run(&[
        "run",
        "--only=A,B, C",
        "--only",
        "D",
        "--except",
        "B",
        "--require",
        "A",
        "--wait",
        "5",
        "true",
    ]);
    assert_eq!(names(&run.only.unwrap()), ["A", "C", "D"]);
    assert_eq!(names(&run.require), ["A"]);
    assert_eq!(run.wait.as_secs(), 5);
}

#[test]
fn contradictions_are_refused() {
    assert!(said(&["run", "--only", "A", "--except", "A", "true"]).contains("leaves nothing"));
    assert!(said(&["run", "--only", "A", "--require", "B", "true"]).contains("B is in --require"));
    assert!(said(&["run", "--except", "A", "--require", "A", "true"]).contains("both"));
    assert!(said(&["run", "--wait", "5", "true"]).contains("--require"));
}

#[test]
fn names_pass_the_rule() {
    assert!(said(&["run", "--only", "lower", "true"]).starts_with("--only: "));
    assert!(said(&["run", "--require", "PATH", "true"]).starts_with("--require: "));
    assert!(said(&["run", "--only", "", "true"]).starts_with("--only: "));
}

#[test]
fn the_session_outlives_the_wait() {
    assert_eq!(run(&["run", "true"]).session_seconds(), None);
    assert_eq!(
        run(&["run", "--require", "A", "--wait", "60", "true"]).session_seconds(),
        None
    );
    assert_eq!(
        run(&["run", "--require", "A", "--wait", "3600", "true"]).session_seconds(),
        Some(3660)
    );
    assert_eq!(
        run(&["run", "--require", "A", "--wait", "86400", "true"]).session_seconds(),
        Some(86_400)
    );
    assert_eq!(run(&["run", "--ttl", "40", "true"]).session_seconds(), Some(40));
}

#[test]
fn what_cannot_be_understood_is_said_without_repeating_it() {
    for words in [
        &["secrets", "set", "NAME", "hunter2"][..],
        &["secrets", "set", "NAME=hunter2"],
        &["secrets", "list", "--json=hunter2"],
        &["secrets", "list", "hunter2"],
        &["login", "--token", "hunter2"],
        &["login", "--token=hunter2"],
        &["env", "--format", "hunter2"],
        &["run", "--wait", "hunter2", "true"],
        &["hunter2"],
        &["logout", "hunter2"],
    ] {
        let said = said(words);
        assert!(
            said.contains("--help") && !said.contains("hunter2"),
            "{words:?}: {said}"
        );
    }
}

#[test]
fn what_is_missing_is_said() {
    assert!(said(&[]).contains("What is to be done"));
    assert!(said(&["run"]).contains("Which command"));
    assert!(said(&["run", "--only"]).contains("needs a value"));
    assert!(said(&["run", "--nonsense", "true"]).contains("--nonsense"));
    assert!(said(&["secrets"]).contains("list, set, rm, import, history, put-back or forget"));
    assert!(said(&["secrets", "rm"]).contains("names"));
    assert!(said(&["secrets", "import"]).contains("file"));
}

#[test]
fn help_is_there_for_every_command() {
    for (words, topic) in [
        (&["--help"][..], Topic::Main),
        (&["help"], Topic::Main),
        (&["help", "env"], Topic::Env),
        (&["run", "-h"], Topic::Run),
        (&["request", "A", "--help"], Topic::Request),
        (&["help", "request"], Topic::Request),
        (&["secrets", "--help"], Topic::Secrets),
        (&["secrets", "set", "--help"], Topic::Secrets),
        (&["env", "--help"], Topic::Env),
        (&["login", "--help"], Topic::Login),
        (&["logout", "--help"], Topic::Logout),
    ] {
        assert!(
            matches!(parsed(words).unwrap(), Command::Help(found) if found == topic),
            "{words:?}"
        );
    }
    assert!(
        matches!(parsed(&["run", "prog", "--help"]).unwrap(), Command::Run(_)),
        "that one is the program's"
    );
}

fn request(words: &[&str]) -> RequestArgs {
    match parsed(words).unwrap() {
        Command::Request(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_carries_what_was_said() {
    let asked = request(&[
        "request",
        "A",
        "--why",
        "to search",
        "--description",
        "searches X",
        "--from",
        "https://developer.x.com/",
        "--by",
        "agent",
        "--ttl",
        "60",
    ]);
    assert_eq!(
        serde_json::to_value(&asked.draft).unwrap(),
        serde_json::json!({
            "secrets": [{"name": "A", "description": "searches X", "obtain_url": "https://developer.x.com/"}],
            "reason": "to search", "requested_by": "agent", "ttl_seconds": 60,
        })
    );
    let asked = request(&["request", "A", "B"]);
    assert_eq!(
        serde_json::to_value(&asked.draft).unwrap(),
        serde_json::json!({"secrets": [{"name": "A"}, {"name": "B"}]})
    );
    assert!(asked.wait.is_zero());
}

#[test]
fn a_request_outlives_the_wait() {
    let ttl = |words: &[&str]| request(&[&["request", "A"], words].concat()).draft.ttl_seconds;
    assert_eq!(ttl(&["--wait", "900"]), None);
    assert_eq!(ttl(&["--wait", "3600"]), Some(3600));
    assert_eq!(ttl(&["--wait", "3600", "--ttl", "60"]), Some(60));
}

#[test]
fn a_request_that_cannot_be_understood_is_2() {
    for (words, why) in [
        (&["request"][..], "names"),
        (&["request", "A=hunter2"], "name alone"),
        (&["request", "hunter2"], "--help"),
        (&["request", "PATH"], "--help"),
        (&["request", "A", "--why"], "needs a value"),
        (&["request", "A", "--value", "hunter2"], "--value"),
        (&["request", "A", "--wait", "3601"], "at most 3600"),
        (&["request", "A", "--ttl", "hunter2"], "at most 3600"),
        (&["request", "A", "--from", "http://x.example"], "--from: "),
        (&["request", "A", "--description", "a\u{202e}b"], "U+202E"),
        (&["request", "A", "B", "--description", "x"], "one secret"),
        (&["request", "A", "B", "--from", "https://x.example"], "one secret"),
    ] {
        let failure = parsed(words).unwrap_err();
        assert_eq!(failure.exit(), 2, "{words:?}");
        let said = failure.message();
        assert!(said.contains(why) && !said.contains("hunter2"), "{words:?}: {said}");
    }
}
