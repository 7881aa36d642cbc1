//! What code cannot see or touch.

use std::fs;

use domain::chat::Language;

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
async fn the_values_stand_in_no_argument_that_others_could_read() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let running = world.run(job(Language::Shell, "sleep 1"));
    let looking = async {
        let mut seen = 0;
        for _ in 0..20 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            for process in fs::read_dir("/proc").unwrap().flatten() {
                let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
                seen += usize::from(line.windows(7).any(|part| part == b"main.sh"));
                assert!(!line.windows(VALUE.len()).any(|part| part == VALUE.as_bytes()));
            }
        }
        seen
    };
    let (_, seen) = tokio::join!(running, looking);
    assert!(seen > 0, "the run was looked at");
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
