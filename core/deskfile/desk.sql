-- name: open_tickets
SELECT team, COUNT(*) FROM ticket WHERE status <> 'done' GROUP BY team
