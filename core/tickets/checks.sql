-- name: two_holders
SELECT ticket, seq FROM (
    SELECT ticket, seq, until, LEAD(since) OVER (PARTITION BY ticket ORDER BY seq) AS next_since FROM ledger
) AS rows_of WHERE next_since IS NOT NULL AND (until IS NULL OR until > next_since) ORDER BY ticket, seq LIMIT :limit

-- name: other_holder
SELECT t.number, COALESCE(l.seq, 0) FROM ticket t LEFT JOIN ledger l ON l.ticket = t.number AND l.until IS NULL
WHERE COALESCE(t.holder, '') <> COALESCE(l.holder, '') ORDER BY t.number LIMIT :limit
