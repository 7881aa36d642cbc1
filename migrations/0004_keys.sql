-- Accounts whose values are being sealed anew under another data key. A start goes on with what a kill has cut off.
CREATE TABLE key_work (
    user_id    BLOB    PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL
) STRICT;
