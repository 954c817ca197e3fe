-- The directory: settings, levels, teams, persons, devices. Every change of it writes a new revision.

-- name: revision
SELECT revision FROM directory WHERE id = 1

-- name: revision_set
UPDATE directory SET revision = :revision WHERE id = 1 /*alone*/

-- name: settings
SELECT name, timezone, language, holidays, hours, mode, quiet, watchdog FROM settings WHERE id = 1

-- name: settings_save
INSERT INTO settings (id, name, timezone, language, holidays, hours, mode, quiet, watchdog)
VALUES (1, :name, :timezone, :language, :holidays, :hours, 'normal', :quiet, :watchdog)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, timezone = excluded.timezone, language = excluded.language,
    holidays = excluded.holidays, hours = excluded.hours, quiet = excluded.quiet, watchdog = excluded.watchdog

-- name: channels
SELECT id, kind, url, password, sender FROM channel ORDER BY id

-- name: channels_clear
DELETE FROM channel

-- name: channel_add
INSERT INTO channel (id, kind, url, password, sender) VALUES (:id, :kind, :url, :password, :sender)

-- name: levels
SELECT number, names FROM level ORDER BY number

-- name: levels_clear
DELETE FROM level

-- name: level_add
INSERT INTO level (number, names) VALUES (:number, :names)

-- name: teams
SELECT id, name, parent, default_policy FROM team ORDER BY id

-- name: teams_clear
DELETE FROM team

-- name: team_add
INSERT INTO team (id, name, parent, default_policy) VALUES (:id, :name, :parent, :default_policy)

-- name: persons
SELECT id, name, level, teams, roles, language, email, phone, place, clearance, certificates, active, installed, chat,
    quiet
FROM person ORDER BY id

-- name: person_states
SELECT id, active, installed FROM person

-- name: person_number
SELECT number FROM person WHERE id = :person

-- name: person_by_number
SELECT id FROM person WHERE number = :number

-- name: person_add
INSERT INTO person (id, number, name, level, teams, roles, language, email, phone, place, clearance, certificates,
    active, installed, chat, quiet)
VALUES (:id, :number, :name, :level, :teams, :roles, :language, :email, :phone, :place, :clearance, :certificates,
    1, :installed, :chat, :quiet)

-- name: person_save
UPDATE person SET name = :name, level = :level, teams = :teams, roles = :roles, language = :language,
    email = :email, phone = :phone, place = :place, clearance = :clearance, certificates = :certificates, active = 1,
    chat = :chat, quiet = :quiet
WHERE id = :id

-- name: person_end
UPDATE person SET active = 0 WHERE id = :person

-- name: person_language
UPDATE person SET language = :language WHERE id = :person

-- name: devices
SELECT id, person, name, endpoint, p256dh, auth, platform, sends_receipts, created_at FROM device ORDER BY id

-- name: device_by_endpoint
SELECT id, person, name, endpoint, p256dh, auth, platform, sends_receipts, created_at FROM device
WHERE endpoint = :endpoint

-- name: device_by_id
SELECT id, person, name, endpoint, p256dh, auth, platform, sends_receipts, created_at FROM device WHERE id = :id

-- name: devices_shown
SELECT id, name, platform, created_at, last_success_at, sends_receipts FROM device WHERE person = :person
ORDER BY id DESC

-- name: device_save
INSERT INTO device (id, person, name, endpoint, p256dh, auth, platform, sends_receipts, created_at)
VALUES (:id, :person, :name, :endpoint, :p256dh, :auth, :platform, :sends_receipts, :created_at)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, p256dh = excluded.p256dh, auth = excluded.auth,
    platform = excluded.platform

-- name: device_remove
DELETE FROM device WHERE id = :id

-- name: devices_end
DELETE FROM device WHERE person = :person

-- name: device_receipts
UPDATE device SET sends_receipts = 1 WHERE id = :id AND sends_receipts = 0

-- name: device_success
UPDATE device SET last_success_at = :at WHERE id = :id AND (last_success_at IS NULL OR last_success_at < :at)
