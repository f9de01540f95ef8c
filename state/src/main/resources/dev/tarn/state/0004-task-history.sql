-- What became of one node in run after run, and what went wrong lately.
CREATE INDEX tasks_by_node ON tasks (node, run);
CREATE INDEX tasks_in_trouble ON tasks (run) WHERE status IN ('failed', 'warned');
