//! The ways by which a value comes in that an agent asked for.

use serde_json::Value;

use super::{FORM, HTML, JSON, canary};
use crate::seen::Seen;
use crate::support::{Answer, Server};

/// On the request's page, and in a platform's field; rightly, and wrongly.
pub(super) fn through_requests(server: &Server, seen: &mut Seen, cookie: &str, token: &str) {
    on_the_page(server, seen, cookie, token);
    in_the_field(server, seen);
}

fn on_the_page(server: &Server, seen: &mut Seen, cookie: &str, token: &str) {
    let bearer = format!("Bearer {token}");
    let ask = r#"{"secrets":[{"name":"ASKED_KEY"}],"reason":"To try it"}"#;
    let headers = [JSON, ("Authorization", bearer.as_str())];
    let asked = seen.keep("asked", server.call("POST", "/api/v1/requests", &headers, ask));
    let id = text(&asked, "/id");
    let page = format!("/r/{id}");
    let mut answer = |place: &str, name: &str, value: String| {
        let body = format!("id={id}&answers%5B0%5D%5Bname%5D={name}&answers%5B0%5D%5Bvalue%5D={value}");
        let headers = [FORM, HTML, ("Cookie", cookie)];
        let answer = seen.keep(place, server.call("POST", "/api/ui/answer-request", &headers, &body));
        assert_eq!(answer.status, 303, "{place}");
        let shown = server.call("GET", &page, &[HTML, ("Cookie", cookie)], "");
        seen.keep(&format!("{place}, then the page"), shown);
    };
    let refused = canary("request-refused");
    answer("a name that was not asked for", "OTHER_KEY", refused.clone());
    answer("a value too long", "ASKED_KEY", refused.repeat(4_000));
    answer("an answer", "ASKED_KEY", canary("request-form"));
    let path = format!("/api/v1/requests/{id}?wait=5");
    let learnt = seen.keep("learnt", server.call("GET", &path, &headers, ""));
    assert_eq!(text(&learnt, "/status"), "stored");
}

fn in_the_field(server: &Server, seen: &mut Seen) {
    let add = ["platform", "add", "Acme", "--origin", "https://chat.example"];
    let key = format!("Bearer {}", server.admin(&add, ""));
    let headers = [JSON, ("Authorization", key.as_str()), ("Strongroom-User", "u1")];
    let ask = r#"{"secrets":[{"name":"FIELD_KEY"}],"user_label":"u1@chat.example"}"#;
    // Not kept: the field's token belongs into this answer.
    let asked = server.call("POST", "/api/v1/requests", &headers, ask);
    let (id, field) = (text(&asked, "/id"), format!("Bearer {}", text(&asked, "/embed/token")));
    let path = format!("/api/v1/requests/{id}/field");
    let mut submit = |place: &str, body: String, status: u16| {
        let headers = [JSON, ("Authorization", field.as_str())];
        let answer = seen.keep(place, server.call("POST", &path, &headers, &body));
        assert_eq!(answer.status, status, "{place}: {}", answer.body);
    };
    let refused = canary("field-refused");
    let one = |name: &str, answer: &str, value: &str| {
        format!(r#"{{"answers":[{{"name":"{name}","answer":"{answer}","value":"{value}"}}]}}"#)
    };
    submit("another name", one("OTHER_KEY", "save", &refused), 422);
    submit("an answer that is none", one("FIELD_KEY", &refused, "v"), 422);
    submit(
        "a value with NUL",
        one("FIELD_KEY", "save", &format!(r"{refused}\u0000")),
        422,
    );
    submit("cut", format!(r#"{{"answers":[{{"value":"{refused}"#), 400);
    submit("the field", one("FIELD_KEY", "save", &canary("field")), 200);
    submit("the field again", one("FIELD_KEY", "save", &refused), 409);
    for path in [format!("/embed/field/{id}"), format!("/api/v1/requests/{id}")] {
        let answer = server.call("GET", &path, &headers, "");
        assert_eq!(seen.keep(&path, answer).status, 200, "{path}");
    }
    let opened = server.call("POST", "/api/v1/sandboxes", &headers, "{}");
    let sandbox = format!("Bearer {}", text(&opened, "/token"));
    let env = server.call("GET", "/api/v1/sandbox/env", &[("Authorization", &sandbox)], "");
    assert!(env.body.contains(&canary("field")), "the platform's sandbox gets it");
}

fn text(answer: &Answer, pointer: &str) -> String {
    let json: Value = serde_json::from_str(&answer.body).unwrap();
    json.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{}", answer.body))
        .to_owned()
}
