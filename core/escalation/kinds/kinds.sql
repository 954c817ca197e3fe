-- name: answer
SELECT person, at, note, due, question FROM answer WHERE escalation = :id

-- name: answer_save
INSERT INTO answer (escalation, person, at, note, due, question)
VALUES (:escalation, :by, :at, :note, :due, :question)
ON CONFLICT (escalation) DO UPDATE SET person = excluded.person, at = excluded.at, note = excluded.note,
    due = excluded.due, question = excluded.question

-- name: report
SELECT r.number, d.author, d.stage, d.next_update, r.approved, r.promised, r.soon_due, r.update_due
FROM report r JOIN report_draft d ON d.escalation = r.escalation AND d.number = r.number WHERE r.escalation = :id

-- name: report_save
INSERT INTO report (escalation, number, approved, promised, soon_due, update_due)
VALUES (:escalation, :number, :sent, :promised, :soon_due, :update_due)
ON CONFLICT (escalation) DO UPDATE SET number = excluded.number, approved = excluded.approved,
    promised = excluded.promised, soon_due = excluded.soon_due, update_due = excluded.update_due

-- name: draft_add
INSERT INTO report_draft (escalation, number, author, at, stage, what, since, affects, recovery, next_update)
VALUES (:escalation, :number, :author, :at, 'draft', :what, :since, :affects, :recovery, :next_update)

-- name: draft_stage
UPDATE report_draft SET stage = :stage WHERE escalation = :escalation AND number = :number

-- name: draft_approved
UPDATE report_draft SET approved_by = :by, approved_at = :at, nth = :nth
WHERE escalation = :escalation AND number = :number

-- name: stage
SELECT stage FROM report_draft WHERE escalation = :escalation AND number = :number

-- name: draft
SELECT what, since, affects, recovery, next_update FROM report_draft
WHERE escalation = :escalation AND number = :number

-- name: drafts
SELECT number, author, at, stage, what, since, affects, recovery, next_update, approved_by, approved_at, nth
FROM report_draft WHERE escalation = :escalation ORDER BY number

-- name: letter
SELECT d.what, d.since, d.affects, d.recovery, d.next_update, d.nth, x.customer_name, x.customer_email
FROM report_draft d JOIN escalation e ON e.id = d.escalation JOIN ticket_text x ON x.ticket = e.ticket
WHERE d.escalation = :escalation AND d.number = :number AND d.stage = 'leaving' AND e.state <> 'withdrawn'
    AND e.drill = 0 AND NOT EXISTS (
        SELECT 1 FROM report_draft n WHERE n.escalation = d.escalation AND n.number > d.number
            AND n.stage IN ('leaving', 'sent')
    )

-- name: customer_address
SELECT customer_email FROM ticket_text WHERE ticket = :ticket

-- name: note_text
SELECT text FROM note WHERE id = :id

-- name: become
UPDATE escalation SET kind = :kind WHERE id = :id
