-- Policies in immutable versions, the one in force of each, and the rules that choose one.
-- A version's document is JSON in a fixed order of fields: it is written once and never changed.
CREATE TABLE policy_version (
    id       TEXT NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) WITHOUT ROWID;

CREATE TABLE policy (
    id      TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) WITHOUT ROWID;

-- Texts by language and lists of conditions are JSON, read whole.
CREATE TABLE rule (
    position   INTEGER NOT NULL PRIMARY KEY,
    id         TEXT NOT NULL,
    conditions TEXT NOT NULL,
    kind       TEXT NOT NULL,
    policy     TEXT,
    level      INTEGER,
    says       TEXT NOT NULL,
    guidance   TEXT NOT NULL,
    review_by  TEXT
);
CREATE UNIQUE INDEX rule_id ON rule (id);
