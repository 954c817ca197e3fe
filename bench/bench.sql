-- name: stepped_more_than_once
SELECT stream_id FROM journal WHERE type = 'channel_tried' GROUP BY stream_id HAVING COUNT(*) > 2

-- name: steps
SELECT at, data FROM journal WHERE type = 'channel_tried'

-- name: deadlines_fill
INSERT INTO deadline (stream, stream_id, kind, ref, due)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT 'bench', i, 'bench', i, :now + (i * 7919) % 86400000 FROM n
