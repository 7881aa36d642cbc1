//! Where code can go, and where not.

use domain::chat::Language;
use sandbox::{Runner, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{World, job};

const TRY: &str = "
import socket, sys
for host, port in [arg.split(':') for arg in PLACES]:
    try:
        with socket.create_connection((host, int(port)), timeout=2) as s:
            s.sendall(b'hello')
            print(host, s.recv(10).decode())
    except OSError as error:
        print(host, 'no')
";

/// Answers whoever comes.
async fn listen(address: &str) -> u16 {
    let listener = TcpListener::bind(address).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut some = [0; 5];
            let _heard = stream.read_exact(&mut some).await;
            let _said = stream.write_all(b"reached").await;
        }
    });
    port
}

async fn tried(world: &World, network: bool, places: &[String]) -> String {
    let mut trying = job(Language::Python, &TRY.replace("PLACES", &format!("{places:?}")));
    trying.network = network;
    let (outcome, printed) = world.run(trying).await.unwrap();
    assert_eq!(outcome.network, network);
    printed
}

fn own_addresses() -> Vec<String> {
    let out = std::process::Command::new("hostname").arg("-I").output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_whitespace()
        .filter(|address| !address.contains(':'))
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_nothing_is_reached_and_code_cannot_make_one() {
    let Some(world) = World::new().await else { return };
    let port = listen("0.0.0.0:0").await;
    let mut places = vec![format!("127.0.0.1:{port}"), format!("1.1.1.1:{port}")];
    places.extend(own_addresses().iter().map(|address| format!("{address}:{port}")));
    let printed = tried(&world, false, &places).await;
    assert!(!printed.contains("reached"), "{printed}");
    assert_eq!(
        world
            .shell("ip link 2>/dev/null | grep -c tap0; ls /sys/class/net 2>/dev/null; true")
            .await
            .trim(),
        "0"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_network_neither_the_machine_nor_a_private_range_is_reached_but_what_is_allowed_is() {
    let open = listen("0.0.0.0:0").await;
    let other = listen("0.0.0.0:0").await;
    let Some(world) = World::with(Settings {
        allowed: vec![format!("api.localhost:{open}").parse().unwrap()],
        ..Settings::default()
    })
    .await
    else {
        return;
    };
    if let Some(problem) = world.runner.availability().await.network_problem {
        assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none(), "{problem}");
        eprintln!("NOT TESTED, sandboxes have no network here: {problem}");
        return;
    }
    let mut forbidden = vec![
        format!("10.0.2.2:{other}"),
        format!("127.0.0.1:{open}"),
        format!("169.254.169.254:80"),
    ];
    forbidden.extend(own_addresses().iter().map(|address| format!("{address}:{open}")));
    let printed = tried(&world, true, &forbidden).await;
    assert!(!printed.contains("reached"), "{printed}");
    let printed = tried(&world, true, &[format!("api.localhost:{open}")]).await;
    assert_eq!(printed, "api.localhost reached\n");
    let meddling =
        "nft flush ruleset 2>/dev/null && echo flushed; ip link set tap0 down 2>/dev/null && echo down; true";
    let mut job = job(Language::Shell, meddling);
    job.network = true;
    assert_eq!(world.run(job).await.unwrap().1, "");
}
