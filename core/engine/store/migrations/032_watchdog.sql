-- The address outside that is called while all is well; a reference to the secret, as the desk file writes it.
ALTER TABLE settings ADD COLUMN watchdog TEXT;
