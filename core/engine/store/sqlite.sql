-- name: new_ids
INSERT INTO counter (name, next) VALUES (:counter, 1 + :count)
ON CONFLICT (name) DO UPDATE SET next = next + :count
RETURNING next
