-- name: deeds_of_ticket
SELECT at, actor, type, data FROM journal WHERE stream = 'ticket' AND stream_id = :ticket
    AND type IN ('escalation_raised', 'escalation_accepted', 'acceptance_undone', 'escalation_withdrawn')
ORDER BY seq DESC

-- name: newest_events
SELECT id, at, actor, type, data FROM journal WHERE id < :before ORDER BY id DESC LIMIT :limit
