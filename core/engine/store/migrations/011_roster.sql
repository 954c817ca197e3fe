-- What is changed in the roster by people: overrides, temporary plans, shifts offered; and who was told to be on duty.
CREATE TABLE roster_override (
    id       INTEGER NOT NULL PRIMARY KEY,
    rota     TEXT NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    adds     TEXT,
    removes  TEXT,
    place    TEXT,
    made_by  TEXT,
    ended_at INTEGER
);
CREATE INDEX roster_override_rota ON roster_override (rota);

CREATE TABLE roster_plan (
    id       INTEGER NOT NULL PRIMARY KEY,
    rota     TEXT NOT NULL,
    name     TEXT NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    shifts   TEXT NOT NULL,
    made_by  TEXT,
    ended_at INTEGER
);
CREATE INDEX roster_plan_rota ON roster_plan (rota);

CREATE TABLE roster_swap (
    id       INTEGER NOT NULL PRIMARY KEY,
    rota     TEXT NOT NULL,
    giver    TEXT NOT NULL,
    taker    TEXT NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    state    TEXT NOT NULL,
    made_at  INTEGER NOT NULL
);
CREATE INDEX roster_swap_giver ON roster_swap (giver, state);
CREATE INDEX roster_swap_taker ON roster_swap (taker, state);

CREATE TABLE rota_ahead (
    rota   TEXT NOT NULL PRIMARY KEY,
    places INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE rota_watch (
    rota   TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    people TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX rota_watch_number ON rota_watch (number);

-- Rotas that are there already are watched from now on.
INSERT INTO rota_watch (rota, number, people) SELECT id, ROW_NUMBER() OVER (ORDER BY id), '[]' FROM rota;
INSERT INTO counter (name, next) SELECT 'rota', COUNT(*) + 1 FROM rota;
INSERT INTO deadline (stream, stream_id, kind, ref, due) SELECT 'rota', number, 'duty', number, 0 FROM rota_watch;
