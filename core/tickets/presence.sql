-- name: show
INSERT INTO presence (ticket, person, doing, since, until) VALUES (:ticket, :person, :doing, :now, :until)
ON CONFLICT (ticket, person) DO UPDATE SET until = excluded.until, doing = excluded.doing,
    since = CASE WHEN presence.doing = excluded.doing AND presence.until > :now THEN presence.since ELSE :now END

-- name: forget
DELETE FROM presence WHERE until <= :now

-- name: on_ticket
SELECT person, doing, since FROM presence WHERE ticket = :ticket AND until > :now ORDER BY since, person

-- name: on_all
SELECT ticket, person, doing, since FROM presence WHERE until > :now ORDER BY since, person
