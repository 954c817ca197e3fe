-- Who looks at a ticket, or is writing to the customer, now: leases of seconds, no record.
CREATE TABLE presence (
    ticket INTEGER NOT NULL,
    person TEXT NOT NULL,
    doing  TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (ticket, person)
) WITHOUT ROWID;
