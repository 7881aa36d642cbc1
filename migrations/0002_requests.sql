-- Secret requests, and the platforms whose users they may be for.

-- Somebody's agent product. Its key acts for users of its own, never for anybody else's. Marked: what it may embed where,
-- and by which key.
CREATE TABLE platforms (
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL UNIQUE,         -- case-folded
    key_hash    BLOB    NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    mark        BLOB    NOT NULL CHECK (length(mark) = 32),
    hint        TEXT    NOT NULL,
    origins     TEXT    NOT NULL,                -- JSON array: the pages that may show its fields
    request_url TEXT,                            -- its own page for a request, with {id}
    most_users  INTEGER NOT NULL CHECK (most_users > 0),
    created_at  INTEGER NOT NULL,
    rotated_at  INTEGER
) STRICT;

-- A platform's user is an account without a password. Marked: whose it is, and what it is called.
CREATE TABLE platform_users (
    platform_id BLOB    NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    external_id TEXT    NOT NULL CHECK (length(external_id) BETWEEN 1 AND 128),
    user_id     BLOB    NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    label       TEXT,                            -- how the field names the account; without it there is no field
    mark        BLOB    NOT NULL CHECK (length(mark) = 32),
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (platform_id, external_id)
) STRICT;

-- Marked: all that the person is shown and goes by, and which token may answer.
CREATE TABLE requests (
    id               BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id          BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status           TEXT    NOT NULL CHECK (status IN ('pending', 'stored', 'skipped', 'expired', 'cancelled')),
    asker            TEXT    NOT NULL CHECK (asker IN ('token', 'sandbox', 'platform')),
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
CREATE INDEX requests_by_user ON requests (user_id, id);
CREATE INDEX requests_waiting ON requests (user_id) WHERE status = 'pending';
CREATE INDEX requests_to_lapse ON requests (expires_at) WHERE status = 'pending';
