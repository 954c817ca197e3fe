-- name: load
SELECT number, team, status, category, severity, source, created_at, updated_at, version, created_by, holder,
    holder_since, last_holder, restricted, wait_for, wait_team, wake_at, offer_to, offer_by, offer_at
FROM ticket WHERE number = :number

-- name: insert
INSERT INTO ticket (number, team, status, category, severity, source, created_at, updated_at, version, created_by,
    personal_data)
VALUES (:number, :team, :status, :category, :severity, :source, :created_at, :updated_at, :version, :created_by,
    :personal_data)

-- name: save
UPDATE ticket SET status = :status, category = :category, severity = :severity, updated_at = :updated_at,
    version = :version, holder = :holder, holder_since = :holder_since, last_holder = :last_holder,
    restricted = :restricted, wait_for = :wait_for, wait_team = :wait_team, wake_at = :wake_at, offer_to = :offer_to,
    offer_by = :offer_by, offer_at = :offer_at
WHERE number = :number

-- name: save_hands
UPDATE ticket SET updated_at = :updated_at, version = :version, holder = :holder, holder_since = :holder_since,
    last_holder = :last_holder
WHERE number = :number

-- name: save_personal
UPDATE ticket SET personal_data = :personal_data WHERE number = :number

-- name: parties
SELECT person FROM ticket_party WHERE ticket = :number

-- name: involve
INSERT INTO ticket_party (ticket, person) VALUES (:ticket, :person) ON CONFLICT (ticket, person) DO NOTHING

-- name: sight
SELECT kind, id FROM ticket_sight WHERE ticket = :number

-- name: sight_add
INSERT INTO ticket_sight (ticket, kind, id) VALUES (:ticket, :kind, :id) ON CONFLICT (ticket, kind, id) DO NOTHING

-- name: sight_clear
DELETE FROM ticket_sight WHERE ticket = :number

-- name: text_add
INSERT INTO ticket_text (ticket, subject, body, customer_name, customer_email, customer_phone)
VALUES (:ticket, :subject, :body, :name, :email, :phone)

-- name: text
SELECT subject, body, customer_name, customer_email, customer_phone FROM ticket_text WHERE ticket = :number

-- name: text_subject
UPDATE ticket_text SET subject = :subject WHERE ticket = :number

-- name: text_customer
UPDATE ticket_text SET customer_name = :name, customer_email = :email, customer_phone = :phone WHERE ticket = :number

-- name: tags
SELECT tag FROM ticket_tag WHERE ticket = :number ORDER BY tag

-- name: tag_add
INSERT INTO ticket_tag (ticket, tag) VALUES (:ticket, :tag) ON CONFLICT (ticket, tag) DO NOTHING

-- name: tags_clear
DELETE FROM ticket_tag WHERE ticket = :number

-- name: ledger_begin
INSERT INTO ledger (ticket, seq, holder, since) VALUES (:ticket, :seq, :holder, :since)

-- name: ledger_end
UPDATE ledger SET until = :until WHERE ticket = :ticket AND until IS NULL

-- name: ledger
SELECT seq, holder, since, until FROM ledger WHERE ticket = :number ORDER BY seq

-- name: note_add
INSERT INTO note (id, ticket, kind, author, at, text) VALUES (:id, :ticket, :kind, :author, :at, :text)

-- name: notes
SELECT id, text FROM note WHERE ticket = :number


-- name: personal_data
SELECT personal_data FROM ticket WHERE number = :number

-- name: tickets_ahead
SELECT number, team, status, category, severity, source, created_at, updated_at, version, created_by, holder,
    holder_since, last_holder, restricted, wait_for, wait_team, wake_at, offer_to, offer_by, offer_at
FROM (
    SELECT stream, stream_id, kind, ref FROM deadline WHERE due <= :now
    ORDER BY due, stream, stream_id, kind, ref LIMIT :limit
) AS d JOIN ticket t ON t.number = d.stream_id WHERE d.stream = 'ticket'

-- name: parties_ahead
SELECT p.ticket, p.person
FROM (
    SELECT stream, stream_id, kind, ref FROM deadline WHERE due <= :now
    ORDER BY due, stream, stream_id, kind, ref LIMIT :limit
) AS d JOIN ticket_party p ON p.ticket = d.stream_id WHERE d.stream = 'ticket'
