-- Faults of the machine that were told: ten thousand of one kind are one alarm an hour, with their number.
CREATE TABLE fault (
    what      TEXT NOT NULL,
    once      TEXT NOT NULL,
    stream    TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    told_at   INTEGER NOT NULL,
    untold    INTEGER NOT NULL,
    PRIMARY KEY (what, once)
) WITHOUT ROWID;
