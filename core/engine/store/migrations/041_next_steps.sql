-- Lists by next step: what wakes first.
CREATE INDEX ticket_waking ON ticket (team, wake_at, number) WHERE wake_at IS NOT NULL;
