//! A value that was stored and handed out is not in the server's memory any more, once nobody is served with it.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::thread::sleep;
use std::time::Duration;

use crate::kill::environment;
use crate::support::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const HTML: (&str, &str) = ("Accept", "text/html");
/// Of as many regions as a process can have, none is read further than this at once.
const PIECE: usize = 1 << 20;

/// A value that nothing else looks like. Put together here, so that it stands whole in no program.
fn value(of: &str) -> String {
    format!("{of}-{}", "Qz7".repeat(12))
}

/// Whether a process that closes itself to others can be looked into from here: that takes a privilege (`ptrace(2)`).
fn can_be_looked_into(server: &Server) -> bool {
    let memory = File::open(format!("/proc/{}/mem", server.id()));
    let opened = memory.is_ok() && fs::read_to_string(format!("/proc/{}/maps", server.id())).is_ok();
    if !opened {
        eprintln!("NOT TESTED, the memory of other processes cannot be read here");
    }
    opened
}

/// Where any of the needles stands in what the process can write: heap, stacks, its own data.
fn found(server: &Server, needles: &[String]) -> Vec<String> {
    let maps = fs::read_to_string(format!("/proc/{}/maps", server.id())).unwrap();
    let memory = File::open(format!("/proc/{}/mem", server.id())).unwrap();
    let overlap = needles.iter().map(String::len).max().unwrap_or(0);
    let mut found = Vec::new();
    let mut piece = vec![0; PIECE + overlap];
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, until) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (mut at, until) = (
            u64::from_str_radix(from, 16).unwrap(),
            u64::from_str_radix(until, 16).unwrap(),
        );
        while at < until {
            // What is not there (a guard, a region that has just gone) cannot hold anything.
            let Ok(read) = memory.read_at(&mut piece, at) else {
                break;
            };
            let read = piece.get(..read).unwrap();
            for needle in needles {
                if read.windows(needle.len()).any(|window| window == needle.as_bytes()) {
                    found.push(format!("{needle} in {line}"));
                }
            }
            at += PIECE as u64;
        }
    }
    found
}

#[test]
fn no_value_stays_in_memory() {
    let server = Server::start();
    if !can_be_looked_into(&server) {
        return;
    }
    let (by_api, by_form, held) = (value("api"), value("form"), value("open"));
    // Over HTTP, and out again.
    let code = server.setup_code.clone().unwrap();
    let body = format!("login=ada&password=a+long+enough+passphrase&setup_code={code}");
    let cookie = server
        .call("POST", "/api/ui/sign-up", &[FORM, HTML], &body)
        .cookie()
        .unwrap();
    let scopes = "secrets:write,sandboxes:write";
    let token = server.admin(&["token", "create", "--user", "ada", "--scopes", scopes], "");
    let bearer = format!("Bearer {token}");
    let body = format!(r#"{{"name":"API_KEY","value":"{by_api}"}}"#);
    let stored = server.call("POST", "/api/v1/secrets", &[JSON, ("Authorization", &bearer)], &body);
    assert_eq!(stored.status, 201, "{}", stored.body);
    // By the page's form.
    let body = format!("name=FORM_KEY&value={by_form}&description=");
    let stored = server.call(
        "POST",
        "/api/ui/create-secret",
        &[FORM, HTML, ("Cookie", &cookie)],
        &body,
    );
    assert_eq!(stored.status, 303);
    for _ in 0..20 {
        let handed_out = environment(&server, &token);
        assert_eq!(handed_out.get("FORM_KEY").unwrap(), by_form.as_str());
    }
    // The search can fail: a request that has begun is in memory.
    let host = server.base.strip_prefix("http://").unwrap();
    let mut begun = std::net::TcpStream::connect(host).unwrap();
    let head = format!(
        "POST /api/v1/secrets HTTP/1.1\r\nHost: {host}\r\nAuthorization: {bearer}\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n"
    );
    std::io::Write::write_all(
        &mut begun,
        format!(r#"{head}{{"name":"HELD","value":"{held}""#).as_bytes(),
    )
    .unwrap();
    sleep(Duration::from_millis(300));
    assert!(!found(&server, &[held]).is_empty(), "the search finds nothing at all");

    assert_eq!(found(&server, &[by_api, by_form]), [""; 0]);
}
