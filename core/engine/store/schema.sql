-- All migrations together. Written by `make docs`; a test compares.

CREATE TABLE answer (
    escalation INTEGER NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    note       INTEGER,
    due        INTEGER NOT NULL,
    question   INTEGER
);

CREATE TABLE calendar_feed (
    person TEXT NOT NULL PRIMARY KEY,
    hash   BLOB NOT NULL,
    at     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX calendar_feed_hash ON calendar_feed (hash);

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

CREATE TABLE channel (
    id       TEXT NOT NULL PRIMARY KEY,
    kind     TEXT NOT NULL,
    url      TEXT NOT NULL,
    password TEXT,
    sender   TEXT
) WITHOUT ROWID;

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) WITHOUT ROWID;

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

CREATE TABLE device (
    id              INTEGER NOT NULL PRIMARY KEY,
    person          TEXT NOT NULL,
    name            TEXT NOT NULL,
    endpoint        TEXT NOT NULL,
    p256dh          TEXT NOT NULL,
    auth            TEXT NOT NULL,
    platform        TEXT NOT NULL,
    sends_receipts  INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    last_success_at INTEGER
);

CREATE UNIQUE INDEX device_endpoint ON device (endpoint);

CREATE INDEX device_person ON device (person);

CREATE TABLE directory (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    revision TEXT NOT NULL
);

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

CREATE INDEX escalation_answered ON escalation (raised_by) WHERE state = 'answered';

CREATE INDEX escalation_held ON escalation (held_by, held_since) WHERE ended_at IS NULL AND held_by IS NOT NULL;

CREATE UNIQUE INDEX escalation_one ON escalation (ticket, kind) WHERE ended_at IS NULL AND kind <> 'consult';

CREATE INDEX escalation_open ON escalation (team, next_at, id) WHERE ended_at IS NULL;

CREATE INDEX escalation_raised ON escalation (raised_at);

CREATE INDEX escalation_standing ON escalation (id) WHERE state = 'standing';

CREATE INDEX escalation_ticket ON escalation (ticket, id);

CREATE TABLE fault (
    what      TEXT NOT NULL,
    once      TEXT NOT NULL,
    stream    TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    told_at   INTEGER NOT NULL,
    untold    INTEGER NOT NULL,
    PRIMARY KEY (what, once)
) WITHOUT ROWID;

CREATE TABLE handover (
    id        INTEGER PRIMARY KEY,
    holder    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    notes     TEXT NOT NULL
);

CREATE INDEX handover_made_by ON handover (made_by, id);

CREATE INDEX handover_recipient ON handover (recipient, id);

CREATE TABLE handover_ticket (
    handover INTEGER NOT NULL,
    ticket   INTEGER NOT NULL,
    PRIMARY KEY (handover, ticket)
) WITHOUT ROWID;

CREATE TABLE heartbeat (
    process    TEXT NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    at         INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE home_day (
    person TEXT NOT NULL,
    day    TEXT NOT NULL,
    PRIMARY KEY (person, day)
) WITHOUT ROWID;

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

CREATE TABLE invite (
    hash       BLOB NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX invite_person ON invite (person);

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

CREATE TABLE leave_time (
    id     INTEGER NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER
);

CREATE INDEX leave_person ON leave_time (person);

CREATE TABLE ledger (
    ticket INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    holder TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER,
    PRIMARY KEY (ticket, seq)
) WITHOUT ROWID;

CREATE TABLE level (
    number INTEGER NOT NULL PRIMARY KEY,
    names  TEXT NOT NULL
);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL);

CREATE TABLE note (
    id     INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    author TEXT,
    at     INTEGER NOT NULL,
    text   TEXT NOT NULL
);

CREATE INDEX note_ticket ON note (ticket, id);

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
, fair TEXT NOT NULL DEFAULT '', bundle INTEGER, tried_at INTEGER, lane TEXT NOT NULL DEFAULT '');

CREATE INDEX outgoing_about ON outgoing (about) WHERE about > 0;

CREATE INDEX outgoing_bundle ON outgoing (bundle) WHERE bundle IS NOT NULL;

CREATE INDEX outgoing_ready ON outgoing (channel, lane, fair, recipient, ready_at) WHERE ready_at IS NOT NULL;

CREATE INDEX outgoing_stream ON outgoing (stream, stream_id);

