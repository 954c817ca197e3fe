-- Search: the grams of every ticket's texts, the texts themselves as they are compared, and how far the index is.
CREATE VIRTUAL TABLE search_grams USING fts5 (grams, content = '', detail = none, tokenize = 'ascii');

-- `shown`: for everybody who sees the ticket; `personal`: for readers with clearance.
CREATE TABLE search_text (
    ticket   INTEGER PRIMARY KEY,
    shown    TEXT NOT NULL,
    personal TEXT NOT NULL
);

-- `place`: the journal is followed up to here. `below`: tickets below it are not in yet; NULL once all are.
CREATE TABLE search_state (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    place TEXT NOT NULL,
    below INTEGER
);
INSERT INTO search_state (id, place, below) VALUES (1, '0', 0);
