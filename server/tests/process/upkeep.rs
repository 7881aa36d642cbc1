//! Keys, backups and the doctor, by the commands that an operator types.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::disk::{confined, disks_can_be_made};
use crate::kill::environment;
use crate::support::{SERVER, Server, administer};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn said(data: &Path, arguments: &[&str]) -> (bool, String) {
    let output = administer(data, arguments, "");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// A server with a secret of Ada's, and her token.
fn with_a_secret() -> (Server, String) {
    let server = Server::start();
    let token = server.ada("a long enough passphrase");
    let bearer = format!("Bearer {token}");
    let body = r#"{"name":"A_KEY","value":"kept through all of it"}"#;
    let stored = server.call("POST", "/api/v1/secrets", &[JSON, ("Authorization", &bearer)], body);
    assert_eq!(stored.status, 201, "{}", stored.body);
    (server, token)
}

fn assert_kept(server: &Server, token: &str) {
    let found = environment(server, token);
    assert_eq!(found.get("A_KEY").unwrap(), "kept through all of it");
}

#[test]
fn keys_are_replaced_while_the_server_runs_and_it_starts_again_under_them() {
    let (server, token) = with_a_secret();
    let before = server.admin(&["keys", "status"], "");
    assert!(
        before.contains("term 1     in force, 0 days old, 1 data keys"),
        "{before}"
    );
    let root = server.admin(&["keys", "rotate-root"], "");
    assert!(root.contains("is kept in"), "{root}");
    assert!(server.admin(&["keys", "rotate-term"], "").contains("under term 2"));
    assert!(
        server
            .admin(&["keys", "rotate-user", "ada"], "")
            .contains("All that ada has")
    );
    assert_kept(&server, &token);
    let after = server.admin(&["keys", "status"], "");
    let fingerprint = |status: &str| status.split_whitespace().nth(2).unwrap().to_owned();
    assert_ne!(fingerprint(&before), fingerprint(&after));
    assert!(
        after.contains("term 2     in force") && !after.contains("term 1 "),
        "{after}"
    );

    let nobody = server.try_admin(&["keys", "rotate-user", "nobody"], "");
    assert!(!nobody.status.success());
    assert!(
        String::from_utf8(nobody.stderr)
            .unwrap()
            .contains("no account named nobody")
    );

    server.kill();
    let server = Server::over(server.remains());
    assert_kept(&server, &token);
    assert!(server.admin(&["doctor"], "").contains("ok     everything opens"));
}

#[test]
fn a_lost_machine_is_brought_back_from_the_recovery_kit_and_a_backup() {
    let (server, token) = with_a_secret();
    server.admin(&["platform", "add", "Acme", "--origin", "https://chat.example"], "");
    let kit = server.admin(&["keys", "recovery-kit"], "");
    let backup = server.dir.path().join("backup.db");
    let path = backup.to_str().unwrap();
    assert!(
        server
            .admin(&["backup", path], "")
            .contains("holds everything as of now")
    );
    let again = server.try_admin(&["backup", path], "");
    assert!(String::from_utf8(again.stderr).unwrap().contains("not written over"));
    let content = fs::read(&backup).unwrap();
    let key = fs::read_to_string(server.data().join("root.key")).unwrap();
    assert!(!content.windows(64).any(|window| window == key.trim().as_bytes()));
    let drilled = server.admin(&["doctor", "--restore-drill", path], "");
    assert!(
        drilled.contains("ok     everything opens: 1 accounts, 1 values"),
        "{drilled}"
    );
    assert!(!server.data().join("restore-drill").exists());

    server.kill();
    let dir = server.remains();
    let data = dir.path().join("data");
    let (well, there) = said(&data, &["restore", path]);
    assert!(!well && there.contains("is there already"), "{there}");
    fs::remove_dir_all(&data).unwrap();
    fs::create_dir(&data).unwrap();
    let (well, keyless) = said(&data, &["restore", path]);
    assert!(
        !well && keyless.contains("does not exist; bring that key back"),
        "{keyless}"
    );
    // Typed from the page, digit by digit, a wrong one first.
    let digits: Vec<&str> = kit
        .lines()
        .skip_while(|line| !line.starts_with("Root key"))
        .take(4)
        .collect();
    let typed = digits.join("\n").replace("Root key", "");
    let mistyped = if typed.contains('0') {
        typed.replacen('0', "1", 1)
    } else {
        typed.replacen('1', "0", 1)
    };
    fs::write(data.join("root.key"), mistyped).unwrap();
    let (well, wrong) = said(&data, &["restore", path]);
    assert!(!well && wrong.contains("but the one given has"), "{wrong}");
    fs::write(data.join("root.key"), typed).unwrap();
    let (well, restored) = said(&data, &["restore", path]);
    assert!(well && restored.contains("  ada  made by the operator  "), "{restored}");
    assert!(restored.contains("platform rotate NAME\n  Acme"), "{restored}");
    fs::write(data.join("seen"), "").unwrap();

    let server = Server::over(dir);
    assert_kept(&server, &token);
}

#[test]
fn the_doctor_says_what_is_wrong_and_fails() {
    let (server, _) = with_a_secret();
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(server.data().join("root.key"), fs::Permissions::from_mode(0o444)).unwrap();
    let (well, found) = said(&server.data(), &["doctor"]);
    assert!(
        !well && found.contains("WRONG  ") && found.contains("chmod go="),
        "{found}"
    );
    // Without the server, the same.
    server.kill();
    let dir = server.remains();
    let (well, found) = said(&dir.path().join("data"), &["doctor"]);
    assert!(!well && found.contains("chmod go="), "{found}");
}

#[test]
fn the_doctor_takes_a_credential_of_systemds_for_closed() {
    use std::os::unix::fs::PermissionsExt;
    let (server, _) = with_a_secret();
    server.kill();
    let dir = server.remains();
    let credentials = dir.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::set_permissions(&credentials, fs::Permissions::from_mode(0o550)).unwrap();
    let key = credentials.join("strongroom-root");
    fs::rename(dir.path().join("data/root.key"), &key).unwrap();
    for (mode, is_closed) in [(0o440, true), (0o444, false), (0o460, false)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let doctor = Command::new(SERVER)
            .arg("doctor")
            .env("STRONGROOM_DATA_DIR", dir.path().join("data"))
            .env("STRONGROOM_ROOT_KEY_FILE", &key)
            .env("CREDENTIALS_DIRECTORY", &credentials)
            .output()
            .unwrap();
        let found = String::from_utf8([doctor.stdout, doctor.stderr].concat()).unwrap();
        assert_eq!(doctor.status.success(), is_closed, "{mode:o}: {found}");
    }
}

#[test]
fn rows_put_back_in_the_file_stay_wrong_until_they_are_accepted() {
    let (server, token) = with_a_secret();
    let bearer = format!("Bearer {token}");
    let headers = [JSON, ("Authorization", bearer.as_str())];
    let changed = server.call("PATCH", "/api/v1/secrets/A_KEY", &headers, r#"{"value":"another"}"#);
    assert_eq!(changed.status, 200, "{}", changed.body);
    // Somebody with the database file.
    let put_back = "import sqlite3, sys\n\
                    with sqlite3.connect(sys.argv[1]) as db: db.execute('UPDATE secrets SET version = 1')";
    let done = Command::new("python3")
        .args(["-c", put_back])
        .arg(server.data().join("strongroom.db"))
        .status()
        .unwrap();
    assert!(done.success());
    let other = server.call("POST", "/api/v1/secrets", &headers, r#"{"name":"B_KEY","value":"x"}"#);
    assert_eq!(other.status, 201, "{}", other.body);
    let (well, found) = said(&server.data(), &["doctor"]);
    assert!(!well, "{found}");
    let (_, account) = found.split_once("doctor --accept ").unwrap();
    let account = account.split_whitespace().next().unwrap();
    let accepted = server.admin(&["doctor", "--accept", account], "");
    assert!(accepted.contains("are taken for the right ones"), "{accepted}");
    let (well, found) = said(&server.data(), &["doctor"]);
    assert!(well, "{found}");
    let changed = server.call("PATCH", "/api/v1/secrets/A_KEY", &headers, r#"{"value":"a third"}"#);
    assert_eq!(changed.status, 200, "{}", changed.body);
    let nobody = server.try_admin(&["doctor", "--accept", "ada"], "");
    assert!(String::from_utf8(nobody.stderr).unwrap().contains("no account ada"));
}

#[test]
fn a_command_over_a_wrong_folder_says_so_and_makes_nothing_there() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("elsewhere");
    let backup = dir.path().join("backup.db");
    for arguments in [
        &["doctor"][..],
        &["keys", "status"],
        &["keys", "rotate-term"],
        &["backup", backup.to_str().unwrap()],
        &["token", "create", "--user", "ada", "--scopes", "secrets:read"],
        &["platform", "list"],
    ] {
        let (well, refused) = said(&data, arguments);
        assert!(
            !well && refused.contains("there is no database") && refused.contains("STRONGROOM_DATA_DIR"),
            "{arguments:?}: {refused}"
        );
    }
    assert!(!data.exists() && !backup.exists());
}

/// Carries out `$3…` where the root key's file is a place of its own, as a container's secret is.
const MOUNTED_KEY: &str = r#"
    export STRONGROOM_DATA_DIR="$1"; server="$2"; shift 2
    mount --bind "$STRONGROOM_DATA_DIR/root.key" "$STRONGROOM_DATA_DIR/root.key" || exit 77
    exec "$server" "$@"
"#;

#[test]
fn a_root_key_that_is_mounted_by_itself_is_not_replaced_and_one_left_beside_it_is_used() {
    if !disks_can_be_made() {
        return;
    }
    let (server, token) = with_a_secret();
    server.kill();
    let dir = server.remains();
    let data = dir.path().join("data");
    let mounted = |arguments: &[&str]| {
        let output = confined(MOUNTED_KEY, &data).args(arguments).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.success(), text)
    };
    let (well, refused) = mounted(&["keys", "rotate-root"]);
    assert!(!well && refused.contains("STRONGROOM_ROOT_KEY_FILE"), "{refused}");
    assert!(!data.join("root.key.next").exists());
    let (well, found) = mounted(&["doctor"]);
    assert!(well, "{found}");

    // As an earlier version left it: the new key is in force, and could not be put in its place.
    let (well, rotated) = said(&data, &["keys", "rotate-root"]);
    assert!(well, "{rotated}");
    let kept = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept
        .into_iter()
        .find(|path| path.display().to_string().contains("root.key."));
    fs::rename(data.join("root.key"), data.join("root.key.next")).unwrap();
    fs::rename(kept.unwrap(), data.join("root.key")).unwrap();
    let (well, found) = mounted(&["doctor"]);
    assert!(well, "{found}");
    assert!(data.join("root.key.next").exists());
    let server = Server::over(dir);
    assert_kept(&server, &token);
    assert!(!server.data().join("root.key.next").exists());
}

#[test]
fn the_server_leaves_no_core() {
    let server = Server::start();
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
