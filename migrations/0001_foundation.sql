-- The foundation: who there is, their keys, their secrets, who may act for them, and what was done.
-- Ids are UUIDv7 as 16 bytes; times are unix milliseconds, UTC. Everything of a user goes with the user.

-- Rows that carry authority (who signs in, which token or session acts for whom) bear a mark: a code over what they say
-- under a key derived from the instance key. A row without a valid mark was not written by this server, and does not count.

-- One row: which instance this is, under which root key its keys are wrapped, and the key that marks rows.
CREATE TABLE instance (
    only_row         INTEGER PRIMARY KEY CHECK (only_row = 1),
    id               BLOB    NOT NULL CHECK (length(id) = 16),
    root_fingerprint TEXT    NOT NULL CHECK (length(root_fingerprint) > 0),
    wrapped          BLOB    NOT NULL,
    commitment       BLOB    NOT NULL CHECK (length(commitment) = 32),
    created_at       INTEGER NOT NULL
) STRICT;

-- Key-encryption keys, one a term, wrapped by a key derived from the root. The newest unretired one wraps new data keys.
CREATE TABLE key_terms (
    term       INTEGER PRIMARY KEY CHECK (term > 0),
    wrapped    BLOB    NOT NULL,
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32),
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;

CREATE TABLE users (
    id                  BLOB    PRIMARY KEY CHECK (length(id) = 16),
    login               TEXT    NOT NULL,
    login_key           TEXT    UNIQUE,          -- case-folded; NULL for accounts that never sign in
    role                TEXT    NOT NULL CHECK (role IN ('owner', 'member')),
    password_hash       TEXT,                    -- PHC string; NULL for accounts that never sign in
    mark                BLOB    NOT NULL CHECK (length(mark) = 32),
    password_changed_at INTEGER NOT NULL,
    created_at          INTEGER NOT NULL
) STRICT;

-- Per-user keys that encrypt values; one of them is in use, older ones only open what they sealed.
CREATE TABLE data_keys (
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id     BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    term        INTEGER NOT NULL REFERENCES key_terms (term),
    wrapped     BLOB    NOT NULL,
    commitment  BLOB    NOT NULL CHECK (length(commitment) = 32),
    encryptions INTEGER NOT NULL DEFAULT 0 CHECK (encryptions >= 0),
    created_at  INTEGER NOT NULL,
    retired_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX data_keys_in_use ON data_keys (user_id) WHERE retired_at IS NULL;
CREATE INDEX data_keys_by_user ON data_keys (user_id);
CREATE INDEX data_keys_by_term ON data_keys (term);

CREATE TABLE secrets (
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id     BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    description TEXT    NOT NULL,
    version     INTEGER NOT NULL CHECK (version > 0),   -- the value in force, in secret_versions
    revision    INTEGER NOT NULL CHECK (revision > 0),  -- grows with every change, for If-Match
    created_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,                       -- the value
    updated_at  INTEGER NOT NULL,                       -- anything
    last_used_at INTEGER,                               -- by a fetch of some of the secrets; of all: name_sets
    last_used_by BLOB,                                  -- the sandbox
    CONSTRAINT secrets_name UNIQUE (user_id, name)
) STRICT;

-- Values, sealed. Earlier versions may stay beside the one in force.
CREATE TABLE secret_versions (
    secret_id   BLOB    NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL CHECK (version > 0),
    data_key_id BLOB    NOT NULL REFERENCES data_keys (id) ON DELETE CASCADE,
    envelope    BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  TEXT    NOT NULL,
    PRIMARY KEY (secret_id, version)
) STRICT;
CREATE INDEX secret_versions_by_key ON secret_versions (data_key_id);

-- Browser sessions. Idle and absolute limits are checked when one is used.
CREATE TABLE sessions (
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash   BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    mark         BLOB    NOT NULL CHECK (length(mark) = 32),
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    address      TEXT,
    user_agent   TEXT
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_tokens (
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label        TEXT    NOT NULL,
    token_hash   BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    mark         BLOB    NOT NULL CHECK (length(mark) = 32),
    hint         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    names        TEXT,                           -- JSON array: the most its sandboxes may hold; NULL: all
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

CREATE TABLE sandbox_sessions (
    id            BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash    BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    mark          BLOB    NOT NULL CHECK (length(mark) = 32),
    label         TEXT,
    names         TEXT,                          -- JSON array; may hold names that do not exist yet; NULL: all
    opened_by     TEXT    NOT NULL,
    opened_with   BLOB    REFERENCES api_tokens (id) ON DELETE SET NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    closed_at     INTEGER,
    last_fetch_at INTEGER
) STRICT;
CREATE INDEX sandbox_sessions_by_user ON sandbox_sessions (user_id, expires_at);
CREATE INDEX sandbox_sessions_by_token ON sandbox_sessions (opened_with);

-- All secrets of a user as they were handed out together, each such set once: a record of use names its set by digest,
-- so a fetch of 200 secrets is one small row, and "last used" needs no write a secret. The newest set tells it for all.
CREATE TABLE name_sets (
    user_id       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest        BLOB    NOT NULL CHECK (length(digest) = 16),
    secret_ids    BLOB    NOT NULL,              -- 16 bytes each, in the order of names
    names         TEXT    NOT NULL,              -- separated by blanks
    last_fetch_at INTEGER NOT NULL,
    last_sandbox  BLOB    NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT;
CREATE INDEX name_sets_by_time ON name_sets (user_id, last_fetch_at);

-- What was done, by whom, from where. Clustered by owner and time; never holds a value.
CREATE TABLE activity (
    user_id    BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    actor      TEXT    NOT NULL,
    sandbox_id BLOB,
    name_set   BLOB,
    names      TEXT,                             -- separated by blanks, where no set is meant
    address    TEXT,
    detail     TEXT,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
