-- Which relations of main changed by which publication and have not been told elsewhere yet. What
-- is published already has to be told too.
CREATE TABLE outbox (
    publication BIGINT NOT NULL,
    name ${text} NOT NULL,
    PRIMARY KEY (publication, name)
);
INSERT INTO outbox (publication, name)
SELECT publication, name FROM entries
WHERE ref = 1 AND kind = 'relation' AND replaced = 9223372036854775807 AND value LIKE '{"table"%';
