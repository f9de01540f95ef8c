package dev.tarn.project.imports;

import dev.tarn.model.job.Durations;
import dev.tarn.project.imports.PyValue.Call;
import dev.tarn.project.imports.PyValue.Dict;
import dev.tarn.project.imports.PyValue.Truth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Operators of Airflow as tasks; those that have no like do nothing, so that the order holds. */
final class DagTasks {
    private static final Pattern TEMPLATE =
            Pattern.compile("\\{\\{-?\\s*([A-Za-z_][A-Za-z0-9_.]*)");
    private static final Set<String> SAME =
            Set.of(
                    "ds",
                    "ds_nodash",
                    "ts",
                    "data_interval_start",
                    "data_interval_end",
                    "run_id",
                    "params");
    private static final Map<String, String> RULES =
            Map.of(
                    "all_success", "all_succeeded",
                    "all_done", "all_done",
                    "none_failed", "none_failed",
                    "one_failed", "one_failed",
                    "one_success", "one_succeeded");
    private static final Set<String> SILENT =
            Set.of(
                    "task_id",
                    "dag",
                    "doc_md",
                    "doc",
                    "retries",
                    "retry_delay",
                    "owner",
                    "retry_exponential_backoff",
                    "max_retry_delay",
                    "task_group");

    private final BiConsumer<Integer, String> leave;

    DagTasks(BiConsumer<Integer, String> leave) {
        this.leave = leave;
    }

    ImportedJob.Task task(String operator, Call call, int line) {
        ImportedJob.Task task = new ImportedJob.Task();
        Set<String> used = kind(operator, call, task, line);
        DagHead.retry(call.named()).ifPresent(r -> task.keys.put("retry", r));
        call.named()
                .forEach((key, value) -> {
                    if (!used.contains(key) && !SILENT.contains(key)) {
                        key(key, value, task, line);
                    }
                });
        return task;
    }

    /** Returns the arguments that are spent. */
    private Set<String> kind(String operator, Call call, ImportedJob.Task task, int line) {
        return switch (operator) {
            case "EmptyOperator", "DummyOperator" -> {
                task.keys.put("nothing", true);
                yield Set.of();
            }
            case "BashOperator" -> {
                Optional<String> command = text(call, "bash_command");
                if (command.isEmpty()) {
                    placeholder(task, "its command is known only when Python runs", operator, line);
                } else {
                    task.keys.put("shell", templated(command.get().strip(), line));
                    environment(call, task, line);
                }
                yield Set.of("bash_command", "env", "append_env");
            }
            case "TimeDeltaSensor" -> {
                Optional<java.time.Duration> time =
                        Optional.ofNullable(call.named().get("delta")).flatMap(DagHead::length);
                if (time.isPresent()) {
                    task.keys.put(
                            "wait",
                            Map.of(
                                    "until",
                                    "{{ data_interval_end.add(seconds=%d) }}"
                                            .formatted(time.get().toSeconds())));
                } else {
                    placeholder(task, "its time is known only when Python runs", operator, line);
                }
                yield Set.of("delta");
            }
            case "FileSensor" -> {
                Optional<String> path = text(call, "filepath");
                if (path.isPresent()) {
                    task.keys.put("file", templated(path.get(), line));
                    leave.accept(
                            line,
                            "The path of FileSensor is looked for as it is, without Airflow's connection.");
                } else {
                    placeholder(task, "its path is known only when Python runs", operator, line);
                }
                yield Set.of("filepath", "fs_conn_id", "poke_interval", "mode", "timeout");
            }
            default -> {
                boolean sql =
                        operator.matches(
                                ".*SQL.*|(Postgres|MySql|Sqlite|Snowflake|Trino|DuckDB)Operator");
                Optional<String> statements = text(call, "sql");
                if (sql && statements.isPresent() && !statements.get().endsWith(".sql")) {
                    task.keys.put("sql", templated(statements.get().strip(), line));
                    leave.accept(
                            line,
                            "The SQL of %s ran elsewhere; here it runs on tables of this warehouse."
                                    .formatted(operator));
                    yield Set.of("sql", "conn_id", "postgres_conn_id", "autocommit", "database");
                }
                placeholder(task, "there is nothing like it", operator, line);
                yield call.named().keySet();
            }
        };
    }

    private void placeholder(ImportedJob.Task task, String why, String operator, int line) {
        task.keys.put("nothing", true);
        leave.accept(
                line,
                "%s was not taken over: %s. A task that does nothing stands in its place."
                        .formatted(operator, why));
    }

    private static Optional<String> text(Call call, String key) {
        return Optional.ofNullable(call.named().get(key)).flatMap(PyValue::asText);
    }

    private void environment(Call call, ImportedJob.Task task, int line) {
        if (call.named().get("env") instanceof Dict dict) {
            Map<String, Object> environment = new LinkedHashMap<>();
            dict.items()
                    .forEach((name, value) ->
                            value.asText()
                                    .ifPresentOrElse(
                                            t -> environment.put(name, templated(t, line)),
                                            () ->
                                                    leave.accept(
                                                            line,
                                                            "What variable '%s' holds is not known."
                                                                    .formatted(name))));
            task.keys.put("environment", environment);
        }
    }

    /** Names that mean the same stay; others are told. */
    private String templated(String text, int line) {
        Matcher names = TEMPLATE.matcher(text);
        while (names.find()) {
            String name = names.group(1);
            if (!SAME.contains(name.replaceAll("\\..*", ""))) {
                leave.accept(
                        line,
                        "Templates of jobs have no '%s'; see 'Names in templates' in docs/jobs.md."
                                .formatted(name));
            }
        }
        return text;
    }

    private void key(String key, PyValue value, ImportedJob.Task task, int line) {
        switch (key) {
            case "execution_timeout" ->
                    DagHead.length(value)
                            .ifPresent(t -> task.keys.put("timeout", Durations.words(t)));
            case "priority_weight" ->
                    value.asNumber().ifPresent(n -> task.keys.put("priority", n.intValue()));
            case "trigger_rule" -> {
                String rule =
                        value instanceof PyValue.Name n
                                ? DagFile.lastPart(n.name()).toLowerCase(java.util.Locale.ROOT)
                                : value.asText().orElse("");
                String ours = RULES.get(rule);
                if (ours == null) {
                    leave.accept(line, "The rule '%s' has no like here.".formatted(rule));
                } else if (!ours.equals("all_succeeded")) {
                    task.keys.put("run_if", ours);
                }
            }
            case "depends_on_past", "wait_for_downstream" -> {
                if (value instanceof Truth t && t.value()) {
                    leave.accept(
                            line,
                            "'%s' was not taken over; `runs_at_a_time: 1` keeps runs in order."
                                    .formatted(key));
                }
            }
            case "pool" ->
                    leave.accept(
                            line,
                            "Pool %s was not taken over: say under 'pools:' how many slots it has, then `pool:` at the task."
                                    .formatted(value.asText().map(p -> "'" + p + "'").orElse("")));
            default -> leave.accept(line, "'%s' was not taken over.".formatted(key));
        }
    }
}
