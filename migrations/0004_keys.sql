-- Accounts whose values are being sealed anew under another data key. A start goes on with what a kill has cut off.
CREATE TABLE key_work (
    user_id    BLOB    PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL
) STRICT;

-- What an account's values are, all together: a code over every version of every secret, under a key of the instance.
-- Written with each change; rows that somebody puts back to an older state no longer fit it.
CREATE TABLE secret_digests (
    user_id BLOB PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    digest  BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
-- Since when there is one for each account; NULL in a database from before, whose accounts get theirs at the next start.
ALTER TABLE instance ADD COLUMN digests_since INTEGER;
