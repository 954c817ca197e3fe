-- Who looks after a rule or a policy, and by when. Of a policy beside the version in force: a new date is no new one.
ALTER TABLE policy ADD COLUMN review_by TEXT;
ALTER TABLE policy ADD COLUMN owner TEXT;
ALTER TABLE rule ADD COLUMN owner TEXT;

-- For which date a rule's or a policy's reminder has gone out: one each, however late the engine woke.
CREATE TABLE review_told (
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    day  TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- How often a rule was followed, by period.
CREATE INDEX escalation_raised ON escalation (raised_at);

-- `hours = "off"` is written `outside` now. The directory is another one then.
UPDATE directory SET revision = revision || '.026'
WHERE EXISTS (SELECT 1 FROM rule WHERE conditions LIKE '%"hours":"off"%');
UPDATE rule SET conditions = replace(conditions, '"hours":"off"', '"hours":"outside"');

-- A desk that has review dates already is looked at when the engine runs next.
INSERT INTO deadline (stream, stream_id, kind, ref, due)
SELECT 'desk', 1, 'review', 1, MAX(at) FROM journal
WHERE EXISTS (SELECT 1 FROM rule WHERE review_by IS NOT NULL) HAVING COUNT(*) > 0;
