-- States of refs from before this publication are forgotten, except where a ref was cut.
ALTER TABLE counters ADD COLUMN oldest BIGINT NOT NULL DEFAULT 0;
CREATE INDEX entries_replaced ON entries (replaced);
CREATE INDEX entries_by_publication ON entries (publication);
