package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.RetryRule;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TemplateText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one task of a job. */
final class JobTaskReader {
    private static final Set<String> VERBS =
            Set.of("build", "ingest", "seed", "run", "test", "snapshot");
    private static final List<String> KINDS =
            List.of(
                    "build",
                    "ingest",
                    "seed",
                    "run",
                    "test",
                    "snapshot",
                    "sql",
                    "merge",
                    "maintain",
                    "clean",
                    "replay",
                    "rewind",
                    "feed",
                    "shell",
                    "java",
                    "container",
                    "http",
                    "wait",
                    "file",
                    "table",
                    "approval",
                    "nothing");
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration EVERY_MIN = Duration.ofSeconds(1);
    private static final int PRIORITY_MAX = 10_000;

    private final JobText texts;
    private final Problems problems;
    private final RetryRule retry;

    JobTaskReader(JobText texts, Problems problems, RetryRule retry) {
        this.texts = texts;
        this.problems = problems;
        this.retry = retry;
    }

    Optional<JobTask> read(YamlSection unnamed) {
        Optional<String> given = unnamed.required("name");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Optional<TaskName> name = name(given.get(), JobText.place(unnamed, "name"));
        YamlSection task = unnamed.named("Task '" + given.get() + "'");
        task.accept(List.of("name"));
        Optional<TaskKind> kind = kind(task);
        List<TaskName> after = new ArrayList<>();
        task.texts("after")
                .forEach(t -> name(t, JobText.place(task, "after")).ifPresent(after::add));
        JobTask.StartRule rule =
                texts.choice(
                        task, "run_if", JobTask.StartRule.class, JobTask.StartRule.ALL_SUCCEEDED);
        Optional<TemplateText> when = texts.template(task, "when");
        Optional<JobTask.Each> each = each(task);
        JobTask.Gives gives = texts.choice(task, "gives", JobTask.Gives.class, JobTask.Gives.TEXT);
        RetryRule own = new JobRetryReader(texts, problems).read(task, retry);
        Optional<Duration> timeout = texts.time(task, "timeout", Duration.ofMillis(1));
        Optional<String> pool = task.text("pool");
        int priority = texts.count(task, "priority", -PRIORITY_MAX, PRIORITY_MAX).orElse(0);
        task.accept(KINDS).refuseOthers();
        if (name.isEmpty() || kind.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new JobTask(
                        name.get(),
                        JobText.place(unnamed, "name"),
                        kind.get(),
                        after,
                        rule,
                        when,
                        each,
                        gives,
                        own,
                        timeout,
                        pool,
                        priority));
    }

    private Optional<JobTask.Each> each(YamlSection task) {
        return task.value("each")
                .map(v ->
                        new JobTask.Each(
                                texts.templates(JobText.what(task, "each"), v),
                                v instanceof YamlValue.Sequence));
    }

    private Optional<TaskName> name(String text, Place place) {
        try {
            if (text.endsWith("]")) {
                throw TaskName.invalid(text);
            }
            return Optional.of(new TaskName(text));
        } catch (TarnException e) {
            JobFileReader.add(problems, e, place);
            return Optional.empty();
        }
    }

    private Optional<TaskKind> kind(YamlSection task) {
        List<String> kinds =
                KINDS.stream().filter(k -> task.mapping().find(k).isPresent()).toList();
        if (kinds.isEmpty()) {
            problems.add(JobErrors.noKind(task.place(), task.what(), KINDS));
            return Optional.empty();
        }
        if (kinds.size() > 1) {
            problems.add(JobErrors.manyKinds(task.place(), task.what(), kinds));
            return Optional.empty();
        }
        String kind = kinds.getFirst();
        if (VERBS.contains(kind)) {
            return Optional.of(build(kind, task));
        }
        return switch (kind) {
            case "sql" -> sql(task);
            case "shell" -> {
                task.required("shell");
                Map<String, TemplateText> environment = texts.templateMap(task, "environment");
                yield texts.template(task, "shell").map(c -> new TaskKind.Shell(c, environment));
            }
            case "java" -> new JobProgramReader(texts, problems).javaClass(task);
            case "container" -> new JobProgramReader(texts, problems).container(task);
            case "merge" -> merge(task);
            case "maintain" -> Optional.of(care().maintain(task));
            case "clean" -> Optional.of(new TaskKind.Clean());
            case "replay" -> Optional.of(care().replay(task));
            case "rewind" -> care().rewind(task);
            case "feed" -> Optional.of(care().feed(task));
            case "http" -> http(task);
            case "wait" -> waiting(task);
            case "file" -> sensor(task, "file", "path", s -> Optional.empty());
            case "table" ->
                    sensor(task, "table", "name", s -> Optional.of(s.flag("fresh").orElse(false)));
            case "approval" -> {
                task.required("approval");
                yield texts.template(task, "approval").map(TaskKind.Approval::new);
            }
            default -> Optional.of(new TaskKind.Nothing());
        };
    }

    private JobCareReader care() {
        return new JobCareReader(texts, problems);
    }

