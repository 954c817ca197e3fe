-- People: the desk and its directory, devices, and how people prove who they are.
CREATE TABLE directory (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    revision TEXT NOT NULL
);
INSERT INTO directory (id, revision) VALUES (1, '');

CREATE TABLE settings (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name     TEXT NOT NULL,
    timezone TEXT NOT NULL,
    language TEXT NOT NULL,
    holidays TEXT,
    hours    TEXT NOT NULL,
    mode     TEXT NOT NULL
);

CREATE TABLE channel (
    id       TEXT NOT NULL PRIMARY KEY,
    kind     TEXT NOT NULL,
    url      TEXT NOT NULL,
    password TEXT,
    sender   TEXT
) WITHOUT ROWID;

CREATE TABLE level (
    number INTEGER NOT NULL PRIMARY KEY,
    names  TEXT NOT NULL
);

CREATE TABLE team (
    id             TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL,
    parent         TEXT,
    default_policy TEXT
) WITHOUT ROWID;

-- `number` names the person's stream in the journal. Lists are JSON: configuration, read whole.
CREATE TABLE person (
    id           TEXT NOT NULL PRIMARY KEY,
    number       INTEGER NOT NULL,
    name         TEXT NOT NULL,
    level        INTEGER NOT NULL,
    teams        TEXT NOT NULL,
    roles        TEXT NOT NULL,
    language     TEXT NOT NULL,
    email        TEXT,
    phone        TEXT,
    place        TEXT NOT NULL,
    clearance    TEXT NOT NULL,
    certificates TEXT NOT NULL,
    active       INTEGER NOT NULL,
    installed    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_number ON person (number);

CREATE TABLE device (
    id              INTEGER NOT NULL PRIMARY KEY,
    person          TEXT NOT NULL,
    name            TEXT NOT NULL,
    endpoint        TEXT NOT NULL,
    p256dh          TEXT NOT NULL,
    auth            TEXT NOT NULL,
    platform        TEXT NOT NULL,
    sends_receipts  INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    last_success_at INTEGER
);
CREATE UNIQUE INDEX device_endpoint ON device (endpoint);
CREATE INDEX device_person ON device (person);

-- Sessions and tokens draw their ids from one counter: an id never means both.
CREATE TABLE session (
    id         INTEGER NOT NULL PRIMARY KEY,
    hash       BLOB NOT NULL,
    person     TEXT NOT NULL,
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
);
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_person ON session (person);

CREATE TABLE token (
    id         INTEGER NOT NULL PRIMARY KEY,
    hash       BLOB NOT NULL,
    person     TEXT NOT NULL,
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    seen_at    INTEGER
);
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE INDEX token_person ON token (person);

CREATE TABLE invite (
    hash       BLOB NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX invite_person ON invite (person);

CREATE TABLE password (
    person  TEXT NOT NULL PRIMARY KEY,
    encoded TEXT NOT NULL,
    set_at  INTEGER NOT NULL
) WITHOUT ROWID;
