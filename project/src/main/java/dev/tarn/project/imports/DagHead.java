package dev.tarn.project.imports;

import dev.tarn.model.job.Durations;
import dev.tarn.project.imports.PyValue.Call;
import dev.tarn.project.imports.PyValue.Dict;
import dev.tarn.project.imports.PyValue.None;
import dev.tarn.project.imports.PyValue.Num;
import dev.tarn.project.imports.PyValue.Text;
import dev.tarn.project.imports.PyValue.Truth;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What {@code DAG(…)} says, as keys of a job. */
final class DagHead {
    private static final Set<String> SILENT =
            Set.of(
                    "dag_id",
                    "tags",
                    "doc_md",
                    "default_args",
                    "start_date",
                    "schedule",
                    "schedule_interval",
                    "timetable",
                    "render_template_as_native_obj",
                    "owner_links");

    private final BiConsumer<Integer, String> leave;

    DagHead(BiConsumer<Integer, String> leave) {
        this.leave = leave;
    }

    ImportedJob job(Call dag, int line) {
        Map<String, PyValue> said = new LinkedHashMap<>(dag.named());
        if (!dag.positional().isEmpty()) {
            said.putIfAbsent("dag_id", dag.positional().getFirst());
        }
        String id = Optional.ofNullable(said.get("dag_id")).flatMap(PyValue::asText).orElse("dag");
        ImportedJob job = new ImportedJob(ImportedJob.name(id, "dag"));
        Optional<String> zone = start(said, job);
        schedule(said, zone, line).ifPresent(s -> job.keys.put("schedule", s));
        boolean catchUp = said.get("catchup") instanceof Truth t && t.value();
        job.keys.put("catch_up", catchUp ? "all" : "latest");
        said.forEach((key, value) -> key(key, value, job, line));
        if (said.get("default_args") instanceof Dict standard) {
            standard.items().forEach((key, value) -> standard(key, value, job, line));
            retry(standard.items()).ifPresent(r -> job.keys.put("retry", r));
        }
        return job;
    }

    private Optional<String> start(Map<String, PyValue> said, ImportedJob job) {
        PyValue date = said.get("start_date");
        if (date == null && said.get("default_args") instanceof Dict standard) {
            date = standard.items().get("start_date");
        }
        Optional<String> zone = Optional.empty();
        if (date instanceof Call call) {
            moment(call).ifPresent(m -> job.keys.put("start", m));
            PyValue named = call.named().getOrDefault("tz", call.named().get("tzinfo"));
            zone = zone(named);
        }
        return zone;
    }

    private static Optional<String> zone(@org.jspecify.annotations.Nullable PyValue value) {
        return switch (value) {
            case Text text -> Optional.of(text.text());
            case Call call -> call.positional().stream().findFirst().flatMap(PyValue::asText);
            case null, default -> Optional.empty();
        };
    }

    /** {@code datetime(2026, 1, 2, 3)}. */
    private static Optional<String> moment(Call call) {
        if (!DagFile.lastPart(call.name()).equals("datetime")) {
            return Optional.empty();
        }
        int[] parts = {1970, 1, 1, 0, 0};
        for (int i = 0; i < Math.min(parts.length, call.positional().size()); i++) {
            if (call.positional().get(i) instanceof Num number) {
                parts[i] = (int) number.number();
            }
        }
        String date = "%04d-%02d-%02d".formatted(parts[0], parts[1], parts[2]);
        return Optional.of(
                parts[3] + parts[4] == 0
                        ? date
                        : date + " %02d:%02d".formatted(parts[3], parts[4]));
    }

    private Optional<Object> schedule(Map<String, PyValue> said, Optional<String> zone, int line) {
        PyValue when = said.get("schedule");
        PyValue schedule = when != null ? when : said.get("schedule_interval");
        return switch (schedule) {
            case null -> Optional.empty();
            case None none -> Optional.empty();
            case Text text -> {
                String cron = text.text().strip();
                if (cron.equals("@once") || cron.equals("@continuous")) {
                    leave.accept(
                            line, "'%s' has no like here; people start the job.".formatted(cron));
                    yield Optional.empty();
                }
                Map<String, Object> timed = new LinkedHashMap<>();
                timed.put("cron", cron);
                zone.ifPresent(z -> timed.put("zone", z));
                yield Optional.of(timed);
            }
            case Call call when length(call).isPresent() ->
                    Optional.of(Map.of("every", Durations.words(length(call).get())));
            default -> {
                leave.accept(
                        line,
                        "The schedule is known only when Python runs; people start the job until you give it a `schedule`.");
                yield Optional.empty();
            }
        };
    }

