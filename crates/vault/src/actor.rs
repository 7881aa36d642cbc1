//! Who is acting. Only the authenticating functions make an [`Actor`], and every service takes one:
//! a call that forgot to ask who is there does not compile.

use std::net::IpAddr;

use domain::{LoginName, Scope, Scopes, SecretName, Timestamp};

use crate::error::{Error, Result};
use crate::id::{ConversationId, PlatformId, RequestId, SessionId, TokenId, UserId};
use crate::store::Generation;
use crate::store::accounts::Account;
use crate::token::HashedToken;

/// Where a call came from, for the records that its owner reads.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The client's address, as the server trusts it.
    pub address: Option<IpAddr>,
    /// What the browser calls itself; shown in the list of sessions, cut to 200 characters.
    pub user_agent: Option<String>,
}

impl Origin {
    pub(crate) fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }
}

/// What an account may do on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Made on the first run; sees what belongs to the whole server.
    Owner,
    /// Everybody else.
    Member,
}

impl Role {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
        }
    }

    pub(crate) fn from_stored(text: &str) -> Option<Self> {
        match text {
            "owner" => Some(Self::Owner),
            "member" => Some(Self::Member),
            _ => None,
        }
    }
}

/// An account, and by what right somebody acts for it.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(crate) user: UserId,
    pub(crate) login: LoginName,
    pub(crate) role: Role,
    pub(crate) via: Via,
    pub(crate) origin: Origin,
}

/// By what right.
#[derive(Clone, Debug)]
pub(crate) enum Via {
    /// A person in a browser.
    Browser { session: SessionId },
    /// A program with an API token.
    Token {
        id: TokenId,
        label: String,
        scopes: Scopes,
        names: Option<Vec<SecretName>>,
        expires_at: Option<Timestamp>,
        /// The generation under which it was found to be live.
        seen: Generation,
    },
    /// A platform, for one of its users.
    Platform {
        id: PlatformId,
        name: String,
        hash: HashedToken,
    },
    /// A person in the secure field of one request, which is all that they can answer. Never leaves this crate.
    Field {
        request: RequestId,
        hash: HashedToken,
        /// Where the field is shown, as records say it.
        at: String,
    },
    /// The agent of a conversation, for the person who talks with it: as long as they are signed in, and the conversation
    /// is there.
    Chat {
        conversation: ConversationId,
        session: SessionId,
    },
    /// The operator, at the server itself.
    Operator,
}

impl Actor {
    /// Whose account it is.
    pub fn user_id(&self) -> UserId {
        self.user
    }

    /// The account's name.
    pub fn login(&self) -> &LoginName {
        &self.login
    }

    /// What the account may do.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What an API token may do; `None` for whoever acts by another right.
    pub fn scopes(&self) -> Option<Scopes> {
        match &self.via {
            Via::Token { scopes, .. } => Some(*scopes),
            _ => None,
        }
    }

    /// Whether a person in a browser acts, not a token.
    pub fn is_browser(&self) -> bool {
        matches!(self.via, Via::Browser { .. })
    }

    /// The first line of every service that a token may call.
    pub(crate) fn require(&self, scope: Scope) -> Result<()> {
        let may = match &self.via {
            Via::Browser { .. } | Via::Operator => true,
            Via::Token { scopes, .. } => scopes.contains(scope),
            // Its users' sandboxes and what they lack; not what else they keep here.
            Via::Platform { .. } => matches!(scope, Scope::SandboxesWrite | Scope::RequestsWrite),
            Via::Chat { .. } => matches!(scope, Scope::SecretsRead | Scope::SandboxesWrite | Scope::RequestsWrite),
            Via::Field { .. } => false,
        };
        if may { Ok(()) } else { Err(Error::MissingScope(scope)) }
    }

    /// The first line of every service that is a person's alone.
    pub(crate) fn require_browser(&self) -> Result<SessionId> {
        match self.via {
            Via::Browser { session } => Ok(session),
            _ => Err(Error::BrowserOnly),
        }
    }

    /// As the store knows the account.
    pub(crate) fn account(&self) -> Account {
        Account {
            id: self.user,
            login: self.login.clone(),
            role: self.role,
        }
    }

    /// Who it is, as records store it.
    pub(crate) fn who(&self) -> String {
        match &self.via {
            Via::Browser { .. } => Who::BROWSER.to_owned(),
            Via::Token { label, .. } => format!("{}{label}", Who::TOKEN),
            Via::Platform { name, .. } => format!("{}{name}", Who::PLATFORM),
            Via::Field { at, .. } => format!("{}{at}", Who::FIELD),
            Via::Chat { .. } => Who::CHAT.to_owned(),
            Via::Operator => Who::OPERATOR.to_owned(),
        }
    }
}

/// Who did something: how it is stored, and how it is said.
pub(crate) struct Who;

impl Who {
    const BROWSER: &str = "browser";
    const OPERATOR: &str = "operator";
    /// The agent of a conversation.
    pub(crate) const CHAT: &str = "chat";
    /// Followed by the token's label.
    const TOKEN: &str = "token ";
    /// Followed by the platform's name.
    const PLATFORM: &str = "platform ";
    /// Followed by where the field is shown.
    const FIELD: &str = "field ";
    /// Time itself.
    pub(crate) const CLOCK: &str = "clock";
    /// A sandbox, named by the record's sandbox id.
    pub(crate) const SANDBOX: &str = "sandbox";
    /// Somebody who could not sign in.
    pub(crate) const STRANGER: &str = "stranger";

    /// In words for the account's owner.
    pub(crate) fn in_words(stored: &str) -> String {
        match stored {
            Self::BROWSER => "You, in a browser".to_owned(),
            Self::OPERATOR => "The operator".to_owned(),
            Self::CHAT => "Your chat".to_owned(),
            Self::SANDBOX => "Sandbox".to_owned(),
            Self::CLOCK => "Nobody in time".to_owned(),
            Self::STRANGER => "Somebody, in a browser".to_owned(),
            other => {
                let followed = [
                    (Self::TOKEN, "API token "),
                    (Self::PLATFORM, ""),
                    (Self::FIELD, "The field at "),
                ];
                followed
                    .into_iter()
                    .find_map(|(prefix, words)| Some(format!("{words}{}", other.strip_prefix(prefix)?)))
                    .unwrap_or_else(|| other.to_owned())
            }
        }
    }
}
