-- One row: the last numbers given out. Whoever changes refs or entries updates it first, so that
-- such changes happen one after the other and publications become visible in the order of their ids.
CREATE TABLE counters (
    id INTEGER PRIMARY KEY,
    publication BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    ref BIGINT NOT NULL
);
INSERT INTO counters (id, publication, published_at, ref) VALUES (1, 0, ${now}, 1);

-- A ref is its parent as of cut_at, and its own entries. Times are nanoseconds since 1970.
CREATE TABLE refs (
    id BIGINT PRIMARY KEY,
    name ${text} NOT NULL UNIQUE,
    kind ${text} NOT NULL,
    parent BIGINT REFERENCES refs (id),
    cut_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX refs_by_parent ON refs (parent);
INSERT INTO refs (id, name, kind, parent, cut_at, created_at)
VALUES (1, 'main', 'branch', NULL, 0, ${now});

CREATE TABLE publications (
    id BIGINT PRIMARY KEY,
    ref BIGINT NOT NULL REFERENCES refs (id),
    run ${text},
    published_at BIGINT NOT NULL,
    message ${text} NOT NULL,
    changes INTEGER NOT NULL
);
CREATE INDEX publications_by_ref ON publications (ref, id);
CREATE INDEX publications_by_time ON publications (ref, published_at);

-- One version of one entry on one ref; value is NULL when the publication dropped it. The version
-- holds from its publication to the one before replaced, the largest number when there is no newer.
CREATE TABLE entries (
    ref BIGINT NOT NULL REFERENCES refs (id),
    kind ${text} NOT NULL,
    name ${text} NOT NULL,
    publication BIGINT NOT NULL,
    replaced BIGINT NOT NULL,
    value ${text},
    PRIMARY KEY (ref, kind, name, publication)
);
CREATE INDEX entries_in_force ON entries (ref, kind, replaced);

CREATE TABLE runs (
    id ${text} PRIMARY KEY,
    project ${text} NOT NULL,
    command ${text} NOT NULL,
    target ${text} NOT NULL,
    pinned BIGINT NOT NULL,
    status ${text} NOT NULL,
    started_at BIGINT NOT NULL,
    heartbeat BIGINT NOT NULL,
    finished_at BIGINT,
    publication BIGINT,
    retry_of ${text},
    error ${text}
);
CREATE INDEX runs_by_start ON runs (started_at);
CREATE INDEX runs_by_status ON runs (status, heartbeat);

CREATE TABLE tasks (
    run ${text} NOT NULL REFERENCES runs (id),
    node ${text} NOT NULL,
    attempt INTEGER NOT NULL,
    status ${text} NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    row_count BIGINT NOT NULL,
    byte_count BIGINT NOT NULL,
    message ${text},
    PRIMARY KEY (run, node, attempt)
);

CREATE TABLE verdicts (
    run ${text} NOT NULL REFERENCES runs (id),
    check_name ${text} NOT NULL,
    subject ${text} NOT NULL,
    outcome ${text} NOT NULL,
    failures BIGINT NOT NULL,
    failed_rows ${text},
    PRIMARY KEY (run, check_name, subject)
);

CREATE TABLE lineage (
    run ${text} NOT NULL REFERENCES runs (id),
    from_name ${text} NOT NULL,
    from_column ${text} NOT NULL,
    to_name ${text} NOT NULL,
    to_column ${text} NOT NULL,
    PRIMARY KEY (run, to_name, to_column, from_name, from_column)
);
