-- name: load
SELECT id, ticket, team, kind, state, policy, policy_version, because, raised_at, raised_by, start, amnesty, rung,
    round, base, accept_due, backup_due, opens_at, duty_due, recall_due, hold_due, hold_left, confirm_due, side_to,
    side_by, side_due, side_was, side_returning, side_left_accept, side_left_backup, held_by, held_since, ended_at,
    drill
FROM escalation WHERE id = :id

-- name: calls
SELECT id, person, seat, rung, round, opened_at, step, step_at, failed, watch_due, off_duty, ended_at, ended
FROM call WHERE escalation = :id ORDER BY id

-- name: tasks
SELECT id, call, person, state, offered_at, taken_by, ended_at FROM phone_task WHERE escalation = :id ORDER BY id

-- name: ticket_of
SELECT ticket FROM escalation WHERE id = :id

-- name: insert
INSERT INTO escalation (id, ticket, team, kind, state, policy, policy_version, because, raised_at, raised_by, start,
    amnesty, rung, round, base, accept_due, backup_due, opens_at, duty_due, recall_due, hold_due, hold_left,
    confirm_due, side_to, side_by, side_due, side_was, side_returning, side_left_accept, side_left_backup, held_by,
    held_since, ended_at, drill, level, next_at, next_does, restricted)
VALUES (:id, :ticket, :team, :kind, :state, :policy, :policy_version, :because, :raised_at, :raised_by, :start,
    :amnesty, :rung, :round, :base, :accept_due, :backup_due, :opens_at, :duty_due, :recall_due, :hold_due,
    :hold_left, :confirm_due, :side_to, :side_by, :side_due, :side_was, :side_returning, :side_left_accept,
    :side_left_backup, :held_by, :held_since, :ended_at, :drill, :level, :next_at, :next_does, :restricted)

-- name: update
UPDATE escalation SET state = :state, start = :start, amnesty = :amnesty, rung = :rung, round = :round, base = :base,
    accept_due = :accept_due, backup_due = :backup_due, opens_at = :opens_at, duty_due = :duty_due,
    recall_due = :recall_due, hold_due = :hold_due, hold_left = :hold_left, confirm_due = :confirm_due,
    side_to = :side_to, side_by = :side_by, side_due = :side_due, side_was = :side_was,
    side_returning = :side_returning, side_left_accept = :side_left_accept, side_left_backup = :side_left_backup,
    held_by = :held_by, held_since = :held_since, level = :level, next_at = :next_at, next_does = :next_does,
    restricted = :restricted
WHERE id = :id

-- name: update_next
UPDATE escalation SET next_at = :next_at, next_does = :next_does, restricted = :restricted WHERE id = :id

-- name: ended
UPDATE escalation SET ended_at = :ended_at WHERE id = :id

-- name: call_add
INSERT INTO call (id, escalation, person, seat, rung, round, opened_at, step, step_at, failed, watch_due, off_duty,
    ended_at, ended)
VALUES (:id, :escalation, :person, :seat, :rung, :round, :opened_at, :step, :step_at, :failed, :watch_due, :off_duty,
    :ended_at, :ended)

-- name: call_save
UPDATE call SET seat = :seat, step = :step, step_at = :step_at, failed = :failed, watch_due = :watch_due,
    off_duty = :off_duty, ended_at = :ended_at, ended = :ended
WHERE id = :id

-- name: call_step
UPDATE call SET seat = :seat, step = :step, step_at = :step_at, failed = :failed, watch_due = :watch_due,
    off_duty = :off_duty
WHERE id = :id

-- name: task_add
INSERT INTO phone_task (id, escalation, call, person, state, offered_at, taken_by, ended_at)
VALUES (:id, :escalation, :call, :person, :state, :offered_at, :taken_by, :ended_at)

-- name: task_save
UPDATE phone_task SET state = :state, offered_at = :offered_at, taken_by = :taken_by, ended_at = :ended_at WHERE id = :id

-- name: because
SELECT because, team, COUNT(*) FROM escalation
WHERE raised_at >= :since AND raised_at < :until AND restricted = 0 AND drill = 0
GROUP BY because, team

-- name: open_of_ticket
SELECT id FROM escalation WHERE ticket = :ticket AND ended_at IS NULL ORDER BY id

-- name: of_ticket
SELECT id FROM escalation WHERE ticket = :ticket ORDER BY id DESC

-- name: calling_person
SELECT DISTINCT escalation FROM call WHERE person = :person AND ended_at IS NULL ORDER BY escalation

-- name: calling
SELECT id, policy, policy_version, rung FROM escalation WHERE state = 'calling' AND ended_at IS NULL ORDER BY id

-- name: open_calls_of
SELECT COUNT(DISTINCT escalation) FROM call WHERE person = :person AND ended_at IS NULL

-- name: alive_messages
SELECT COUNT(*) FROM outgoing WHERE about = :call AND step = :step AND state IN ('queued', 'sent', 'shown', 'opened')

-- name: messages
SELECT about, step, state, created_at, tried_at, sent_at, shown_at, opened_at FROM outgoing WHERE stream = 'ticket'
    AND stream_id = :ticket AND about > 0 ORDER BY id

-- name: seen_message
SELECT 1 FROM outgoing WHERE about = :call AND step = :step AND state IN ('shown', 'opened') LIMIT 1

-- name: newer_end
SELECT 1 FROM outgoing WHERE stream = 'ticket' AND stream_id = :ticket AND kind = 'ended' AND recipient = :recipient
    AND channel = :channel AND address = :address AND id > :id AND data LIKE :of LIMIT 1

-- name: call_state
SELECT person, ended_at, ended FROM call WHERE id = :call

-- name: escalations_ahead
SELECT e.id, e.ticket, e.team, e.kind, e.state, e.policy, e.policy_version, e.because, e.raised_at, e.raised_by, e.start,
    e.amnesty, e.rung, e.round, e.base, e.accept_due, e.backup_due, e.opens_at, e.duty_due, e.recall_due, e.hold_due,
    e.hold_left, e.confirm_due, e.side_to, e.side_by, e.side_due, e.side_was, e.side_returning, e.side_left_accept,
    e.side_left_backup, e.held_by, e.held_since, e.ended_at, e.drill
FROM (
    SELECT stream, stream_id, kind, ref FROM deadline WHERE due <= :now
    ORDER BY due, stream, stream_id, kind, ref LIMIT :limit
) AS d JOIN escalation e ON e.id = d.ref WHERE d.kind = 'escalation'

-- name: calls_ahead
SELECT c.escalation, c.id, c.person, c.seat, c.rung, c.round, c.opened_at, c.step, c.step_at, c.failed, c.watch_due,
    c.off_duty, c.ended_at, c.ended
FROM (
    SELECT stream, stream_id, kind, ref FROM deadline WHERE due <= :now
    ORDER BY due, stream, stream_id, kind, ref LIMIT :limit
) AS d JOIN call c ON c.escalation = d.ref WHERE d.kind = 'escalation' ORDER BY c.id

-- name: tasks_ahead
SELECT t.escalation, t.id, t.call, t.person, t.state, t.offered_at, t.taken_by, t.ended_at
FROM (
    SELECT stream, stream_id, kind, ref FROM deadline WHERE due <= :now
    ORDER BY due, stream, stream_id, kind, ref LIMIT :limit
) AS d JOIN phone_task t ON t.escalation = d.ref WHERE d.kind = 'escalation' ORDER BY t.id
