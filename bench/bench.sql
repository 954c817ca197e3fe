-- name: stepped_more_than_once
SELECT stream_id FROM journal WHERE type = 'channel_tried' GROUP BY stream_id HAVING COUNT(*) > 2
