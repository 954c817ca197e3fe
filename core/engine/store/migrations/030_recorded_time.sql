-- Each stream knows the recorded time of its last event: it goes back in no process, whatever its own clock says.
ALTER TABLE stream ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
UPDATE stream SET at = COALESCE(
    (SELECT j.at FROM journal j WHERE j.stream = stream.kind AND j.stream_id = stream.id AND j.seq = stream.seq), 0
);
