//! What stands in a conversation, as it is kept: sealed, in the order it came.

use serde::{Deserialize, Serialize};

use crate::name::stored_names;
use crate::{RequestStatus, SecretName};

/// One entry. Its texts hold no stored value: each was replaced by its name before the entry was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// What the person wrote.
    Person {
        /// The message, as Markdown.
        text: String,
        /// Secrets whose values stood in it.
        #[serde(default, deserialize_with = "stored_names", skip_serializing_if = "Vec::is_empty")]
        redacted: Vec<SecretName>,
    },
    /// What the agent answered.
    Agent {
        /// The answer, as Markdown.
        text: String,
    },
    /// The agent looked at which secrets there are.
    Listed,
    /// The agent asked for secrets.
    Asked {
        /// The request.
        request: String,
        /// What was asked for.
        #[serde(deserialize_with = "stored_names")]
        names: Vec<SecretName>,
        /// Why, in the agent's words.
        reason: Option<String>,
        /// What became of it, as far as the agent has learnt.
        status: RequestStatus,
    },
    /// The agent ran code.
    Ran(Box<Run>),
    /// Something that the agent, the person or both should know: a tool called wrongly, a model that did not answer.
    Note {
        /// In words.
        text: String,
        /// Whether something went wrong.
        wrong: bool,
    },
}

/// One run of code in the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What it is written in.
    pub language: Language,
    /// The code.
    pub code: String,
    /// Text files that were put beside it, by name: they can be a part of what ran.
    #[serde(default)]
    pub given: Vec<(String, String)>,
    /// The secrets that were in its environment.
    #[serde(deserialize_with = "stored_names")]
    pub names: Vec<SecretName>,
    /// Whether it could reach the network.
    pub network: bool,
    /// What it printed, both streams as they came.
    pub output: String,
    /// Text files that it left, by name.
    pub files: Vec<(String, String)>,
    /// How it ended; `None` while it runs, and for ever if the server stopped in the middle.
    pub end: Option<RunEnd>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// Whether it did what it was to do: it exited with 0.
    pub well: bool,
    /// In words.
    pub words: String,
}

/// What code is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python 3.
    Python,
    /// JavaScript, by Node.
    JavaScript,
    /// POSIX shell.
    Shell,
}

impl Language {
    /// From what a code fence, or a model, calls it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.trim().to_ascii_lowercase().as_str() {
            "python" | "python3" | "py" => Some(Self::Python),
            "javascript" | "js" | "node" | "mjs" => Some(Self::JavaScript),
            "shell" | "sh" | "bash" => Some(Self::Shell),
            _ => None,
        }
    }

    /// As it is written down: `python`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::Shell => "shell",
        }
    }

    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Shell => "Shell",
        }
    }
}

impl Entry {
    /// Every text in it that somebody or something wrote, for replacing what must not stand there.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Person { text, .. } | Self::Agent { text } | Self::Note { text, .. } => vec![text],
            Self::Listed => Vec::new(),
            Self::Asked { reason, .. } => reason.iter_mut().collect(),
            Self::Ran(run) => {
                let mut texts = vec![&mut run.code, &mut run.output];
                for (name, text) in run.given.iter_mut().chain(&mut run.files) {
                    texts.push(name);
                    texts.push(text);
                }
                texts
            }
        }
    }

    /// The secrets that were there for it: what was only asked for, nobody misses.
    #[must_use]
    pub fn names(&self) -> &[SecretName] {
        match self {
            Self::Asked {
                names,
                status: RequestStatus::Stored,
                ..
            } => names,
            Self::Ran(run) => &run.names,
            Self::Person { redacted, .. } => redacted,
            Self::Asked { .. } | Self::Agent { .. } | Self::Listed | Self::Note { .. } => &[],
        }
    }
}
