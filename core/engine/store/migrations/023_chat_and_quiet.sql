-- Where a person is in chat, and when they want no information.
ALTER TABLE person ADD COLUMN chat TEXT;
ALTER TABLE person ADD COLUMN quiet TEXT;
ALTER TABLE settings ADD COLUMN quiet TEXT;
