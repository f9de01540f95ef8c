-- The number of the last change of jobs. Whoever changes anything below updates it first, so that
-- such changes happen one after the other.
CREATE TABLE job_counter (
    id INTEGER PRIMARY KEY,
    token BIGINT NOT NULL
);
INSERT INTO job_counter (id, token) VALUES (1, 0);

CREATE TABLE job_servers (
    id ${text} PRIMARY KEY,
    host ${text} NOT NULL,
    process BIGINT NOT NULL,
    process_start BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    beat_at BIGINT NOT NULL,
    beats BIGINT NOT NULL,
    lost INTEGER NOT NULL
);

CREATE TABLE job_states (
    job ${text} PRIMARY KEY,
    paused_by ${text},
    handled BIGINT,
    seen ${text} NOT NULL
);

CREATE TABLE job_definitions (
    fingerprint ${text} PRIMARY KEY,
    job ${text} NOT NULL,
    file ${text} NOT NULL,
    content ${text} NOT NULL
);

CREATE TABLE job_runs (
    id ${text} PRIMARY KEY,
    job ${text} NOT NULL,
    definition ${text} NOT NULL,
    run_key ${text} NOT NULL,
    cause ${text} NOT NULL,
    started_by ${text} NOT NULL,
    interval_start BIGINT NOT NULL,
    interval_end BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    timeout_at BIGINT,
    deadline_at BIGINT,
    late INTEGER NOT NULL,
    status ${text} NOT NULL,
    params ${text} NOT NULL,
    backfill ${text},
    message ${text}
);
CREATE UNIQUE INDEX job_runs_by_key ON job_runs (job, run_key);
CREATE INDEX job_runs_by_time ON job_runs (created_at, id);
CREATE INDEX job_runs_of_job ON job_runs (job, created_at, id);
CREATE INDEX job_runs_open ON job_runs (job, status) WHERE finished_at IS NULL;
CREATE INDEX job_runs_timeout ON job_runs (timeout_at) WHERE timeout_at IS NOT NULL;
CREATE INDEX job_runs_deadline ON job_runs (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX job_runs_of_backfill ON job_runs (backfill) WHERE backfill IS NOT NULL;
CREATE INDEX job_runs_ended ON job_runs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE job_tasks (
    run ${text} NOT NULL REFERENCES job_runs (id) ON DELETE CASCADE,
    task ${text} NOT NULL,
    job ${text} NOT NULL,
    kind ${text} NOT NULL,
    status ${text} NOT NULL,
    attempt INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    losses INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    pool ${text},
    not_before BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    server ${text},
    work ${text},
    cancel INTEGER NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    code ${text},
    message ${text},
    output ${text} NOT NULL,
    PRIMARY KEY (run, task)
);
CREATE INDEX job_tasks_ready ON job_tasks (not_before) WHERE status = 'READY';
CREATE INDEX job_tasks_running ON job_tasks (server) WHERE status = 'RUNNING';
CREATE INDEX job_tasks_work ON job_tasks (work) WHERE work IS NOT NULL;

CREATE TABLE job_attempts (
    run ${text} NOT NULL REFERENCES job_runs (id) ON DELETE CASCADE,
    task ${text} NOT NULL,
    attempt INTEGER NOT NULL,
    outcome ${text} NOT NULL,
    server ${text} NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    work ${text},
    code ${text},
    message ${text},
    PRIMARY KEY (run, task, attempt)
);

CREATE TABLE job_logs (
    run ${text} NOT NULL REFERENCES job_runs (id) ON DELETE CASCADE,
    task ${text} NOT NULL,
    attempt INTEGER NOT NULL,
    content ${text} NOT NULL,
    PRIMARY KEY (run, task, attempt)
);

CREATE TABLE job_backfills (
    id ${text} PRIMARY KEY,
    job ${text} NOT NULL,
    range_start BIGINT NOT NULL,
    range_end BIGINT NOT NULL,
    parallel INTEGER NOT NULL,
    status ${text} NOT NULL,
    next BIGINT NOT NULL,
    started_by ${text} NOT NULL,
    created_at BIGINT NOT NULL
);
