//! What a server says that gives no reply.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use super::{ModelError, limits};

/// Characters of a server's own words that are passed on.
const WORDS: usize = 240;
/// How long those words are waited for, once their status is there.
const LONGEST: Duration = Duration::from_secs(5);

/// How servers say that the conversation is longer than the model's context: OpenAI, vLLM, llama.cpp, Anthropic, Gemini.
const TOO_MUCH: [&str; 6] = [
    "context_length_exceeded",
    "context length",
    "context size",
    "context window",
    "prompt is too long",
    "input token count",
];
/// How they say that there are no tools: Ollama, vLLM, llama.cpp, others.
const NO_TOOLS: [&str; 5] = [
    "not support tool",
    "not support function calling",
    "tool choice requires",
    "tool-call-parser",
    "requires --jinja",
];
/// How they say that nobody pays.
const NO_CREDIT: [&str; 2] = ["insufficient_quota", "credit balance"];

/// What an answer without success means.
pub(super) async fn read(mut answer: Response, key: Option<&str>, patience: Duration) -> ModelError {
    let status = answer.status();
    let retry_after = retry_after(answer.headers());
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(bytes)) = answer.chunk().await {
            body.extend_from_slice(&bytes);
            if body.len() > limits::REFUSAL {
                break;
            }
        }
    };
    // Without it the status says enough.
    let _ = timeout(patience.min(LONGEST), reading).await;
    let document = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let said = explained(&document, key);
    match status {
        _ if status.is_redirection() => ModelError::Redirected,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ModelError::Refused,
        StatusCode::PAYMENT_REQUIRED => ModelError::NoCredit,
        StatusCode::NOT_FOUND => ModelError::NoSuchModel,
        StatusCode::PAYLOAD_TOO_LARGE => ModelError::TooMuch,
        StatusCode::TOO_MANY_REQUESTS => match said {
            Err(ModelError::NoCredit) => ModelError::NoCredit,
            _ => ModelError::RateLimited { retry_after },
        },
        StatusCode::SERVICE_UNAVAILABLE => ModelError::Busy { retry_after },
        _ => said.map_or_else(
            |known| known,
            |said| ModelError::Failed {
                status: status.as_u16(),
                said,
            },
        ),
    }
}

/// What an error in the place of an answer means.
pub(super) fn broken(document: &Value, key: Option<&str>) -> ModelError {
    explained(document, key).map_or_else(|known| known, |said| ModelError::Broken { said })
}

/// What a server's error document means, as `Err` where that is known, else its words.
fn explained(document: &Value, key: Option<&str>) -> Result<Option<String>, ModelError> {
    let texts: Vec<String> = [
        "/error/code",
        "/error/type",
        "/error/message",
        "/error",
        "/message",
        "/detail",
    ]
    .iter()
    .filter_map(|place| document.pointer(place)?.as_str().map(str::to_lowercase))
    .collect();
    let says = |signs: &[&str]| texts.iter().any(|text| signs.iter().any(|sign| text.contains(sign)));
    if says(&TOO_MUCH) {
        return Err(ModelError::TooMuch);
    }
    if says(&NO_TOOLS) {
        return Err(ModelError::NoTools);
    }
    if says(&NO_CREDIT) {
        return Err(ModelError::NoCredit);
    }
    let words = ["/error/message", "/error", "/message", "/detail"]
        .iter()
        .find_map(|place| document.pointer(place)?.as_str());
    Ok(words.and_then(|words| harmless(words, key)))
}

/// A server's words in one bounded line; none of them if a part of the key is among them.
fn harmless(words: &str, key: Option<&str>) -> Option<String> {
    let line: String = words
        .chars()
        .map(|ch| if ch.is_whitespace() { ' ' } else { ch })
        .filter(|ch| !ch.is_control() && !is_unseen(*ch))
        .collect();
    let leaks = key.is_some_and(|key| {
        let part = key.len().min(8);
        key.as_bytes()
            .windows(part)
            .any(|part| line.as_bytes().windows(part.len()).any(|there| there == part))
    });
    let line = line.trim();
    if leaks || line.is_empty() {
        return None;
    }
    let mut short: String = line.chars().take(WORDS).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    Some(short)
}

/// Invisible, or turning the direction of writing.
fn is_unseen(ch: char) -> bool {
    matches!(ch, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// RFC 9110, 10.2.3: seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
