-- The host a notice goes to: one that hangs makes only its own wait.
ALTER TABLE outgoing ADD COLUMN lane TEXT NOT NULL DEFAULT '';
DROP INDEX outgoing_ready;
CREATE INDEX outgoing_ready ON outgoing (channel, lane, fair, recipient, ready_at) WHERE ready_at IS NOT NULL;
