//! What can go wrong, in words for the person in the chat.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::limits;

/// Why there is no reply. Each says what happened and what to do, and is shown in the chat as it is: neither a key nor an address
/// is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No connection: nothing listens, the name is unknown, a time-out.
    #[error(
        "The model's server cannot be reached. Try again in a moment; if it stays so, whoever runs this server should check that \
         the model's is up and that STRONGROOM_MODEL_URL is right."
    )]
    Unreachable,
    /// TLS failed.
    #[error(
        "There is no safe connection to the model's server: its certificate is not trusted here, or it speaks no TLS. Whoever \
         runs this server should check STRONGROOM_MODEL_URL and the system's certificates."
    )]
    Untrusted,
    /// 401 or 403.
    #[error(
        "The model's server refused this server's key. Whoever runs this server should check STRONGROOM_MODEL_KEY and what the \
         key may use."
    )]
    Refused,
    /// 402, or 429 with no money left.
    #[error("The account that pays for the model has no credit left. Whoever runs this server can add some.")]
    NoCredit,
    /// 404.
    #[error(
        "The model's server does not know this model. Whoever runs this server should check STRONGROOM_MODEL, and that \
         STRONGROOM_MODEL_URL ends where the protocol begins, mostly in /v1."
    )]
    NoSuchModel,
    /// 3xx: not followed, as the key and the conversation would go along.
    #[error(
        "The model's server points to another address, which is not followed. Whoever runs this server should set \
         STRONGROOM_MODEL_URL to the address meant."
    )]
    Redirected,
    /// The model cannot use tools, or its server was started without them.
    #[error(
        "This model cannot use tools as it is set up, so it could neither ask for secrets nor run code. Whoever runs this server \
         can choose another model, or start its server with tool calls on."
    )]
    NoTools,
    /// More than the model can read.
    #[error("This conversation has grown longer than the model can read. Begin a new one.")]
    TooMuch,
    /// 429, also after asking again.
    #[error("The model is asked too often at the moment. Send your message again in {}.", minutes(*retry_after))]
    RateLimited {
        /// As the server says.
        retry_after: Option<Duration>,
    },
    /// 503, also after asking again.
    #[error("The model's server is overloaded or just starting. Send your message again in {}.", minutes(*retry_after))]
    Busy {
        /// As the server says.
        retry_after: Option<Duration>,
    },
    /// Any other status.
    #[error(
        "The model's server failed (HTTP {status}{}). Send your message again; if it stays so, whoever runs this server \
             should look at the model's.",
        quoted(said)
    )]
    Failed {
        /// The HTTP status.
        status: u16,
        /// Its own words, bounded, without the key.
        said: Option<String>,
    },
    /// An error in the middle of the stream, or in place of an answer.
    #[error(
        "The model's server broke off with an error{}. Send your message again.",
        quoted(said)
    )]
    Broken {
        /// Its own words, bounded, without the key.
        said: Option<String>,
    },
    /// The provider's filter.
    #[error(
        "The model's provider withheld the answer or its rest: a filter of theirs found something in it. Say it in other words."
    )]
    Filtered,
    /// The stream ended in the middle.
    #[error("The connection to the model ended in the middle of its answer. Send your message again.")]
    CutOff,
    /// Not the protocol.
    #[error(
        "What answers at the model's address does not speak the OpenAI protocol. Whoever runs this server should check that \
         STRONGROOM_MODEL_URL ends where the protocol begins, mostly in /v1."
    )]
    Nonsense,
    /// Nothing came for too long.
    #[error("The model did not answer in time. Send your message again; a local model may have been loading.")]
    TimedOut,
    /// Beyond the [limits].
    #[error(
        "The model's answer was stopped: it was longer than is taken ({} KiB of text, or {} tool calls of {} KiB). Ask for less \
         at once.", limits::TEXT / 1024, limits::CALLS, limits::ARGUMENTS / 1024
    )]
    TooLong,
}

impl ModelError {
    /// Why a request found no answer. The cause goes into the log, without the address.
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let causes: Vec<_> = std::iter::successors(error.source(), |&cause| cause.source()).collect();
        let words: Vec<_> = causes.iter().map(ToString::to_string).collect();
        tracing::warn!(model.cause = words.join(": "), "the model's server gave no answer");
        if causes.iter().any(|cause| is_tls(*cause)) {
            return Self::Untrusted;
        }
        if error.is_connect() {
            Self::Unreachable
        } else {
            Self::CutOff
        }
    }
}

/// rustls' errors come wrapped in an [`io::Error`] or two, which do not name what they wrap as their source.
fn is_tls(cause: &(dyn Error + 'static)) -> bool {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|wrapped| is_tls(wrapped))
}

fn minutes(pause: Option<Duration>) -> String {
    match pause.map(|pause| pause.as_secs().max(1)) {
        None => "a minute".to_owned(),
        Some(1) => "a second".to_owned(),
        Some(seconds @ ..120) => format!("{seconds} seconds"),
        Some(seconds @ ..7200) => format!("{} minutes", seconds.div_ceil(60)),
        Some(seconds) => format!("{} hours", seconds.div_ceil(3600)),
    }
}

fn quoted(said: &Option<String>) -> String {
    said.as_ref().map_or_else(String::new, |said| format!(", “{said}”"))
}
