-- Terminals: sign-ins that wait for a person's yes, terminals that several share, and the PINs they switch by.
-- Only hashes are stored. `answered`: NULL while it waits, else confirmed, shared or refused.
CREATE TABLE sign_in (
    secret     BLOB NOT NULL PRIMARY KEY,
    code       BLOB NOT NULL,
    label      TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answered   TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX sign_in_code ON sign_in (code);
CREATE INDEX sign_in_ends ON sign_in (expires_at);

CREATE TABLE terminal (
    id            INTEGER NOT NULL PRIMARY KEY,
    hash          BLOB NOT NULL,
    label         TEXT NOT NULL,
    registered_by TEXT NOT NULL,
    registered_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX terminal_hash ON terminal (hash);

-- `tries`: wrong ones since the last right one.
CREATE TABLE pin (
    person   TEXT NOT NULL PRIMARY KEY,
    encoded  TEXT NOT NULL,
    set_at   INTEGER NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

ALTER TABLE token ADD COLUMN terminal INTEGER;
CREATE INDEX token_terminal ON token (terminal) WHERE terminal IS NOT NULL;
