-- Leave, and days on which somebody works from home: a person's own state, no part of the desk file.
CREATE TABLE leave_time (
    id     INTEGER NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER
);
CREATE INDEX leave_person ON leave_time (person);

CREATE TABLE home_day (
    person TEXT NOT NULL,
    day    TEXT NOT NULL,
    PRIMARY KEY (person, day)
) WITHOUT ROWID;
