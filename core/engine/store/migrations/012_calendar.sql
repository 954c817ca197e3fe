-- One secret calendar address per person; only its hash is kept.
CREATE TABLE calendar_feed (
    person TEXT NOT NULL PRIMARY KEY,
    hash   BLOB NOT NULL,
    at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX calendar_feed_hash ON calendar_feed (hash);
