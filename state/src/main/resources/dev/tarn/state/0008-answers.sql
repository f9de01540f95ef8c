-- Answers to requests that may be sent again; the body is packed.
CREATE TABLE kept_answers (
    name ${text} PRIMARY KEY,
    request ${text} NOT NULL,
    status BIGINT NOT NULL,
    headers ${text} NOT NULL,
    body ${text} NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX kept_answers_by_time ON kept_answers (expires);
