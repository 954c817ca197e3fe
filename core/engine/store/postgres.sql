-- name: new_ids
INSERT INTO counter (name, next) VALUES (:counter, 1 + :count)
ON CONFLICT (name) DO UPDATE SET next = counter.next + :count
RETURNING next

-- name: identities
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND is_identity = 'YES' ORDER BY table_name
