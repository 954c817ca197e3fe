-- Ids are given before the commit: only the number of the transaction says in which order events can be seen.
ALTER TABLE journal ADD COLUMN xid BIGINT NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS text) AS bigint);
CREATE INDEX journal_order ON journal (xid, id);
