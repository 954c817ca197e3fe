-- name: outgoing_oldest
SELECT channel, COUNT(*), MIN(ready_at), MIN(CASE WHEN claimed_until IS NULL OR claimed_until <= :now THEN ready_at END)
FROM outgoing WHERE ready_at IS NOT NULL GROUP BY channel ORDER BY channel

-- name: migrations_done
SELECT COUNT(*), MAX(number) FROM migration
