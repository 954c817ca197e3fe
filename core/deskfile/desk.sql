-- name: open_tickets
SELECT team, COUNT(*) FROM ticket WHERE status <> 'done' GROUP BY team

-- name: devices_heard
SELECT id, COALESCE(last_success_at, created_at) FROM device
