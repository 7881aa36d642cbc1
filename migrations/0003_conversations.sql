-- Chats with an agent. What stands in them is sealed with the user's data key, as values are.

CREATE TABLE conversations (
    id            BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    data_key_id   BLOB    NOT NULL REFERENCES data_keys (id) ON DELETE CASCADE,
    head          BLOB    NOT NULL,              -- sealed: what it is called, what its runs may do
    entries       INTEGER NOT NULL CHECK (entries >= 0),
    working_since INTEGER,                       -- the agent is at work; after a start: it was cut off
    created_at    INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_by_user ON conversations (user_id, changed_at);
CREATE INDEX conversations_by_key ON conversations (data_key_id);
CREATE INDEX conversations_working ON conversations (working_since) WHERE working_since IS NOT NULL;

CREATE TABLE conversation_entries (
    conversation_id BLOB    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position        INTEGER NOT NULL CHECK (position >= 0),
    data_key_id     BLOB    NOT NULL REFERENCES data_keys (id) ON DELETE CASCADE,
    envelope        BLOB    NOT NULL,
    PRIMARY KEY (conversation_id, position)
) STRICT;
CREATE INDEX conversation_entries_by_key ON conversation_entries (data_key_id);

-- A conversation's agent asks for secrets too. SQLite changes no CHECK in place: the table is made anew.
CREATE TABLE requests_anew (
    id               BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id          BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status           TEXT    NOT NULL CHECK (status IN ('pending', 'stored', 'skipped', 'expired', 'cancelled')),
    asker            TEXT    NOT NULL CHECK (asker IN ('token', 'sandbox', 'platform', 'conversation')),
    asker_id         BLOB    NOT NULL CHECK (length(asker_id) = 16),
    asked_by         TEXT    NOT NULL,           -- the asker's label, in words
    secrets          TEXT    NOT NULL,           -- JSON array: name, description, obtain_url
    names            TEXT    NOT NULL,           -- the same names in order, separated by blanks
    outcomes         TEXT,                       -- JSON array, in the order of secrets; NULL until answered
    reason           TEXT,
    requested_by     TEXT,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    ended_at         INTEGER,
    field_hash       BLOB    UNIQUE,             -- of the field token that may answer while it is pending
    field_expires_at INTEGER,
    mark             BLOB    NOT NULL CHECK (length(mark) = 32)
) STRICT;
INSERT INTO requests_anew SELECT id, user_id, status, asker, asker_id, asked_by, secrets, names, outcomes, reason,
    requested_by, created_at, expires_at, ended_at, field_hash, field_expires_at, mark FROM requests;
DROP TABLE requests;
ALTER TABLE requests_anew RENAME TO requests;
CREATE INDEX requests_by_user ON requests (user_id, id);
CREATE INDEX requests_waiting ON requests (user_id) WHERE status = 'pending';
CREATE INDEX requests_to_lapse ON requests (expires_at) WHERE status = 'pending';
