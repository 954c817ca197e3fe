-- Sessions, tokens, invites, passwords. Only hashes are stored.

-- name: session_add
INSERT INTO session (id, hash, person, label, created_at, seen_at) VALUES (:id, :hash, :person, :label, :now, :now)

-- name: session_get
SELECT id, person, created_at, seen_at FROM session WHERE hash = :hash

-- name: session_owner
SELECT id, person FROM session WHERE id = :id

-- name: session_touch
UPDATE session SET seen_at = :now WHERE hash = :hash AND seen_at < :now

-- name: session_close
DELETE FROM session WHERE id = :id

-- name: sessions_shown
SELECT id, 'session', label, created_at, seen_at, 0 FROM session WHERE person = :person
UNION ALL
SELECT id, 'token', label, created_at, seen_at, expires_at FROM token WHERE person = :person
ORDER BY 1 DESC

-- name: sessions_spent
DELETE FROM session WHERE person = :person AND (seen_at <= :idle_before OR created_at <= :made_before)

-- name: sessions_close
DELETE FROM session WHERE person = :person AND hash <> :keep

-- name: token_add
INSERT INTO token (id, hash, person, label, created_at, expires_at)
VALUES (:id, :hash, :person, :label, :now, :expires_at)

-- name: token_get
SELECT id, person, expires_at, seen_at FROM token WHERE hash = :hash

-- name: token_owner
SELECT person FROM token WHERE id = :id

-- name: token_touch
UPDATE token SET seen_at = :now WHERE hash = :hash AND (seen_at IS NULL OR seen_at < :now)

-- name: token_revoke
DELETE FROM token WHERE id = :id

-- name: tokens_spent
DELETE FROM token WHERE person = :person AND expires_at <= :now

-- name: tokens_end
DELETE FROM token WHERE person = :person

-- name: invite_add
INSERT INTO invite (hash, person, expires_at) VALUES (:hash, :person, :expires_at)

-- name: invite_get
SELECT person, expires_at FROM invite WHERE hash = :hash

-- name: invites_spend
DELETE FROM invite WHERE person = :person

-- name: password_get
SELECT encoded FROM password WHERE person = :person

-- name: password_set
INSERT INTO password (person, encoded, set_at) VALUES (:person, :encoded, :now)
ON CONFLICT (person) DO UPDATE SET encoded = excluded.encoded, set_at = excluded.set_at

-- name: password_end
DELETE FROM password WHERE person = :person

-- name: pin_end
DELETE FROM pin WHERE person = :person
