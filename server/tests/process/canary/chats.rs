//! A chat whose model runs code that prints what it can, and leaves files.

use serde_json::json;

use super::{FORM, HTML, JSON, canary};
use crate::chats::{begin, code_is_run, form, page_with};
use crate::model::Model;
use crate::seen::Seen;
use crate::support::Server;

/// The value as it is, in every listed encoding, in pieces with pauses between, on both streams, and in a file.
const CODE: &str = "\
import base64, json, os, sys, time, urllib.parse
value = os.environ['CLI_KEY']
for form in (value, value.encode().hex(), base64.b64encode(value.encode()).decode(), json.dumps(json.dumps(value)),
             base64.b64encode(b'x' + value.encode()).decode(), urllib.parse.quote(value)):
    print('out', form)
    print('err', form, file=sys.stderr)
for piece in (value[:7], value[7:12], value[12:]):
    sys.stdout.write(piece)
    sys.stdout.flush()
    time.sleep(0.2)
print(' in pieces')
open('left.txt', 'w').write('left ' + value)
";

/// What the server is started with, and the model that it will ask.
pub(super) fn model() -> Model {
    Model::that_runs(vec![json!({ "language": "python", "code": CODE })])
}

/// Keeps everything that the model was asked, and each way in which the chat is shown.
pub(super) fn through_a_chat(server: &Server, seen: &mut Seen, (cookie, api): (&str, &str), model: &Model) {
    if !code_is_run(server, cookie) {
        return;
    }
    let typed = canary("typed");
    let page = begin(server, cookie, &format!("use {typed} and CLI_KEY"));
    let shown = page_with(
        server,
        cookie,
        &page,
        &["All done.", "[CLI_KEY] in pieces", "left [CLI_KEY]"],
    );
    assert!(shown.body.matches("err [CLI_KEY]").count() >= 3, "{}", shown.body);
    // What was typed is no secret yet, so the model was sent it.
    let asked = model.asked();
    assert_eq!(asked.len(), 2);
    for asked in asked {
        assert!(asked.contains(&typed) && !asked.contains("left CANARY"));
        seen.0.push((
            "what the model was asked".to_owned(),
            asked.replace(&typed, "").into_bytes(),
        ));
    }
    // Once it is one, it stands nowhere any more.
    let bearer = format!("Bearer {api}");
    let body = json!({ "name": "TYPED_KEY", "value": typed }).to_string();
    let stored = server.call("POST", "/api/v1/secrets", &[JSON, ("Authorization", &bearer)], &body);
    assert_eq!(stored.status, 201);
    seen.keep(
        "the chat",
        page_with(server, cookie, &page, &["use [TYPED_KEY] and CLI_KEY"]),
    );
    seen.keep(
        "the chats",
        server.call("GET", "/chat", &[HTML, ("Cookie", cookie)], ""),
    );
    let id = page.rsplit('/').next().unwrap_or_default();
    let opened = server.call(
        "POST",
        "/api/ui/open-chat",
        &[FORM, ("Cookie", cookie)],
        &form(&[("id", id)]),
    );
    assert!(opened.body.contains("[TYPED_KEY]"));
    seen.keep("the chat for scripts", opened);
}
