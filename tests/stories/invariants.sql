-- name: tickets
SELECT number FROM ticket ORDER BY number

-- name: escalations
SELECT id FROM escalation ORDER BY id

-- name: deadline
SELECT due FROM deadline WHERE stream = 'ticket' AND stream_id = :ticket AND kind = :kind AND ref = :ref

-- name: thrown
SELECT stream_id, kind FROM deadline WHERE tries > 0

-- name: ledger
SELECT seq, holder, since, until FROM ledger WHERE ticket = :ticket ORDER BY seq

-- name: journal
SELECT seq, at, actor, type, data FROM journal WHERE stream = 'ticket' AND stream_id = :ticket ORDER BY seq

-- name: customer_mails
SELECT stream_id, data, SUM(CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END) FROM outgoing
WHERE kind = 'customer_report' GROUP BY stream_id, data

-- name: sent_too_late
SELECT o.id, o.recipient FROM outgoing o JOIN call c ON c.id = o.about
WHERE o.kind = 'call' AND o.sent_at IS NOT NULL AND c.ended_at < o.sent_at
AND c.ended_at >= c.opened_at -- else the clock was set back between them, and their order says nothing

-- name: told_on_duty
SELECT people FROM rota_watch WHERE rota = :rota
