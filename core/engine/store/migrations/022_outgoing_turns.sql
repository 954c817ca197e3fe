-- Whose turn it is among many notices, several notices that leave as one, and when each was first tried.
ALTER TABLE outgoing ADD COLUMN fair TEXT NOT NULL DEFAULT '';
ALTER TABLE outgoing ADD COLUMN bundle INTEGER;
ALTER TABLE outgoing ADD COLUMN tried_at INTEGER;
DROP INDEX outgoing_ready;
CREATE INDEX outgoing_ready ON outgoing (channel, fair, recipient, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX outgoing_bundle ON outgoing (bundle) WHERE bundle IS NOT NULL;
