-- name: policy_version
SELECT document FROM policy_version WHERE id = :id AND version = :version

-- name: policies
SELECT version.document, policy.review_by, policy.owner FROM policy JOIN policy_version AS version USING (id, version)
ORDER BY policy.id

-- name: policy_last
SELECT document FROM policy_version WHERE id = :id ORDER BY version DESC LIMIT 1

-- name: policies_clear
DELETE FROM policy

-- name: policy_in_force
INSERT INTO policy (id, version, review_by, owner) VALUES (:id, :version, :review_by, :owner)

-- name: policy_version_add
INSERT INTO policy_version (id, version, document, at) VALUES (:id, :version, :document, :at)

-- name: rules
SELECT id, conditions, kind, policy, level, says, guidance, review_by, owner FROM rule ORDER BY position

-- name: rules_clear
DELETE FROM rule

-- name: rule_add
INSERT INTO rule (position, id, conditions, kind, policy, level, says, guidance, review_by, owner)
VALUES (:position, :id, :conditions, :kind, :policy, :level, :says, :guidance, :review_by, :owner)

-- name: reviews_told
SELECT kind, id, day FROM review_told

-- name: review_tell
INSERT INTO review_told (kind, id, day) VALUES (:kind, :id, :day)
ON CONFLICT (kind, id) DO UPDATE SET day = excluded.day