CREATE TABLE password (
    person  TEXT NOT NULL PRIMARY KEY,
    encoded TEXT NOT NULL,
    set_at  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE person (
    id           TEXT NOT NULL PRIMARY KEY,
    number       INTEGER NOT NULL,
    name         TEXT NOT NULL,
    level        INTEGER NOT NULL,
    teams        TEXT NOT NULL,
    roles        TEXT NOT NULL,
    language     TEXT NOT NULL,
    email        TEXT,
    phone        TEXT,
    place        TEXT NOT NULL,
    clearance    TEXT NOT NULL,
    certificates TEXT NOT NULL,
    active       INTEGER NOT NULL,
    installed    INTEGER NOT NULL
, chat TEXT, quiet TEXT) WITHOUT ROWID;

CREATE UNIQUE INDEX person_number ON person (number);

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

CREATE TABLE pin (
    person   TEXT NOT NULL PRIMARY KEY,
    encoded  TEXT NOT NULL,
    set_at   INTEGER NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE policy (
    id      TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
, review_by TEXT, owner TEXT) WITHOUT ROWID;

CREATE TABLE policy_version (
    id       TEXT NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) WITHOUT ROWID;

CREATE TABLE presence (
    ticket INTEGER NOT NULL,
    person TEXT NOT NULL,
    doing  TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (ticket, person)
) WITHOUT ROWID;

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

CREATE TABLE review_told (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    day  TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

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

CREATE TABLE rota (
    id          TEXT NOT NULL PRIMARY KEY,
    on_holidays INTEGER NOT NULL,
    replaces    TEXT,
    mode        TEXT
) WITHOUT ROWID;

CREATE TABLE rota_ahead (
    rota   TEXT NOT NULL PRIMARY KEY,
    places INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE rota_rotation (
    rota     TEXT NOT NULL PRIMARY KEY,
    people   TEXT NOT NULL,
    every    TEXT NOT NULL,
    handover TEXT NOT NULL,
    starts   TEXT NOT NULL
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

CREATE TABLE rota_watch (
    rota   TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    people TEXT NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX rota_watch_number ON rota_watch (number);

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
, owner TEXT);

CREATE UNIQUE INDEX rule_id ON rule (id);

CREATE VIRTUAL TABLE search_grams USING fts5 (grams, content = '', detail = none, tokenize = 'ascii');

CREATE TABLE search_state (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    place TEXT NOT NULL,
    below INTEGER
);

CREATE TABLE search_text (
    ticket   INTEGER PRIMARY KEY,
    shown    TEXT NOT NULL,
    personal TEXT NOT NULL
);

CREATE TABLE session (
    id         INTEGER NOT NULL PRIMARY KEY,
    hash       BLOB NOT NULL,
    person     TEXT NOT NULL,
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
);

CREATE UNIQUE INDEX session_hash ON session (hash);

CREATE INDEX session_person ON session (person);

CREATE TABLE settings (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name     TEXT NOT NULL,
    timezone TEXT NOT NULL,
    language TEXT NOT NULL,
    holidays TEXT,
    hours    TEXT NOT NULL,
    mode     TEXT NOT NULL
, quiet TEXT, watchdog TEXT);

CREATE TABLE sign_in (
    secret     BLOB NOT NULL PRIMARY KEY,
    code       BLOB NOT NULL,
    label      TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answered   TEXT
) WITHOUT ROWID;

CREATE UNIQUE INDEX sign_in_code ON sign_in (code);

CREATE INDEX sign_in_ends ON sign_in (expires_at);

CREATE TABLE stream (
    kind TEXT NOT NULL,
    id   INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    head BLOB NOT NULL, at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE team (
    id             TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL,
    parent         TEXT,
    default_policy TEXT
) WITHOUT ROWID;

CREATE TABLE terminal (
    id            INTEGER NOT NULL PRIMARY KEY,
    hash          BLOB NOT NULL,
    label         TEXT NOT NULL,
    registered_by TEXT NOT NULL,
    registered_at INTEGER NOT NULL
);

CREATE UNIQUE INDEX terminal_hash ON terminal (hash);

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

CREATE INDEX ticket_holder ON ticket (holder, updated_at, number) WHERE status <> 'done';

CREATE INDEX ticket_offer ON ticket (offer_to) WHERE offer_to IS NOT NULL;

CREATE INDEX ticket_open ON ticket (team, status, restricted) WHERE status <> 'done';

CREATE INDEX ticket_restricted ON ticket (status, number) WHERE restricted = 1;

CREATE INDEX ticket_team_status ON ticket (team, status, updated_at, number);

CREATE INDEX ticket_waking ON ticket (team, wake_at, number) WHERE wake_at IS NOT NULL;

CREATE TABLE ticket_party (
    ticket INTEGER NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (ticket, person)
) WITHOUT ROWID;

CREATE TABLE ticket_sight (
    ticket INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (ticket, kind, id)
) WITHOUT ROWID;

CREATE TABLE ticket_tag (
    ticket INTEGER NOT NULL,
    tag    TEXT NOT NULL,
    PRIMARY KEY (ticket, tag)
) WITHOUT ROWID;

CREATE TABLE ticket_text (
    ticket         INTEGER PRIMARY KEY,
    subject        TEXT NOT NULL,
    body           TEXT NOT NULL,
    customer_name  TEXT,
    customer_email TEXT,
    customer_phone TEXT
);

CREATE TABLE token (
    id         INTEGER NOT NULL PRIMARY KEY,
    hash       BLOB NOT NULL,
    person     TEXT NOT NULL,
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    seen_at    INTEGER
, terminal INTEGER);

CREATE UNIQUE INDEX token_hash ON token (hash);

CREATE INDEX token_person ON token (person);

CREATE INDEX token_terminal ON token (terminal) WHERE terminal IS NOT NULL;
