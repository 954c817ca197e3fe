-- Tickets, their texts, their ledger of holders, who takes part, who may see a restricted one.
CREATE TABLE ticket (
    number        INTEGER PRIMARY KEY,
    team          TEXT NOT NULL,
    status        TEXT NOT NULL,
    category      TEXT NOT NULL,
    severity      TEXT NOT NULL,
    source        TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    created_by    TEXT,
    holder        TEXT,
    holder_since  INTEGER,
    last_holder   TEXT,
    restricted    INTEGER NOT NULL DEFAULT 0,
    wait_for      TEXT,
    wait_team     TEXT,
    wake_at       INTEGER,
    offer_to      TEXT,
    offer_by      TEXT,
    offer_at      INTEGER,
    personal_data INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX ticket_team_status ON ticket (team, status, updated_at, number);
CREATE INDEX ticket_holder ON ticket (holder, updated_at, number) WHERE status <> 'done';
CREATE INDEX ticket_open ON ticket (team, status, restricted) WHERE status <> 'done';
CREATE INDEX ticket_restricted ON ticket (status, number) WHERE restricted = 1;
CREATE INDEX ticket_offer ON ticket (offer_to) WHERE offer_to IS NOT NULL;

CREATE TABLE ticket_text (
    ticket         INTEGER PRIMARY KEY,
    subject        TEXT NOT NULL,
    body           TEXT NOT NULL,
    customer_name  TEXT,
    customer_email TEXT,
    customer_phone TEXT
);

CREATE TABLE ticket_tag (
    ticket INTEGER NOT NULL,
    tag    TEXT NOT NULL,
    PRIMARY KEY (ticket, tag)
) WITHOUT ROWID;

CREATE TABLE ticket_sight (
    ticket INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (ticket, kind, id)
) WITHOUT ROWID;

CREATE TABLE ticket_party (
    ticket INTEGER NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (ticket, person)
) WITHOUT ROWID;

CREATE TABLE ledger (
    ticket INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    holder TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER,
    PRIMARY KEY (ticket, seq)
) WITHOUT ROWID;

CREATE TABLE note (
    id     INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    author TEXT,
    at     INTEGER NOT NULL,
    text   TEXT NOT NULL
);
CREATE INDEX note_ticket ON note (ticket, id);
