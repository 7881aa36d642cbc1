//! What is sent: <https://platform.openai.com/docs/api-reference/chat/create>, only what all servers know of it.

use serde_json::{Map, Value, json};

use super::{Call, Message, Tool};

pub(super) fn json(model: &str, messages: &[Message], tools: &[Tool]) -> String {
    let messages: Vec<_> = messages.iter().map(message).collect();
    let request = json!({ "model": model, "messages": messages, "stream": true });
    // An empty list is refused by some.
    let request = match request {
        Value::Object(mut fields) if !tools.is_empty() => {
            fields.insert("tools".to_owned(), tools.iter().map(tool).collect());
            Value::Object(fields)
        }
        bare => bare,
    };
    request.to_string()
}

fn message(message: &Message) -> Value {
    match message {
        Message::System(text) => json!({ "role": "system", "content": text }),
        Message::Person(text) => json!({ "role": "user", "content": text }),
        Message::Agent { text, calls } if calls.is_empty() => json!({ "role": "assistant", "content": text }),
        Message::Agent { text, calls } => {
            // Empty text beside calls is refused by some, null by none.
            let content = Some(text).filter(|text| !text.is_empty());
            let calls: Vec<_> = calls.iter().map(call).collect();
            json!({ "role": "assistant", "content": content, "tool_calls": calls })
        }
        Message::Result { call_id, text } => json!({ "role": "tool", "tool_call_id": call_id, "content": text }),
    }
}

fn tool(tool: &Tool) -> Value {
    let function = json!({ "name": tool.name, "description": tool.description, "parameters": tool.parameters });
    json!({ "type": "function", "function": function })
}

/// A call as it is told back to the model. What it got wrong must not be repeated word for word: servers refuse a request with a
/// name of other characters, and local ones one whose arguments are no JSON object, which would end the conversation for good.
fn call(call: &Call) -> Value {
    let allowed = |ch: &char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-');
    let name: String = call.name.chars().filter(allowed).take(64).collect();
    let name = if name.is_empty() { "unknown" } else { &name };
    let is_object = serde_json::from_str::<Map<String, Value>>(&call.arguments).is_ok();
    let arguments = if is_object { &call.arguments } else { "{}" };
    json!({ "id": call.id, "type": "function", "function": { "name": name, "arguments": arguments } })
}
