-- name: counter
SELECT next FROM counter WHERE name = :counter

-- name: counter_save
INSERT INTO counter (name, next) VALUES (:counter, :next) ON CONFLICT (name) DO UPDATE SET next = excluded.next
