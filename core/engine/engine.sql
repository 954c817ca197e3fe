-- name: stream_head
SELECT seq, head, at FROM stream WHERE kind = :kind AND id = :id /*pg FOR UPDATE */

-- name: stream_save
INSERT INTO stream (kind, id, seq, head, at) VALUES (:kind, :id, :seq, :head, :at)
ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, head = excluded.head, at = excluded.at

-- name: journal_add
INSERT INTO journal (stream, stream_id, seq, at, actor, type, data, head)
VALUES (:stream, :stream_id, :seq, :at, :actor, :type, :data, :head) /*pg RETURNING id */

-- name: journal_newest
SELECT id /*pg , xid */ FROM journal
/*pg WHERE xid < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) */
ORDER BY /*pg xid DESC, */ id DESC LIMIT 1

-- name: journal_last_time
SELECT COALESCE(MAX(at), 0) FROM (SELECT at FROM journal ORDER BY id DESC LIMIT 64) AS tail

-- name: journal_after
SELECT id, stream, stream_id, type /*pg , xid */ FROM journal
WHERE (/*pg xid, */ id) > (/*pg CAST(:xid AS bigint), */ :after)
    /*pg AND xid < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) */
ORDER BY /*pg xid, */ id LIMIT :limit

-- name: journal_of_stream
SELECT id, stream, stream_id, seq, at, actor, type, data, head FROM journal
WHERE stream = :stream AND stream_id = :stream_id ORDER BY seq

-- name: journal_scan
SELECT id, stream, stream_id, seq, at, actor, type, data, head FROM journal
WHERE stream = :stream AND (stream_id, seq) > (:stream_id, :seq) ORDER BY stream_id, seq LIMIT :limit

-- name: journal_kind_after
SELECT MIN(stream) FROM journal WHERE stream > :kind

-- name: journal_last
SELECT id, stream, stream_id, seq, at, actor, type, data, head FROM journal ORDER BY id DESC LIMIT :limit

-- name: journal_head_at
SELECT head FROM journal WHERE stream = :stream AND stream_id = :stream_id AND seq = :seq

-- name: stream_scan
SELECT id, seq, head FROM stream WHERE kind = :kind AND id > :id ORDER BY id LIMIT :limit

-- name: stream_kind_after
SELECT MIN(kind) FROM stream WHERE kind > :kind

-- name: deadline_set
INSERT INTO deadline (stream, stream_id, kind, ref, due) VALUES (:stream, :stream_id, :kind, :ref, :due)
ON CONFLICT (stream, stream_id, kind, ref) DO UPDATE SET due = excluded.due, tries = 0

-- name: deadline_cancel
DELETE FROM deadline WHERE stream = :stream AND stream_id = :stream_id AND kind = :kind AND ref = :ref

-- name: deadline_stands
SELECT 1 FROM deadline WHERE stream = :stream AND stream_id = :stream_id AND kind = :kind AND ref = :ref AND due = :due

-- name: deadline_due
SELECT d.stream, d.stream_id, d.kind, d.ref, d.due, d.tries
FROM deadline d /*pg JOIN stream s ON s.kind = d.stream AND s.id = d.stream_id */
WHERE d.due <= :now ORDER BY d.due, d.stream, d.stream_id, d.kind, d.ref LIMIT :limit /*pg FOR UPDATE OF s SKIP LOCKED */

-- name: streams_ahead
SELECT s.kind, s.id, s.seq, s.head, s.at FROM (
    SELECT stream, stream_id FROM deadline WHERE due <= :now ORDER BY due, stream, stream_id, kind, ref LIMIT :limit
) AS d JOIN stream s ON s.kind = d.stream AND s.id = d.stream_id /*pg FOR UPDATE OF s SKIP LOCKED */

-- name: deadline_next
SELECT MIN(due) FROM deadline

-- name: deadline_postpone
UPDATE deadline SET due = :due, tries = tries + 1
WHERE stream = :stream AND stream_id = :stream_id AND kind = :kind AND ref = :ref

-- name: outgoing_add
INSERT INTO outgoing (kind, stream, stream_id, recipient, channel, address, about, step, data, created_at, ready_at,
    expires_at, receipt, fair, lane)
VALUES (:kind, :stream, :stream_id, :recipient, :channel, :address, :about, :step, :data, :created_at, :ready_at,
    :expires_at, :receipt, :fair, :lane)

-- name: outgoing_next
SELECT MIN(ready_at) FROM outgoing WHERE ready_at IS NOT NULL

-- name: outgoing_waiting
SELECT COUNT(*) FROM outgoing WHERE ready_at IS NOT NULL

-- name: outgoing_shift
UPDATE outgoing SET ready_at = ready_at + :by, claimed_until = claimed_until + :by WHERE ready_at IS NOT NULL

-- name: outgoing_by_id
SELECT id, kind, stream, stream_id, recipient, channel, address, about, step, created_at, COALESCE(ready_at, 0),
    expires_at, receipt, attempts, data, state, shown_at, opened_at FROM outgoing WHERE id = :id

-- name: outgoing_carried
SELECT id, kind, stream, stream_id, recipient, channel, address, about, step, created_at, COALESCE(ready_at, 0),
    expires_at, receipt, attempts, data, state, shown_at, opened_at FROM outgoing WHERE bundle = :id

-- name: outgoing_seen
UPDATE outgoing SET state = :state, shown_at = COALESCE(shown_at, :now),
    opened_at = CASE WHEN :state = 'opened' THEN COALESCE(opened_at, :now) ELSE opened_at END
WHERE id = :id

-- name: idempotency_get
SELECT body, answer FROM idempotency WHERE actor = :actor AND route = :route AND key = :key AND at > :since

-- name: idempotency_add
INSERT INTO idempotency (actor, route, key, body, answer, at) VALUES (:actor, :route, :key, :body, :answer, :at)
ON CONFLICT (actor, route, key) DO UPDATE SET body = excluded.body, answer = excluded.answer, at = excluded.at

-- name: idempotency_forget
DELETE FROM idempotency WHERE at <= :before

-- name: heartbeat
INSERT INTO heartbeat (process, started_at, at) VALUES (:process, :at, :at)
ON CONFLICT (process) DO UPDATE SET at = excluded.at

-- name: heartbeat_gone
DELETE FROM heartbeat WHERE process = :process OR at < :before

-- name: heartbeat_newest
SELECT MAX(at) FROM heartbeat

-- name: meta_get
SELECT value FROM meta WHERE name = :name

-- name: meta_set
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value
