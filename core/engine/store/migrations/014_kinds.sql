-- What a consult and a report to the customer carry besides their calls. Texts stand here, so they can be erased.
CREATE TABLE answer (
    escalation INTEGER NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    note       INTEGER,
    due        INTEGER NOT NULL,
    question   INTEGER
);

CREATE TABLE report (
    escalation INTEGER NOT NULL PRIMARY KEY,
    number     INTEGER NOT NULL,
    approved   INTEGER NOT NULL,
    promised   INTEGER,
    soon_due   INTEGER,
    update_due INTEGER
);

CREATE TABLE report_draft (
    escalation  INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    author      TEXT,
    at          INTEGER NOT NULL,
    stage       TEXT NOT NULL,
    what        TEXT NOT NULL,
    since       INTEGER,
    affects     TEXT NOT NULL,
    recovery    TEXT NOT NULL,
    next_update INTEGER,
    approved_by TEXT,
    approved_at INTEGER,
    nth         INTEGER,
    PRIMARY KEY (escalation, number)
) WITHOUT ROWID;

-- What came back to whoever asked, until they say something to it.
CREATE INDEX escalation_answered ON escalation (raised_by) WHERE state = 'answered';
