-- name: unwatched
SELECT id FROM escalation e WHERE ended_at IS NULL AND state IN ('calling', 'standing') AND NOT EXISTS (
    SELECT 1 FROM deadline d
    WHERE d.stream = 'ticket' AND d.stream_id = e.ticket AND d.kind = 'escalation' AND d.ref = e.id
) ORDER BY id LIMIT :limit