    private TaskKind build(String verb, YamlSection task) {
        Optional<YamlValue> value = task.value(verb);
        if (value.isEmpty() || !(value.get() instanceof YamlValue.Mapping)) {
            List<TemplateText> select =
                    value.filter(v -> !Boolean.TRUE.equals(v.plain()))
                            .map(v -> texts.templates(JobText.what(task, verb), v))
                            .orElse(List.of());
            return new TaskKind.Build(
                    verb,
                    select,
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    false,
                    false,
                    Optional.empty());
        }
        YamlSection build = task.section(verb).orElseThrow();
        TaskKind made =
                new TaskKind.Build(
                        verb,
                        texts.templates(build, "select"),
                        texts.templates(build, "exclude"),
                        texts.template(build, "ref"),
                        texts.templateMap(build, "vars"),
                        build.flag("full").orElse(false),
                        build.flag("by_interval").orElse(false),
                        build.text("retry_of").flatMap(id -> run(id, build)));
        build.refuseOthers();
        return made;
    }

    private Optional<RunId> run(String id, YamlSection build) {
        try {
            return Optional.of(new RunId(id));
        } catch (TarnException e) {
            JobFileReader.add(problems, e, JobText.place(build, "retry_of"));
            return Optional.empty();
        }
    }

    private Optional<TaskKind> sql(YamlSection task) {
        if (task.value("sql").filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required("sql");
            return texts.template(task, "sql").map(s -> new TaskKind.Sql(s, Optional.empty()));
        }
        YamlSection sql = task.section("sql").orElseThrow();
        sql.required("statements");
        Optional<TemplateText> ref = texts.template(sql, "ref");
        Optional<TaskKind> made =
                texts.template(sql, "statements").map(s -> new TaskKind.Sql(s, ref));
        sql.refuseOthers();
        return made;
    }

    private Optional<TaskKind> merge(YamlSection task) {
        if (task.value("merge").filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required("merge");
            return texts.template(task, "merge")
                    .map(b -> new TaskKind.Merge(b, Optional.empty(), false));
        }
        YamlSection merge = task.section("merge").orElseThrow();
        merge.required("branch");
        Optional<TemplateText> into = texts.template(merge, "into");
        boolean delete = merge.flag("delete").orElse(false);
        Optional<TaskKind> made =
                texts.template(merge, "branch").map(b -> new TaskKind.Merge(b, into, delete));
        merge.refuseOthers();
        return made;
    }

    private Optional<TaskKind> http(YamlSection task) {
        if (task.value("http").filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required("http");
            return texts.template(task, "http")
                    .map(url ->
                            new TaskKind.Http("GET", url, Map.of(), Optional.empty(), Set.of()));
        }
        YamlSection http = task.section("http").orElseThrow();
        http.required("url");
        Optional<TemplateText> body = texts.template(http, "body");
        String method =
                http.text("method")
                        .orElse(body.isPresent() ? "POST" : "GET")
                        .toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            problems.add(
                    YamlErrors.notOneOf(
                            JobText.place(http, "method"),
                            JobText.what(http, "method"),
                            method,
                            METHODS));
        }
        Set<Integer> expected = new LinkedHashSet<>();
        for (String status : http.texts("expect")) {
            if (status.matches("[1-5]\\d\\d")) {
                expected.add(Integer.parseInt(status));
            } else {
                problems.add(
                        JobErrors.notCount(
                                JobText.place(http, "expect"),
                                JobText.what(http, "expect"),
                                status,
                                100,
                                599));
            }
        }
        Map<String, TemplateText> headers = texts.templateMap(http, "headers");
        Optional<TaskKind> made =
                texts.template(http, "url")
                        .map(url -> new TaskKind.Http(method, url, headers, body, expected));
        http.refuseOthers();
        return made;
    }

    private Optional<TaskKind> waiting(YamlSection task) {
        if (task.value("wait").filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required("wait");
            return texts.time(task, "wait", Duration.ZERO)
                    .map(t -> new TaskKind.Wait(Optional.of(t), Optional.empty()));
        }
        YamlSection wait = task.section("wait").orElseThrow();
        wait.required("until");
        Optional<TaskKind> made =
                texts.template(wait, "until")
                        .map(u -> new TaskKind.Wait(Optional.empty(), Optional.of(u)));
        wait.refuseOthers();
        return made;
    }

    private interface Extra {
        Optional<Boolean> of(YamlSection section);
    }

    private Optional<TaskKind> sensor(YamlSection task, String key, String what, Extra extra) {
        if (task.value(key).filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required(key);
            return texts.template(task, key).map(t -> sensor(key, t, false, EVERY));
        }
        YamlSection sensor = task.section(key).orElseThrow();
        sensor.required(what);
        Duration every = texts.time(sensor, "every", EVERY_MIN).orElse(EVERY);
        boolean fresh = extra.of(sensor).orElse(false);
        Optional<TaskKind> made =
                texts.template(sensor, what).map(t -> sensor(key, t, fresh, every));
        sensor.refuseOthers();
        return made;
    }

    private static TaskKind sensor(String key, TemplateText what, boolean fresh, Duration every) {
        return key.equals("file")
                ? new TaskKind.FileSensor(what, every)
                : new TaskKind.TableSensor(what, fresh, every);
    }
}
