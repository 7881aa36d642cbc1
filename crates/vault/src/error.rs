//! What a service answers when it does not do what was asked. Layers above translate these into their own words
//! (HTTP status, form message); nothing here ever holds a value, a password or a token.

use std::time::Duration;

use domain::{FieldError, RequestStatus, RequestView, Scope, SecretName, Unrepresentable};

/// Why a call changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or is somebody else's: the two look the same on purpose.
    #[error("There is nothing by that name or id in your account.")]
    NotFound,
    /// A secret of that name exists.
    #[error("You already have a secret named {name}. Edit that one, or choose another name.")]
    Taken {
        /// The name that is taken.
        name: SecretName,
    },
    /// An account of that login name exists.
    #[error("An account with that name exists. Choose another name, or sign in.")]
    TakenLogin,
    /// A platform of that name exists.
    #[error("A platform with that name exists. Choose another name.")]
    TakenPlatform,
    /// The agent of a conversation is at work already.
    #[error("The agent is still at work in this chat. Wait until it is done, or stop it first.")]
    Working,
    /// The values together are more than can be looked for in a text.
    #[error(
        "Your secrets are too large together to be looked for in a chat, so nothing was kept. Shorten or delete some first."
    )]
    TooLargeToRedact,
    /// A request that is no longer pending: it is answered once, and for ever.
    #[error("{}", ended_in_words(*.0))]
    RequestEnded(RequestStatus),
    /// Fields that break a rule.
    #[error("{}", first_message(.0))]
    Invalid(Vec<FieldError>),
    /// All values together would not fit into one process's environment.
    #[error(
        "Together your secrets would take {total} bytes; an environment holds at most {limit}. Shorten or delete some first."
    )]
    EnvironmentFull {
        /// Bytes that the environment would take, names included.
        total: usize,
        /// Bytes that it may take.
        limit: usize,
    },
    /// The account's limit on the number of something.
    #[error("An account has at most {limit} {what} here. Remove some first.")]
    TooMany {
        /// What there is too much of: `secrets`, `API tokens`, `live sandboxes`.
        what: &'static str,
        /// How many there may be.
        limit: u32,
    },
    /// `If-Match` named an earlier revision.
    #[error("The secret has changed since you read it. Read it again, then repeat your change.")]
    Changed,
    /// The token lacks a scope.
    #[error("This token does not have the scope {}. Make one that has it, under Settings.", .0.as_str())]
    MissingScope(Scope),
    /// Only a signed-in person may do this, never a token.
    #[error("Only a person who is signed in can do this; a token cannot.")]
    BrowserOnly,
    /// A powerful token is made only with the password at hand (OWASP ASVS 5.0, 7.5.3).
    #[error("Type your password to make a token that can read or replace values.")]
    PasswordNeeded,
    /// The password typed to confirm is wrong.
    #[error("That is not your password. Type it again.")]
    WrongPassword,
    /// Sign-in refused; does not say whether the account exists.
    #[error("The name or the password is wrong. Try again.")]
    BadSignIn,
    /// Nobody may make an account by themselves.
    #[error("Sign-up is closed here. Ask the operator for an account.")]
    SignupClosed,
    /// The first account needs the code that the server printed.
    #[error("That is not the setup code. It stands in the server's output, beside its address.")]
    BadSetupCode,
    /// Too many refused sign-ins from there or for that name.
    #[error("Too many attempts. Try again in {} seconds.", .retry_after.as_millis().div_ceil(1000))]
    TooManyAttempts {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Who asks could not be established.
    #[error(transparent)]
    Unauthenticated(#[from] AuthFailure),
    /// Names asked of a sandbox session that was opened without them.
    #[error("This sandbox session was opened without {}. Open one that includes what you need.", join(.names))]
    OutsideSession {
        /// The names that it was not opened for.
        names: Vec<SecretName>,
    },
    /// Required names that are not stored (yet).
    #[error("Not stored yet: {}. {}", join(.names), missing_in_words(request.as_deref()))]
    MissingSecrets {
        /// What is missing.
        names: Vec<SecretName>,
        /// The request for it, to be shown to the person; none where there are too many waiting.
        request: Option<Box<RequestView>>,
    },
    /// A format that cannot carry some value exactly.
    #[error(transparent)]
    Unrepresentable(#[from] Unrepresentable),
    /// More password checks are waiting than the machine can do soon, or one could not be done.
    #[error("The server is busy checking passwords. Try again in a moment.")]
    Busy,
    /// A row that does not open or parse: damage or tampering, never shown in detail to a client.
    #[error(
        "A stored row is damaged: {table}.{column} of {id}. Nothing was handed out. The operator should look at it."
    )]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
    },
    /// The operating system gave no random bytes, or there is no key to encrypt with.
    #[error("The machine gave no random numbers or keys, so nothing was encrypted. The operator should look at it.")]
    NoRandom,
    /// The disk is full. Nothing was changed, and nothing is lost.
    #[error(
        "The server's disk is full, so nothing was changed. What is stored is safe, and this works again as soon as there is room."
    )]
    DiskFull,
    /// The database failed. Nothing was changed.
    #[error(
        "The database could not do this; nothing was changed. Try again; if it stays so, the operator should look at it."
    )]
    Storage(#[source] sqlx::Error),
}

