//! The same for a server that was not started by root.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_holds_for_a_server_without_rights() {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root || World::new().await.is_none() {
        // Then the other tests have shown it already, or nothing can be shown.
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let program = dir.path().join("tests");
    // By a process of its own: what another test starts in this moment would have the file open for writing too, and then it
    // cannot be run (ETXTBSY).
    let copied = Command::new("cp")
        .arg(std::env::current_exe().unwrap())
        .arg(&program)
        .status();
    assert!(copied.unwrap().success());
    let mut tests = Command::new("/usr/bin/setpriv");
    tests.args(["--reuid=60999", "--regid=60999", "--clear-groups", "--inh-caps=-all"]);
    tests.arg(program).env("TMPDIR", dir.path()).current_dir(dir.path());
    let ended = tokio::task::spawn_blocking(move || tests.output().unwrap())
        .await
        .unwrap();
    let printed = String::from_utf8_lossy(&ended.stdout);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{printed}{said}");
}
