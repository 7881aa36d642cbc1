//! Who is acting. Only the authenticating functions make an [`Actor`], and every service takes one:
//! a call that forgot to ask who is there does not compile.

use std::net::IpAddr;

use domain::{LoginName, Scope, Scopes, SecretName, Timestamp};

use crate::error::{Error, Result};
use crate::id::{SessionId, TokenId, UserId};
use crate::store::accounts::Account;

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

    /// Whether a person in a browser acts, not a token.
    pub fn is_browser(&self) -> bool {
        matches!(self.via, Via::Browser { .. })
    }

    /// The first line of every service that a token may call.
    pub(crate) fn require(&self, scope: Scope) -> Result<()> {
        match &self.via {
            Via::Token { scopes, .. } if !scopes.contains(scope) => Err(Error::MissingScope(scope)),
            _ => Ok(()),
        }
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
            Via::Operator => Who::OPERATOR.to_owned(),
        }
    }
}

/// Who did something: how it is stored, and how it is said.
pub(crate) struct Who;

impl Who {
    const BROWSER: &str = "browser";
    const OPERATOR: &str = "operator";
    /// Followed by the token's label.
    const TOKEN: &str = "token ";
    /// A sandbox, named by the record's sandbox id.
    pub(crate) const SANDBOX: &str = "sandbox";
    /// Somebody who could not sign in.
    pub(crate) const STRANGER: &str = "stranger";

    /// In words for the account's owner.
    pub(crate) fn in_words(stored: &str) -> String {
        match stored {
            Self::BROWSER => "You, in a browser".to_owned(),
            Self::OPERATOR => "The operator".to_owned(),
            Self::SANDBOX => "Sandbox".to_owned(),
            Self::STRANGER => "Somebody, in a browser".to_owned(),
            other => match other.strip_prefix(Self::TOKEN) {
                Some(label) => format!("API token {label}"),
                None => other.to_owned(),
            },
        }
    }
}
