-- Lists. Each row: its place in the list (two columns), what QueueRow shows, category, number, last change.

-- name: team_status
SELECT t.updated_at, t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM ticket t JOIN ticket_text x ON x.ticket = t.number
LEFT JOIN escalation e ON e.ticket = t.number AND e.ended_at IS NULL AND e.kind <> 'consult'
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
WHERE t.team = :team AND t.status = :status AND (t.updated_at, t.number) < (:at, :number)
ORDER BY t.updated_at DESC, t.number DESC LIMIT :limit

-- name: mine
SELECT t.updated_at, t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM ticket t JOIN ticket_text x ON x.ticket = t.number
LEFT JOIN escalation e ON e.ticket = t.number AND e.ended_at IS NULL AND e.kind <> 'consult'
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
WHERE t.holder = :me AND t.status <> 'done' AND (t.updated_at, t.number) < (:at, :number)
ORDER BY t.updated_at DESC, t.number DESC LIMIT :limit

-- name: escalated
SELECT e.next_at, e.id, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, e.drill, t.category, t.number, t.updated_at
FROM escalation e JOIN ticket t ON t.number = e.ticket JOIN ticket_text x ON x.ticket = t.number
WHERE e.team = :team AND e.ended_at IS NULL AND (e.next_at, e.id) > (:at, :number) AND NOT EXISTS (
    SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND (o.next_at, o.id) < (e.next_at, e.id))
ORDER BY e.next_at, e.id LIMIT :limit

-- name: next_escalated
SELECT e.next_at, t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM escalation e JOIN ticket t ON t.number = e.ticket JOIN ticket_text x ON x.ticket = t.number
WHERE e.team = :team AND e.ended_at IS NULL AND e.kind <> 'consult' AND t.status = :status
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
    AND (e.next_at, t.number) > (:at, :number)
ORDER BY e.next_at, t.number LIMIT :limit

-- name: next_waking
SELECT t.wake_at, t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM ticket t JOIN ticket_text x ON x.ticket = t.number
LEFT JOIN escalation e ON e.ticket = t.number AND e.ended_at IS NULL AND e.kind <> 'consult'
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
WHERE t.team = :team AND t.status = :status AND t.wake_at IS NOT NULL AND e.id IS NULL
    AND (t.wake_at, t.number) > (:at, :number)
ORDER BY t.wake_at, t.number LIMIT :limit

-- name: next_mine
SELECT COALESCE(e.next_at, t.wake_at, :far), t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for,
    t.wait_team, t.restricted, t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM ticket t JOIN ticket_text x ON x.ticket = t.number
LEFT JOIN escalation e ON e.ticket = t.number AND e.ended_at IS NULL AND e.kind <> 'consult'
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
WHERE t.holder = :me AND t.status <> 'done'
    AND (COALESCE(e.next_at, t.wake_at, :far), t.number) > (:at, :number)
ORDER BY 1, 2 LIMIT :limit

-- name: no_next_step
SELECT t.updated_at, t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM ticket t JOIN ticket_text x ON x.ticket = t.number
LEFT JOIN escalation e ON e.ticket = t.number AND e.ended_at IS NULL AND e.kind <> 'consult'
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
WHERE t.team = :team AND t.status = :status AND t.wake_at IS NULL AND e.id IS NULL
    AND (t.updated_at, t.number) < (:at, :number)
ORDER BY t.updated_at DESC, t.number DESC LIMIT :limit

-- name: row
SELECT t.updated_at, t.number, x.subject, t.status, t.severity, t.team, t.holder, t.wait_for, t.wait_team, t.restricted,
    t.wake_at, e.id, e.state, e.kind, e.level, e.next_at, e.next_does, COALESCE(e.drill, 0), t.category, t.number,
    t.updated_at
FROM ticket t JOIN ticket_text x ON x.ticket = t.number
LEFT JOIN escalation e ON e.ticket = t.number AND e.ended_at IS NULL AND e.kind <> 'consult'
    AND NOT (e.kind = 'notify' AND EXISTS (
        SELECT 1 FROM escalation o WHERE o.ticket = e.ticket AND o.ended_at IS NULL AND o.kind = 'takeover'))
WHERE t.number = :number

-- name: has_tag
SELECT 1 FROM ticket_tag WHERE ticket = :number AND tag = :tag

-- name: open_by_status
SELECT status, COUNT(*) FROM ticket WHERE team = :team AND status <> 'done' AND restricted = 0 GROUP BY status

-- name: restricted_open
SELECT number, team, status FROM ticket WHERE restricted = 1 AND status IN ('new', 'in_progress', 'waiting')

-- name: count_mine
SELECT COUNT(*) FROM ticket WHERE holder = :me AND status <> 'done'

-- name: count_escalated
SELECT COUNT(DISTINCT ticket) FROM escalation WHERE team = :team AND ended_at IS NULL AND restricted = 0

-- name: restricted_escalated
SELECT DISTINCT e.ticket FROM escalation e JOIN ticket t ON t.number = e.ticket
WHERE e.ended_at IS NULL AND e.restricted = 1

-- name: my_calls
SELECT c.id, c.seat, c.opened_at, e.id, e.ticket FROM call c JOIN escalation e ON e.id = c.escalation
WHERE c.person = :me AND c.ended_at IS NULL ORDER BY c.opened_at

-- name: subject
SELECT subject FROM ticket_text WHERE ticket = :number

-- name: instructions
SELECT text FROM note WHERE ticket = :number AND kind = 'return' ORDER BY id DESC LIMIT 1

-- name: held
SELECT e.ticket, e.held_since, e.id, e.hold_due, e.confirm_due, e.kind FROM escalation e
WHERE e.held_by = :me AND e.ended_at IS NULL AND e.held_by IS NOT NULL ORDER BY e.held_since

-- name: answered
SELECT e.id, e.ticket FROM escalation e WHERE e.state = 'answered' AND e.raised_by = :me ORDER BY e.id

-- name: offered
SELECT number, offer_at FROM ticket WHERE offer_to = :me ORDER BY offer_at

-- name: standing
SELECT id, ticket, recall_due FROM escalation WHERE state = 'standing' ORDER BY id LIMIT 200

-- name: open_tasks
SELECT id, escalation FROM phone_task WHERE state IN ('offered', 'taken') ORDER BY offered_at LIMIT 500

-- name: escalations_open
SELECT id, ticket FROM escalation WHERE ended_at IS NULL AND id < :before ORDER BY id DESC LIMIT :limit

-- name: escalations_state
SELECT id, ticket FROM escalation WHERE state = :state AND id < :before ORDER BY id DESC LIMIT :limit

-- name: escalations_mine
SELECT DISTINCT escalation, escalation FROM call WHERE person = :me AND ended_at IS NULL AND escalation < :before
ORDER BY escalation DESC LIMIT :limit

-- name: journal_page
SELECT id, stream, stream_id, at, actor, type, data /*pg , xid */ FROM journal
WHERE (/*pg xid, */ id) > (/*pg CAST(:xid AS bigint), */ :after)
    /*pg AND xid < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) */
ORDER BY /*pg xid, */ id LIMIT :limit

-- name: journal_ticket
SELECT id, stream, stream_id, at, actor, type, data /*pg , xid */ FROM journal
WHERE stream = 'ticket' AND stream_id = :ticket AND id > :after ORDER BY seq LIMIT :limit
