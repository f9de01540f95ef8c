-- The number of the last change of alerts, and who looks for them. Whoever changes anything below
-- updates it first, so that such changes happen one after the other.
CREATE TABLE alert_desk (
    id INTEGER PRIMARY KEY,
    token BIGINT NOT NULL,
    holder ${text} NOT NULL,
    host ${text} NOT NULL,
    process BIGINT NOT NULL,
    process_start BIGINT NOT NULL,
    beats BIGINT NOT NULL,
    fence BIGINT NOT NULL
);
INSERT INTO alert_desk (id, token, holder, host, process, process_start, beats, fence)
    VALUES (1, 0, '', '', 0, 0, 0, 0);

CREATE TABLE alerts (
    id ${text} PRIMARY KEY,
    kind ${text} NOT NULL,
    subject ${text} NOT NULL,
    owner ${text},
    severity ${text} NOT NULL,
    since BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    resolved_at BIGINT,
    acked_by ${text},
    message ${text} NOT NULL,
    file ${text},
    line INTEGER NOT NULL,
    col INTEGER NOT NULL,
    blast ${text} NOT NULL,
    last_good ${text},
    path ${text} NOT NULL
);
CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX alerts_by_time ON alerts (opened_at, id);

CREATE TABLE alert_told (
    alert ${text} NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    channel ${text} NOT NULL,
    event ${text} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (alert, channel)
);

CREATE TABLE alert_notices (
    id ${text} PRIMARY KEY,
    channel ${text} NOT NULL,
    group_key ${text} NOT NULL,
    status ${text} NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    finished_at BIGINT,
    error ${text}
);
CREATE INDEX alert_notices_due ON alert_notices (due_at) WHERE status = 'waiting';
CREATE INDEX alert_notices_group ON alert_notices (channel, group_key, finished_at);
CREATE INDEX alert_notices_by_time ON alert_notices (status, created_at);

CREATE TABLE alert_entries (
    notice ${text} NOT NULL REFERENCES alert_notices (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    alert ${text} NOT NULL,
    event ${text} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (notice, position)
);

CREATE TABLE alert_silences (
    id ${text} PRIMARY KEY,
    kind ${text},
    subject ${text},
    owner ${text},
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    created_by ${text} NOT NULL,
    reason ${text} NOT NULL
);

CREATE TABLE alert_signals (
    kind ${text} NOT NULL,
    subject ${text} NOT NULL,
    since BIGINT NOT NULL,
    message ${text} NOT NULL,
    PRIMARY KEY (kind, subject)
);

CREATE TABLE alert_marks (
    name ${text} PRIMARY KEY,
    value BIGINT NOT NULL,
    at BIGINT NOT NULL
);
