-- name: held
SELECT number FROM ticket WHERE holder = :holder AND status <> 'done' ORDER BY number

-- name: holds_any
SELECT 1 FROM ticket WHERE holder = :holder AND status <> 'done' LIMIT 1

-- name: add
INSERT INTO handover (id, holder, recipient, made_by, at, notes) VALUES (:id, :holder, :to, :by, :at, :notes)

-- name: add_ticket
INSERT INTO handover_ticket (handover, ticket) VALUES (:handover, :ticket)

-- name: load
SELECT id, holder, recipient, made_by, at, notes FROM handover WHERE id = :id

-- name: tickets
SELECT ticket FROM handover_ticket WHERE handover = :id ORDER BY ticket

-- name: newest_of
SELECT id FROM handover WHERE made_by = :by AND recipient = :to AND holder = :holder ORDER BY id DESC LIMIT 1

-- name: to
SELECT id FROM handover WHERE recipient = :me ORDER BY id DESC LIMIT 50

-- name: made_by
SELECT id FROM handover WHERE made_by = :me ORDER BY id DESC LIMIT 50

-- name: subject
SELECT subject FROM ticket_text WHERE ticket = :number
