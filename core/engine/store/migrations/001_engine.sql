-- The engine: streams and their chain, deadlines, outgoing notices, answers to remember, processes.
CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stream (
    kind TEXT NOT NULL,
    id   INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE journal (
    id        INTEGER PRIMARY KEY,
    stream    TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    type      TEXT NOT NULL,
    data      TEXT NOT NULL,
    head      BLOB NOT NULL
);
CREATE UNIQUE INDEX journal_stream ON journal (stream, stream_id, seq);

CREATE TABLE deadline (
    stream    TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    ref       INTEGER NOT NULL,
    due       INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, stream_id, kind, ref)
) WITHOUT ROWID;
CREATE INDEX deadline_due ON deadline (due);

CREATE TABLE outgoing (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,
    stream        TEXT NOT NULL,
    stream_id     INTEGER NOT NULL,
    recipient     TEXT NOT NULL,
    channel       TEXT NOT NULL,
    address       TEXT NOT NULL,
    about         INTEGER NOT NULL,
    step          INTEGER NOT NULL,
    data          TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    ready_at      INTEGER,
    expires_at    INTEGER NOT NULL,
    receipt       TEXT NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    state         TEXT NOT NULL DEFAULT 'queued',
    reason        TEXT NOT NULL DEFAULT '',
    claimed_by    TEXT,
    claimed_until INTEGER,
    sent_at       INTEGER,
    shown_at      INTEGER,
    opened_at     INTEGER
);
CREATE INDEX outgoing_ready ON outgoing (channel, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX outgoing_about ON outgoing (about) WHERE about > 0;
CREATE INDEX outgoing_stream ON outgoing (stream, stream_id);
CREATE UNIQUE INDEX outgoing_receipt ON outgoing (receipt);

CREATE TABLE idempotency (
    actor  TEXT NOT NULL,
    route  TEXT NOT NULL,
    key    TEXT NOT NULL,
    body   BLOB NOT NULL,
    answer BLOB NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (actor, route, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE heartbeat (
    process    TEXT NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    at         INTEGER NOT NULL
) WITHOUT ROWID;
