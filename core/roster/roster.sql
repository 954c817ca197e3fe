-- name: rotas
SELECT id, on_holidays, replaces, mode FROM rota ORDER BY id

-- name: shifts
SELECT rota, days, begins, ends, people, place FROM rota_shift ORDER BY rota, position

-- name: rotations
SELECT rota, people, every, handover, starts FROM rota_rotation

-- name: rotas_clear
DELETE FROM rota

-- name: shifts_clear
DELETE FROM rota_shift

-- name: rotations_clear
DELETE FROM rota_rotation

-- name: rota_add
INSERT INTO rota (id, on_holidays, replaces, mode) VALUES (:id, :on_holidays, :replaces, :mode)

-- name: shift_add
INSERT INTO rota_shift (rota, position, days, begins, ends, people, place)
VALUES (:rota, :position, :days, :begins, :ends, :people, :place)

-- name: rotation_add
INSERT INTO rota_rotation (rota, people, every, handover, starts) VALUES (:rota, :people, :every, :handover, :starts)
