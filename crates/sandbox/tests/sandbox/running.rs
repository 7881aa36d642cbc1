//! What ordinary code gets and gives.

use domain::SecretName;
use domain::chat::Language;
use sandbox::{End, RunError};

use crate::support::{VALUE, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn each_language_finds_the_secret_in_its_environment_and_its_value_is_not_printed() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let python =
        "import os, base64\nv = os.environ['X_TOKEN']\nprint(len(v), v, base64.b64encode(b'..' + v.encode()).decode())";
    let node = "const v = process.env.X_TOKEN; console.log(v.length, v, Buffer.from('..' + v).toString('base64'))";
    let shell = "echo ${#X_TOKEN} $X_TOKEN $(printf '..%s' \"$X_TOKEN\" | base64 -w0)";
    for (language, code) in [
        (Language::Python, python),
        (Language::JavaScript, node),
        (Language::Shell, shell),
    ] {
        let (outcome, printed) = world.run(job(language, code)).await.unwrap();
        assert_eq!(outcome.end, End::Exited(0), "{language:?}: {printed}");
        assert_eq!(outcome.names, [SecretName::parse("X_TOKEN").unwrap()]);
        assert!(printed.starts_with("29 [X_TOKEN] "), "{language:?}: {printed}");
        assert_eq!(printed.matches("[X_TOKEN]").count(), 2, "{language:?}: {printed}");
    }
    assert_eq!(world.live_sessions().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_gets_the_names_that_it_is_allowed_and_no_others() {
    let Some(world) = World::new().await else { return };
    world.store("A_KEY", VALUE).await;
    world.store("B_KEY", "another-value").await;
    let code = "echo \"a=${A_KEY-none} b=${B_KEY-none}\"; env | grep -c STRONGROOM";
    let mut one = job(Language::Shell, code);
    one.names = Some(vec![
        SecretName::parse("B_KEY").unwrap(),
        SecretName::parse("NOT_THERE").unwrap(),
    ]);
    let (outcome, printed) = world.run(one).await.unwrap();
    assert_eq!(printed, "a=none b=[B_KEY]\n0\n");
    assert_eq!(outcome.names, [SecretName::parse("B_KEY").unwrap()]);
    let mut none = job(Language::Shell, code);
    none.names = Some(Vec::new());
    assert_eq!(world.run(none).await.unwrap().1, "a=none b=none\n0\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn text_files_go_in_and_new_ones_come_out_without_values() {
    let Some(world) = World::new().await else { return };
    world.store("X_TOKEN", VALUE).await;
    let code = "cat in.txt; echo \"$X_TOKEN\" > out.txt; printf '\\377' > binary; mkdir d; echo x > d/deep; echo changed > again.txt";
    let mut with_files = job(Language::Shell, code);
    with_files.files = vec![
        ("in.txt".to_owned(), "hello\n".to_owned()),
        ("again.txt".to_owned(), "old".to_owned()),
    ];
    let (outcome, printed) = world.run(with_files).await.unwrap();
    assert_eq!(printed, "hello\n");
    let files: Vec<_> = outcome
        .files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(files, [("again.txt", "changed\n"), ("out.txt", "[X_TOKEN]\n")]);
    for bad in ["../x", "/etc/passwd", ".hidden", "-rf", "a b", "", "main.sh"] {
        let mut with_bad = job(Language::Shell, "true");
        with_bad.files = vec![(bad.to_owned(), String::new())];
        assert!(matches!(world.run(with_bad).await, Err(RunError::BadJob(_))), "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_it_ended_is_said_and_both_streams_come_as_they_are_printed() {
    let Some(world) = World::new().await else { return };
    let (outcome, printed) = world
        .run(job(Language::Shell, "echo out; sleep 0.2; echo err >&2; exit 3"))
        .await
        .unwrap();
    assert_eq!((outcome.end, printed.as_str()), (End::Exited(3), "out\nerr\n"));
    let (outcome, _) = world.run(job(Language::Shell, "kill -TERM $$")).await.unwrap();
    assert_eq!(outcome.end, End::Signalled(15));
    let (outcome, printed) = world.run(job(Language::Python, "print('ü' * 3)\n1/0")).await.unwrap();
    assert_eq!(outcome.end, End::Exited(1));
    assert!(
        printed.contains("üüü\n") && printed.contains("ZeroDivisionError"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn javascript_has_both_kinds_of_modules_and_awaits_at_its_top() {
    let Some(world) = World::new().await else { return };
    let code = "import { tmpdir } from 'node:os';\nconst path = require('path');\nawait null;\nconsole.log(path.basename(tmpdir()));\nnull.x";
    let (outcome, printed) = world.run(job(Language::JavaScript, code)).await.unwrap();
    assert_eq!(outcome.end, End::Exited(1));
    // Each stream keeps its order; which of the two is heard first, where both are written at once, nobody can say.
    assert!(
        printed.contains(".tmp\n") && printed.contains("main.mjs:5"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_arrives_byte_for_byte_and_a_full_environment_too() {
    let Some(world) = World::new().await else { return };
    let odd = "-----BEGIN KEY-----\n  \"quoted\" $HOME `x` \\n 'ü'\n\n-----END KEY-----\n";
    world.store("ODD_KEY", odd).await;
    for number in 0..15 {
        world
            .store(&format!("LARGE_{number}"), &format!("{number:02}").repeat(32 << 10))
            .await;
    }
    let code = "import os\nprint(os.environ['ODD_KEY'] == open('odd').read(), sum(len(v) for k, v in os.environ.items() if 'LARGE' in k))\nos.remove('odd')";
    let mut job = job(Language::Python, code);
    job.files = vec![("odd".to_owned(), odd.to_owned())];
    let (outcome, printed) = world.run(job).await.unwrap();
    assert_eq!((outcome.end, printed.as_str()), (End::Exited(0), "True 983040\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn code_finds_nothing_on_its_standard_input_and_its_folder_empty() {
    let Some(world) = World::new().await else { return };
    assert_eq!(
        world.shell("cat; pwd; ls; ls /tmp; umask").await,
        "/work\nmain.sh\n0077\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_come_out_beside_large_ones() {
    let Some(world) = World::new().await else { return };
    let code = "for n in 1 2 3; do head -c 8M /dev/zero > a$n; done; echo small > small; ln -s small link; mkfifo pipe";
    let (outcome, _) = world.run(job(Language::Shell, code)).await.unwrap();
    assert_eq!(outcome.files, [("small".to_owned(), "small\n".to_owned())]);
    // Also when it failed.
    let (outcome, _) = world.run(job(Language::Shell, "echo why > log; exit 7")).await.unwrap();
    assert_eq!((outcome.end, outcome.files.len()), (End::Exited(7), 1));
}
