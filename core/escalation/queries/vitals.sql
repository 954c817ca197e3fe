-- name: open_by_state
SELECT state, COUNT(*) FROM escalation WHERE ended_at IS NULL AND drill = 0 GROUP BY state ORDER BY state
