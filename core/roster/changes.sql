-- Overrides, temporary plans, shifts offered, hand-overs. What was called off before it began holds for nothing; what
-- ended long ago is forgotten here, and the journal keeps that it was.

-- name: overrides
SELECT id, rota, since, COALESCE(ended_at, until), adds, removes, place FROM roster_override
WHERE ended_at IS NULL OR ended_at > since ORDER BY id

-- name: override
SELECT id, rota, since, until, adds, removes, place, made_by, ended_at FROM roster_override WHERE id = :id

-- name: override_add
INSERT INTO roster_override (id, rota, since, until, adds, removes, place, made_by)
VALUES (:id, :rota, :since, :until, :adds, :removes, :place, :made_by)

-- name: override_end
UPDATE roster_override SET ended_at = :now WHERE id = :id

-- name: overrides_forget
DELETE FROM roster_override WHERE until < :before

-- name: rota_overrides_end
UPDATE roster_override SET ended_at = CASE WHEN since > :now THEN since ELSE :now END
WHERE rota = :rota AND ended_at IS NULL AND until > :now

-- name: plans
SELECT id, rota, name, since, COALESCE(ended_at, until), shifts FROM roster_plan
WHERE ended_at IS NULL OR ended_at > since ORDER BY id

-- name: plan
SELECT id, rota, name, since, until, shifts, made_by, ended_at FROM roster_plan WHERE id = :id

-- name: plan_add
INSERT INTO roster_plan (id, rota, name, since, until, shifts, made_by)
VALUES (:id, :rota, :name, :since, :until, :shifts, :made_by)

-- name: plan_end
UPDATE roster_plan SET ended_at = :now WHERE id = :id

-- name: plans_forget
DELETE FROM roster_plan WHERE until < :before

-- name: rota_plans_end
UPDATE roster_plan SET ended_at = CASE WHEN since > :now THEN since ELSE :now END
WHERE rota = :rota AND ended_at IS NULL AND until > :now

-- name: ahead
SELECT rota, places FROM rota_ahead

-- name: rota_ahead_set
INSERT INTO rota_ahead (rota, places) VALUES (:rota, :places) ON CONFLICT (rota) DO UPDATE SET places = excluded.places

-- name: rota_ahead_clear
DELETE FROM rota_ahead WHERE rota = :rota

-- name: swap
SELECT id, rota, giver, taker, since, until, state FROM roster_swap WHERE id = :id

-- name: swap_add
INSERT INTO roster_swap (id, rota, giver, taker, since, until, state, made_at)
VALUES (:id, :rota, :giver, :taker, :since, :until, 'offered', :made_at)

-- name: swap_end
UPDATE roster_swap SET state = :state WHERE id = :id

-- name: swaps_open
SELECT id, rota, giver, taker, since, until, state FROM roster_swap
WHERE giver = :person AND state = 'offered' AND until > :now
UNION ALL
SELECT id, rota, giver, taker, since, until, state FROM roster_swap
WHERE taker = :person AND state = 'offered' AND until > :now
ORDER BY 5, 1

-- name: swaps_forget
DELETE FROM roster_swap WHERE until < :before

-- name: rota_swaps_end
UPDATE roster_swap SET state = 'over' WHERE rota = :rota AND state = 'offered' AND until > :now

-- name: rota_known
SELECT 1 FROM rota WHERE id = :rota

-- name: watch
SELECT number, people FROM rota_watch WHERE rota = :rota

-- name: watched
SELECT rota, people FROM rota_watch WHERE number = :number

-- name: watch_add
INSERT INTO rota_watch (rota, number, people) VALUES (:rota, :number, :people) ON CONFLICT (rota) DO NOTHING

-- name: watch_save
UPDATE rota_watch SET people = :people WHERE rota = :rota

-- name: newer_notice
SELECT 1 FROM outgoing WHERE stream = 'rota' AND stream_id = :number AND kind = 'duty' AND recipient = :recipient
    AND channel = :channel AND address = :address AND id > :id LIMIT 1

-- name: unwatched
SELECT w.number FROM rota r JOIN rota_watch w ON w.rota = r.id WHERE r.replaces IS NULL AND NOT EXISTS (
    SELECT 1 FROM deadline d WHERE d.stream = 'rota' AND d.stream_id = w.number AND d.kind = 'duty'
) ORDER BY w.number LIMIT :limit