/// Why a token or session was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthFailure {
    /// None was sent.
    #[error("Send a token: `Authorization: Bearer …`.")]
    Missing,
    /// Cut off, mistyped, or never one of ours (its checksum does not fit).
    #[error("This is not a whole Strongroom token. Copy it again, to its last character.")]
    Malformed,
    /// A token of another kind.
    #[error(
        "This kind of token is not accepted here. Calls for a person take an API token (sr_pat_…) or a platform's key (sr_plt_…), the environment a sandbox token (sr_sbx_…), a secure field its own (sr_fld_…)."
    )]
    WrongKind,
    /// No such token, or its account is gone.
    #[error("This token is not known here. It may belong to another server, or its account was deleted.")]
    Unknown,
    /// It has lapsed.
    #[error("This token has expired. Make a new one.")]
    Expired,
    /// It was ended by its owner.
    #[error("This token was revoked. Make a new one.")]
    Revoked,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        /// SQLite's name for a disk without room (`SQLITE_FULL`).
        const FULL: &str = "13";
        match &error {
            sqlx::Error::Database(database) if database.code().as_deref() == Some(FULL) => Self::DiskFull,
            _ => Self::Storage(error),
        }
    }
}

impl Error {
    /// Whether another program held the database for longer than anybody waits.
    pub(crate) fn is_locked_out(&self) -> bool {
        /// SQLite's name for that (`SQLITE_BUSY`), and for its kinds in the lowest byte.
        const BUSY: u32 = 5;
        let Self::Storage(sqlx::Error::Database(database)) = self else {
            return false;
        };
        let code = database.code().and_then(|code| code.parse::<u32>().ok());
        code.is_some_and(|code| code & 0xFF == BUSY)
    }
}

/// What services return.
pub type Result<T> = std::result::Result<T, Error>;

fn first_message(errors: &[FieldError]) -> &str {
    errors
        .first()
        .map_or("Something in the form is not right.", |error| error.message.as_str())
}

fn ended_in_words(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::Expired => "This request has expired. Nothing was stored; whoever asked can ask again.",
        RequestStatus::Cancelled => "This request was taken back by whoever asked. Nothing was stored.",
        RequestStatus::Pending | RequestStatus::Stored | RequestStatus::Skipped => {
            "This request was answered already. Nothing more was stored."
        }
    }
}

fn missing_in_words(request: Option<&RequestView>) -> &'static str {
    match request.map(|request| request.status) {
        Some(RequestStatus::Pending) => {
            "The person was asked for them; ask again with `wait` to get them once they are there."
        }
        Some(RequestStatus::Skipped) => "The person was asked, and did not want to give them.",
        Some(_) => "The person was asked, and answered without all of them.",
        None => {
            "Too many requests wait for the person already, so they were not asked. They can add them on the Secrets page."
        }
    }
}

fn join(names: &[SecretName]) -> String {
    names.iter().map(SecretName::as_str).collect::<Vec<_>>().join(", ")
}
