-- name: fault_told
SELECT told_at, untold FROM fault WHERE what = :what AND once = :once /*pg FOR UPDATE */

-- name: fault_more
UPDATE fault SET untold = untold + 1, stream = :stream, stream_id = :stream_id WHERE what = :what AND once = :once

-- name: fault_tell
INSERT INTO fault (what, once, stream, stream_id, told_at, untold) VALUES (:what, :once, :stream, :stream_id, :at, 0)
ON CONFLICT (what, once) DO UPDATE SET stream = excluded.stream, stream_id = excluded.stream_id,
    told_at = excluded.told_at, untold = 0

-- name: fault_untold
SELECT what, once, stream, stream_id, untold FROM fault
WHERE untold > 0 AND (told_at <= :before OR told_at > :after) ORDER BY what, once
