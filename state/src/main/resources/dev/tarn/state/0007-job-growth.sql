-- What was due when, for calendars.
CREATE INDEX job_runs_due ON job_runs (job, due_at);

-- Whether anything of a run is open, without reading all its tasks.
CREATE INDEX job_tasks_open ON job_tasks (run) WHERE finished_at IS NULL;

-- Jobs and pools that failed too often in a row and rest for a while.
CREATE TABLE job_breakers (
    name ${text} PRIMARY KEY,
    failures BIGINT NOT NULL,
    opened_at BIGINT,
    open_until BIGINT
);

-- Backfills that publish all at once, on a branch until then; those that go through partitions.
ALTER TABLE job_backfills ADD COLUMN branch ${text};
ALTER TABLE job_backfills ADD COLUMN partitions ${text} NOT NULL DEFAULT '';
