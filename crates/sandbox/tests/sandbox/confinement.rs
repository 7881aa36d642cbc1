//! What code cannot see or touch.

use std::fs;
use std::os::unix::fs::MetadataExt;

use domain::chat::Language;

use crate::processes::{descendants, endless, seen, sleeping};
use crate::support::{VALUE, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_server_or_the_machine_is_to_be_seen() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let data = world.dir.path().join("data");
    fs::set_permissions(&data, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let data = data.display();
    let printed = world
        .shell(&format!(
            "for file in {data}/strongroom.db {data}/root.key /etc/shadow /etc/ssh /root /home /var /proc/1/root/etc/shadow; do \
             [ -e $file ] && echo \"there: $file\"; cat $file 2>/dev/null; done; ls /; ls /proc | grep -c '^[0-9]'"
        ))
        .await;
    assert!(!printed.contains("there:"), "{printed}");
    assert!(
        printed.contains("work") && !printed.contains("tmp/.tmp") && !printed.contains("boot"),
        "{printed}"
    );
    // The shell that starts it, bubblewrap, the script, and what the script starts.
    let processes: u32 = printed.lines().last().unwrap().parse().unwrap();
    assert!(processes < 8, "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_the_values_stand_in_no_argument_and_no_environment() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let long = endless(4715);
    let holds_value = |bytes: &[u8]| bytes.windows(VALUE.len()).any(|part| part == VALUE.as_bytes());
    let read = |pid: u32, file: &str| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let running = world.run(job(Language::Shell, &format!("sleep {long}")));
    let looking = async {
        seen(&long).await;
        let all = descendants(std::process::id());
        let code = *sleeping(&long).first().unwrap();
        assert!(holds_value(&read(code, "environ")));
        for pid in all {
            assert!(!holds_value(&read(pid, "cmdline")));
            let line = read(pid, "cmdline");
            if line.starts_with(b"/usr/bin/bwrap\0") {
                assert!(!holds_value(&read(pid, "environ")));
            }
        }
    };
    tokio::select! {
        _ = running => panic!("it ended by itself"),
        () = looking => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_root_starts_runs_as_a_user_that_nobody_is() {
    let Some(world) = World::new().await else { return };
    let long = endless(4716);
    let running = world.run(job(Language::Shell, &format!("sleep {long}")));
    let looking = async {
        seen(&long).await;
        let code = *sleeping(&long).first().unwrap();
        fs::metadata(format!("/proc/{code}")).unwrap().uid()
    };
    let own = fs::metadata("/proc/self").unwrap().uid();
    tokio::select! {
        _ = running => panic!("it ended by itself"),
        user = looking => assert!(if own == 0 { (61_700..64_700).contains(&user) } else { user == own }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_machines_certificates_the_public_ones_are_to_be_seen() {
    let Some(world) = World::new().await else { return };
    let seen = world.shell("ls /etc/ssl; ls -d /etc/ssl/private 2>/dev/null").await;
    assert!(
        seen.lines()
            .all(|name| ["cert.pem", "certs", "openssl.cnf"].contains(&name)),
        "{seen}"
    );
    assert!(seen.contains("certs"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_of_the_server_is_open_inside_and_no_further_namespace_can_be_made() {
    let Some(world) = World::new().await else { return };
    let code = "import os
links = [f'/proc/self/fd/{number}' for number in range(256)]
print([os.readlink(link).split(':')[0] for link in links if os.path.lexists(link)])
print(os.system('unshare --user true 2>/dev/null') == 0)";
    let (_, printed) = world.run(job(Language::Python, code)).await.unwrap();
    assert_eq!(printed, "['/dev/null', 'pipe', 'pipe']\nFalse\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_of_its_own_folder_can_be_written() {
    let Some(world) = World::new().await else { return };
    let printed = world
        .shell("for place in / /usr /usr/bin /etc /dev /proc/sys/kernel /var /root /home; do ( echo x > $place/written ) 2>/dev/null && echo \"wrote $place\"; done; echo ok > mine; echo ok > /tmp/mine; cat mine /tmp/mine; mount -t tmpfs x /mnt 2>/dev/null && echo mounted; id -u; cat /proc/self/status | grep -E 'NoNewPrivs|CapEff'")
        .await;
    assert!(!printed.contains("wrote") && !printed.contains("mounted"), "{printed}");
    assert!(printed.starts_with("ok\nok\n"), "{printed}");
    assert!(printed.contains("CapEff:\t0000000000000000"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_processes_cannot_be_signalled_and_the_clock_of_the_machine_is_left_alone() {
    let Some(world) = World::new().await else { return };
    let me = std::process::id();
    let printed = world
        .shell(&format!(
            "kill -0 {me} 2>/dev/null && echo reached; date -s 2001-01-01 >/dev/null 2>&1 && echo set; hostname"
        ))
        .await;
    assert_eq!(printed, "sandbox\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_behind_is_not_there_for_the_next_run() {
    let Some(world) = World::new().await else { return };
    world
        .shell("echo mine > left; echo mine > /tmp/left; echo mine > /dev/shm/left")
        .await;
    assert_eq!(world.shell("ls /work /tmp /dev/shm | grep left; true").await, "");
}
