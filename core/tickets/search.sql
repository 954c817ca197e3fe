-- The search index. Where the two stores differ, a block has a second text named `postgres_…`.

-- name: state
SELECT place, below FROM search_state WHERE id = 1

-- name: state_set
UPDATE search_state SET place = :place, below = :below
WHERE id = 1 AND place = :was_place AND COALESCE(below, -1) = COALESCE(CAST(:was_below AS BIGINT), -1)

-- name: state_anew
UPDATE search_state SET place = :place, below = :below WHERE id = 1

-- name: newest_ticket
SELECT COALESCE(MAX(number), 0) FROM ticket

-- name: older_tickets
SELECT number FROM ticket WHERE number < :below ORDER BY number DESC LIMIT :limit

-- name: news
SELECT id, stream, stream_id, type, data /*pg , xid */ FROM journal
WHERE (/*pg xid, */ id) > (/*pg CAST(:xid AS bigint), */ :after)
    /*pg AND xid < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) */
ORDER BY /*pg xid, */ id LIMIT :limit

-- name: indexed
SELECT shown, personal FROM search_text WHERE ticket = :ticket

-- name: indexed_add
INSERT INTO search_text (ticket, shown, personal) VALUES (:ticket, :shown, :personal)

-- name: indexed_drop
DELETE FROM search_text WHERE ticket = :ticket

-- name: indexed_clear
DELETE FROM search_text

-- name: grams_add
INSERT INTO search_grams (rowid, grams) VALUES (:ticket, :grams)

-- name: grams_drop
INSERT INTO search_grams (search_grams, rowid, grams) VALUES ('delete', :ticket, :grams)

-- name: grams_clear
INSERT INTO search_grams (search_grams) VALUES ('delete-all')

-- name: postgres_grams_add
UPDATE search_text SET grams = array_to_tsvector(string_to_array(:grams, ' ')) WHERE ticket = :ticket

-- name: postgres_grams_drop
UPDATE search_text SET grams = NULL WHERE ticket = :ticket

-- name: postgres_grams_clear
UPDATE search_text SET grams = NULL

-- name: notes_text
SELECT text FROM note WHERE ticket = :number ORDER BY id

-- name: candidates
SELECT i.ticket, i.shown, i.personal FROM search_grams s JOIN search_text i ON i.ticket = s.rowid
WHERE s.search_grams MATCH :fts AND s.rowid < :before ORDER BY s.rowid DESC LIMIT :limit

-- name: postgres_candidates
SELECT ticket, shown, personal FROM search_text
WHERE grams @@ CAST(:tsquery AS tsquery) AND ticket < :before ORDER BY ticket DESC LIMIT :limit
