-- Outgoing notices: whose turn it is, who has claimed them, how far they came.

-- name: channel_after
SELECT MIN(channel) FROM outgoing WHERE ready_at IS NOT NULL AND channel > :channel

-- name: lanes
WITH RECURSIVE road (lane) AS (
    SELECT MIN(lane) FROM outgoing WHERE channel = :channel AND ready_at IS NOT NULL
    UNION ALL
    SELECT (SELECT MIN(o.lane) FROM outgoing o WHERE o.channel = :channel AND o.ready_at IS NOT NULL
        AND o.lane > road.lane)
    FROM road WHERE road.lane IS NOT NULL
)
SELECT lane FROM road WHERE lane IS NOT NULL

-- name: lines
WITH RECURSIVE line (fair) AS (
    SELECT MIN(fair) FROM outgoing WHERE channel = :channel AND lane = :lane AND ready_at IS NOT NULL
    UNION ALL
    SELECT (SELECT MIN(o.fair) FROM outgoing o WHERE o.channel = :channel AND o.lane = :lane
        AND o.ready_at IS NOT NULL AND o.fair > line.fair)
    FROM line WHERE line.fair IS NOT NULL
)
SELECT fair FROM line WHERE fair IS NOT NULL

-- name: recipients
WITH RECURSIVE person (id) AS (
    SELECT MIN(recipient) FROM outgoing WHERE channel = :channel AND lane = :lane AND fair = :fair
        AND ready_at IS NOT NULL
    UNION ALL
    SELECT (SELECT MIN(o.recipient) FROM outgoing o WHERE o.channel = :channel AND o.lane = :lane
        AND o.fair = :fair AND o.ready_at IS NOT NULL AND o.recipient > person.id)
    FROM person WHERE person.id IS NOT NULL
)
SELECT id FROM person WHERE id IS NOT NULL

-- name: ready
SELECT id, kind, stream, stream_id, recipient, channel, address, about, step, created_at, ready_at, expires_at, receipt,
    attempts, data
FROM outgoing WHERE channel = :channel AND lane = :lane AND fair = :fair AND recipient = :recipient
    AND ready_at IS NOT NULL AND ready_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
ORDER BY ready_at, id LIMIT :limit /*pg FOR UPDATE SKIP LOCKED */

-- name: claim
UPDATE outgoing SET claimed_by = :process, claimed_until = :until, tried_at = COALESCE(tried_at, :now), bundle = :bundle
WHERE id = :id

-- name: hold
UPDATE outgoing SET ready_at = :until, claimed_by = NULL, claimed_until = NULL, tried_at = NULL
WHERE id = :id AND ready_at IS NOT NULL

-- name: of_matter
SELECT id, kind, stream, stream_id, recipient, channel, address, about, step, created_at, ready_at, expires_at, receipt,
    attempts, data
FROM outgoing WHERE stream = :stream AND stream_id = :stream_id AND kind = :kind AND recipient = :recipient
    AND channel = :channel AND address = :address AND ready_at IS NOT NULL AND (data = :matter OR data LIKE :of)
ORDER BY id

-- name: done
UPDATE outgoing SET ready_at = NULL, claimed_by = NULL, claimed_until = NULL, attempts = attempts + 1,
    state = CASE WHEN opened_at IS NOT NULL OR shown_at IS NOT NULL THEN state ELSE :state END, reason = :reason,
    sent_at = CASE WHEN :state = 'sent' THEN :now ELSE sent_at END
WHERE id = :id AND ready_at IS NOT NULL

-- name: retry
UPDATE outgoing SET ready_at = :ready_at, claimed_by = NULL, claimed_until = NULL, attempts = attempts + 1,
    reason = :reason, bundle = NULL
WHERE id = :id AND ready_at IS NOT NULL AND claimed_by = :process