    private void key(String key, PyValue value, ImportedJob job, int line) {
        switch (key) {
            case "description" ->
                    value.asText()
                            .flatMap(ImportedJob::line)
                            .ifPresent(t -> job.keys.put("description", t));
            case "max_active_runs" ->
                    value.asNumber().ifPresent(n -> job.keys.put("runs_at_a_time", n.intValue()));
            case "dagrun_timeout" ->
                    length(value).ifPresent(t -> job.keys.put("timeout", Durations.words(t)));
            case "end_date" -> {
                if (value instanceof Call call) {
                    moment(call).ifPresent(m -> job.keys.put("end", m));
                }
            }
            case "catchup" -> {}
            case "params" -> params(value, job, line);
            default -> {
                if (!SILENT.contains(key)) {
                    leave.accept(line, "'%s' of the DAG was not taken over.".formatted(key));
                }
            }
        }
    }

    private void params(PyValue value, ImportedJob job, int line) {
        Map<String, Object> params = new LinkedHashMap<>();
        if (value instanceof Dict dict) {
            dict.items()
                    .forEach((name, held) ->
                            plain(held)
                                    .ifPresentOrElse(
                                            t -> params.put(name, t),
                                            () ->
                                                    leave.accept(
                                                            line,
                                                            "What parameter '%s' is by itself is not known."
                                                                    .formatted(name))));
        }
        if (!params.isEmpty()) {
            job.keys.put("params", params);
        }
    }

    private static Optional<String> plain(PyValue value) {
        return switch (value) {
            case Text text -> Optional.of(text.text());
            case Num number -> Optional.of(number(number.number()));
            case Truth truth -> Optional.of(String.valueOf(truth.value()));
            case Call call when call.name().endsWith("Param") ->
                    call.positional().stream().findFirst().flatMap(DagHead::plain);
            default -> Optional.empty();
        };
    }

    static String number(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    private void standard(String key, PyValue value, ImportedJob job, int line) {
        switch (key) {
            case "owner" -> value.asText().ifPresent(o -> job.keys.put("owner", o));
            case "retries",
                    "retry_delay",
                    "retry_exponential_backoff",
                    "max_retry_delay",
                    "start_date",
                    "end_date" -> {}
            case "depends_on_past", "email_on_failure", "email_on_retry" -> {
                if (value instanceof Truth t && t.value()) {
                    leave.accept(line, "'%s' was not taken over.".formatted(key));
                }
            }
            default ->
                    leave.accept(
                            line,
                            "'%s' of default_args was not taken over; say it at each task."
                                    .formatted(key));
        }
    }

    /** Of a task or of all. */
    static Optional<Object> retry(Map<String, PyValue> said) {
        Optional<Double> times =
                Optional.ofNullable(said.get("retries")).flatMap(PyValue::asNumber);
        Optional<Duration> delay =
                Optional.ofNullable(said.get("retry_delay")).flatMap(DagHead::length);
        if (times.isEmpty() && delay.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> retry = new LinkedHashMap<>();
        times.ifPresent(t -> retry.put("times", t.intValue()));
        // Airflow waits five minutes, each time as long, whatever the error.
        retry.put("on", "any");
        retry.put("delay", Durations.words(delay.orElse(Duration.ofMinutes(5))));
        boolean grows = said.get("retry_exponential_backoff") instanceof Truth t && t.value();
        retry.put("factor", grows ? 2 : 1);
        Optional<Duration> most =
                Optional.ofNullable(said.get("max_retry_delay")).flatMap(DagHead::length);
        most.ifPresentOrElse(
                m -> retry.put("max_delay", Durations.words(m)),
                () -> retry.put("max_delay", "1d"));
        return Optional.of(retry);
    }

    /** {@code timedelta(hours=2)}; a number is seconds. */
    static Optional<Duration> length(PyValue value) {
        return switch (value) {
            case Num seconds -> Optional.of(Duration.ofMillis((long) (seconds.number() * 1_000)));
            case Call call when DagFile.lastPart(call.name()).matches("timedelta|duration") -> {
                double seconds = 0;
                for (Map.Entry<String, PyValue> part : call.named().entrySet()) {
                    seconds +=
                            part.getValue().asNumber().orElse(0.0)
                                    * switch (part.getKey().toLowerCase(Locale.ROOT)) {
                                        case "weeks" -> 604_800;
                                        case "days" -> 86_400;
                                        case "hours" -> 3_600;
                                        case "minutes" -> 60;
                                        case "seconds" -> 1;
                                        case "milliseconds" -> 0.001;
                                        default -> 0;
                                    };
                }
                if (!call.positional().isEmpty()) {
                    seconds += call.positional().getFirst().asNumber().orElse(0.0) * 86_400;
                }
                yield seconds > 0
                        ? Optional.of(Duration.ofMillis((long) (seconds * 1_000)))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }
}
