-- Handovers at the end of a shift: who gave what to whom, and the notes, which can be erased.
CREATE TABLE handover (
    id        INTEGER PRIMARY KEY,
    holder    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    notes     TEXT NOT NULL
);
CREATE INDEX handover_recipient ON handover (recipient, id);
CREATE INDEX handover_made_by ON handover (made_by, id);

CREATE TABLE handover_ticket (
    handover INTEGER NOT NULL,
    ticket   INTEGER NOT NULL,
    PRIMARY KEY (handover, ticket)
) WITHOUT ROWID;
