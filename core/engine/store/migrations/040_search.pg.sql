-- PostgreSQL keeps the grams of a text beside it.
ALTER TABLE search_text ADD COLUMN grams tsvector;
CREATE INDEX search_text_grams ON search_text USING gin (grams);
