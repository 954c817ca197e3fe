-- name: sign_ins_over
DELETE FROM sign_in WHERE expires_at <= :now

-- name: sign_ins_waiting
SELECT COUNT(*) FROM sign_in WHERE answered IS NULL

-- name: sign_in_add
INSERT INTO sign_in (secret, code, label, asked_at, expires_at) VALUES (:secret, :code, :label, :now, :expires_at)

-- name: sign_in_by_code
SELECT secret, label, asked_at, expires_at FROM sign_in WHERE code = :code AND answered IS NULL /*pg FOR UPDATE */

-- name: sign_in_asked
SELECT label, asked_at, expires_at FROM sign_in WHERE code = :code AND answered IS NULL

-- name: sign_in_state
SELECT answered, expires_at FROM sign_in WHERE secret = :secret

-- name: sign_in_answer
UPDATE sign_in SET answered = :answered WHERE secret = :secret AND answered IS NULL

-- name: terminal_add
INSERT INTO terminal (id, hash, label, registered_by, registered_at) VALUES (:id, :hash, :label, :by, :now)

-- name: terminal_by_hash
SELECT id, registered_by FROM terminal WHERE hash = :hash /*pg FOR UPDATE */

-- name: terminal_by_id
SELECT id, registered_by FROM terminal WHERE id = :id

-- name: terminals
SELECT id, label, registered_by, registered_at FROM terminal ORDER BY id DESC

-- name: terminal_remove
DELETE FROM terminal WHERE id = :id

-- name: terminal_tokens_end
DELETE FROM token WHERE terminal = :id

-- name: terminal_token_add
INSERT INTO token (id, hash, person, label, created_at, expires_at, terminal)
VALUES (:id, :hash, :person, :label, :now, :expires_at, :terminal)

-- name: pin_get
SELECT encoded, tries, tried_at FROM pin WHERE person = :person

-- name: pin_set
INSERT INTO pin (person, encoded, set_at) VALUES (:person, :encoded, :now)
ON CONFLICT (person) DO UPDATE SET encoded = excluded.encoded, set_at = excluded.set_at, tries = 0, tried_at = 0

-- name: pin_tried
UPDATE pin SET tries = tries + 1, tried_at = :now WHERE person = :person

-- name: pin_fitted
UPDATE pin SET tries = 0 WHERE person = :person
