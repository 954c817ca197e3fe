-- Escalations, their calls and phone tasks. The policy is an immutable version: id and number are its snapshot.
CREATE TABLE escalation (
    id             INTEGER PRIMARY KEY,
    ticket         INTEGER NOT NULL,
    team           TEXT NOT NULL,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    policy         TEXT NOT NULL,
    policy_version INTEGER NOT NULL,
    because        TEXT NOT NULL,
    raised_at      INTEGER NOT NULL,
    raised_by      TEXT,
    start          INTEGER NOT NULL,
    amnesty        INTEGER NOT NULL,
    rung           INTEGER NOT NULL,
    round          INTEGER NOT NULL,
    base           INTEGER NOT NULL,
    accept_due     INTEGER,
    backup_due     INTEGER,
    opens_at       INTEGER,
    duty_due       INTEGER,
    recall_due     INTEGER,
    hold_due       INTEGER,
    hold_left      INTEGER,
    confirm_due    INTEGER,
    side_to        TEXT,
    side_by        TEXT,
    side_due       INTEGER,
    side_was       TEXT,
    side_returning INTEGER,
    side_left_accept INTEGER,
    side_left_backup INTEGER,
    held_by        TEXT,
    held_since     INTEGER,
    ended_at       INTEGER,
    drill          INTEGER NOT NULL DEFAULT 0,
    level          INTEGER NOT NULL,
    next_at        INTEGER NOT NULL,
    next_does      TEXT,
    restricted     INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX escalation_one ON escalation (ticket, kind) WHERE ended_at IS NULL AND kind <> 'consult';
CREATE INDEX escalation_ticket ON escalation (ticket, id);
CREATE INDEX escalation_open ON escalation (team, next_at, id) WHERE ended_at IS NULL;
CREATE INDEX escalation_held ON escalation (held_by, held_since) WHERE ended_at IS NULL AND held_by IS NOT NULL;
CREATE INDEX escalation_standing ON escalation (id) WHERE state = 'standing';

CREATE TABLE call (
    id         INTEGER PRIMARY KEY,
    escalation INTEGER NOT NULL,
    person     TEXT NOT NULL,
    seat       TEXT NOT NULL,
    rung       INTEGER NOT NULL,
    round      INTEGER NOT NULL,
    opened_at  INTEGER NOT NULL,
    step       INTEGER NOT NULL,
    step_at    INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    watch_due  INTEGER,
    off_duty   INTEGER NOT NULL,
    ended_at   INTEGER,
    ended      TEXT
);
CREATE INDEX call_escalation ON call (escalation, id);
CREATE INDEX call_open ON call (person) WHERE ended_at IS NULL;

CREATE TABLE phone_task (
    id         INTEGER PRIMARY KEY,
    escalation INTEGER NOT NULL,
    call       INTEGER NOT NULL,
    person     TEXT NOT NULL,
    state      TEXT NOT NULL,
    offered_at INTEGER NOT NULL,
    taken_by   TEXT,
    ended_at   INTEGER
);
CREATE INDEX phone_task_escalation ON phone_task (escalation, id);
CREATE INDEX phone_task_open ON phone_task (offered_at) WHERE state IN ('offered', 'taken');
