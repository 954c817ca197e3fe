-- Secret calendar addresses. Only hashes are stored.

-- name: feed_set
INSERT INTO calendar_feed (person, hash, at) VALUES (:person, :hash, :at)
ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, at = excluded.at

-- name: feed_end
DELETE FROM calendar_feed WHERE person = :person

-- name: feed_of
SELECT person FROM calendar_feed WHERE hash = :hash
