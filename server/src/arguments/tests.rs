//! Command lines, read.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn read(line: &str) -> Result<Command, String> {
    parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
}

#[test]
fn without_a_command_it_serves() {
    assert_eq!(read(""), Ok(Command::Serve));
    assert_eq!(read("serve"), Ok(Command::Serve));
}

#[test]
fn commands_for_accounts_take_a_name_and_ask_for_the_password() {
    let name = || "ada".to_owned();
    assert_eq!(
        read("user add ada"),
        Ok(Command::UserAdd {
            name: name(),
            password: PasswordFrom::Terminal
        })
    );
    assert_eq!(
        read("user set-password --password-stdin ada"),
        Ok(Command::UserSetPassword {
            name: name(),
            password: PasswordFrom::Stdin
        })
    );
}

#[test]
fn a_token_needs_its_user_and_its_scopes() {
    assert_eq!(
        read("token create --user ada --scopes=secrets:read,sandboxes:write --label ci"),
        Ok(Command::TokenCreate {
            user: "ada".to_owned(),
            scopes: "secrets:read,sandboxes:write".to_owned(),
            label: "ci".to_owned()
        })
    );
    assert!(read("token create --user ada").unwrap_err().contains("--scopes"));
}

#[test]
fn what_makes_no_sense_is_said_without_repeating_a_password() {
    let problem = read("user add ada hunter2").unwrap_err();
    assert!(
        problem.contains("--password-stdin") && !problem.contains("hunter2"),
        "{problem}"
    );
    for wrong in [
        "user",
        "user add",
        "tokens",
        "serve --user ada",
        "platform list --origin https://a.example",
        "platform add Acme",
        "platform add",
        "platform rotate",
        "platform add Acme --origin https://a.example --most-users many",
        "token create --user ada --scopes secrets:read --origin https://a.example",
        "serve now",
        "--colour",
        "token create --password-stdin",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_platform_is_added_with_its_pages() {
    assert_eq!(
        read(
            "platform add Acme --origin https://a.example --origin https://b.example --request-url https://a.example/r/{id} --most-users 5"
        ),
        Ok(Command::Platform(PlatformCommand::Add {
            name: "Acme".to_owned(),
            origins: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
            request_url: Some("https://a.example/r/{id}".to_owned()),
            most_users: Some(5),
        }))
    );
    assert_eq!(read("platform list"), Ok(Command::Platform(PlatformCommand::List)));
    for (word, command) in [
        (
            "rotate",
            PlatformCommand::Rotate {
                name: "Acme".to_owned(),
            },
        ),
        (
            "remove",
            PlatformCommand::Remove {
                name: "Acme".to_owned(),
            },
        ),
    ] {
        assert_eq!(read(&format!("platform {word} Acme")), Ok(Command::Platform(command)));
    }
}

#[test]
fn keys_backups_and_the_doctor() {
    let upkeep = |command| Ok(Command::Upkeep(command));
    assert_eq!(read("keys status"), upkeep(UpkeepCommand::KeyStatus));
    assert_eq!(
        read("keys rotate-user ada"),
        upkeep(UpkeepCommand::RotateUser { name: "ada".to_owned() })
    );
    assert_eq!(read("backup a.db"), upkeep(UpkeepCommand::Backup("a.db".into())));
    assert_eq!(read("doctor"), upkeep(UpkeepCommand::Doctor));
    assert_eq!(
        read("doctor --restore-drill a.db"),
        upkeep(UpkeepCommand::RestoreDrill("a.db".into()))
    );
    assert_eq!(
        read("doctor --accept 0189"),
        upkeep(UpkeepCommand::Accept {
            account: "0189".to_owned()
        })
    );
    for (line, said) in [
        ("keys", "no such command"),
        ("keys rotate-user", "NAME is missing"),
        ("backup", "FILE is missing"),
        ("restore", "FILE is missing"),
        ("backup a b", "no such command"),
        ("keys status --restore-drill a.db", "--restore-drill does not belong"),
        (
            "doctor --accept 0189 --restore-drill a.db",
            "either --restore-drill or --accept",
        ),
        ("doctor ada", "no such command"),
        ("backup a --user ada", "--user does not belong"),
    ] {
        let refused = read(line).unwrap_err();
        assert!(refused.contains(said), "{line}: {refused}");
    }
}
