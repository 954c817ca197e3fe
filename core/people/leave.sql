-- Leave and home days. What ended long ago is forgotten here; the journal keeps that it was.

-- name: leaves
SELECT id, person, since, until FROM leave_time ORDER BY id

-- name: leave
SELECT id, person, since, until FROM leave_time WHERE id = :id

-- name: leave_add
INSERT INTO leave_time (id, person, since, until) VALUES (:id, :person, :since, :until)

-- name: leave_end
UPDATE leave_time SET until = :until WHERE id = :id

-- name: leave_remove
DELETE FROM leave_time WHERE id = :id

-- name: leaves_end
DELETE FROM leave_time WHERE person = :person

-- name: leaves_forget
DELETE FROM leave_time WHERE until < :before

-- name: home_days
SELECT person, day FROM home_day ORDER BY person, day

-- name: home_day_add
INSERT INTO home_day (person, day) VALUES (:person, :day)

-- name: home_day_remove
DELETE FROM home_day WHERE person = :person AND day = :day

-- name: home_days_end
DELETE FROM home_day WHERE person = :person

-- name: home_days_forget
DELETE FROM home_day WHERE day < :before
