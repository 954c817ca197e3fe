-- The roster: rotas with their shifts and rotations, as written in the desk file. People are JSON lists, read whole.
CREATE TABLE rota (
    id          TEXT NOT NULL PRIMARY KEY,
    on_holidays INTEGER NOT NULL,
    replaces    TEXT,
    mode        TEXT
) WITHOUT ROWID;

CREATE TABLE rota_shift (
    rota     TEXT NOT NULL,
    position INTEGER NOT NULL,
    days     TEXT NOT NULL,
    begins   TEXT NOT NULL,
    ends     TEXT NOT NULL,
    people   TEXT NOT NULL,
    place    TEXT,
    PRIMARY KEY (rota, position)
) WITHOUT ROWID;

CREATE TABLE rota_rotation (
    rota     TEXT NOT NULL PRIMARY KEY,
    people   TEXT NOT NULL,
    every    TEXT NOT NULL,
    handover TEXT NOT NULL,
    starts   TEXT NOT NULL
) WITHOUT ROWID;
