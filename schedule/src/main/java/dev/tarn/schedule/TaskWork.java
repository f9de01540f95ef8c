package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Durations;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.Moments;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what tasks say. Never throws: what goes wrong is a result. Safe for use by many threads. */
final class TaskWork {
    private static final Logger log = LoggerFactory.getLogger(TaskWork.class);
    private static final int OUTPUT_MAX = 16 << 10;
    private static final int ITEMS_MAX = 10_000;
    private static final int ITEMS_CHARS_MAX = 512 << 10;
    private static final Pattern HARMLESS = Pattern.compile("[\\p{L}\\p{N} _@%+=:,./-]*");

    private final Doing doing;
    private final Templates templates;
    private final ShellTask shell;
    private final ProgramTask programs;
    private final HttpTask http;
    private final JobSpans spans;
    private final Clock clock;

    TaskWork(Doing doing, Templates templates, Clock clock) {
        this.doing = doing;
        this.templates = templates;
        this.shell = new ShellTask();
        this.programs = new ProgramTask(doing, templates, shell);
        this.http = new HttpTask();
        this.spans = new JobSpans(doing.tracer());
        this.clock = clock;
    }

    /**
     * One attempt.
     *
     * @param state the task as it was given out
     * @param before the run that an earlier attempt made
     * @param tasks all of the run, or those that its templates can name
     * @param home where it publishes if it does not say where
     */
    record Order(
            Job job,
            JobTask task,
            JobRun run,
            TaskRun state,
            Optional<RunId> before,
            List<TaskRun> tasks,
            RefName home) {}

    TaskResult execute(Order order, Control control) {
        return spans.attempt(order, control, () -> done(order, control));
    }

    private TaskResult done(Order order, Control control) {
        TaskResult result;
        try {
            result = typed(order, attempt(order, control));
        } catch (TarnException e) {
            result = failed(order, e);
        } catch (RuntimeException | Error e) {
            log.error("Task {} of {} failed", order.state().task(), order.run().id(), e);
            result =
                    new TaskResult.Failed(
                            ErrorCode.INTERNAL,
                            "%s. The log of the server has the details."
                                    .formatted(
                                            e.getMessage() == null
                                                    ? e.getClass().getSimpleName()
                                                    : e.getMessage()));
        }
        return stoppedOr(result, order, control);
    }

    /** What is handed on has the type that the job says. */
    private static TaskResult typed(Order order, TaskResult result) {
        JobTask.Gives type = order.task().gives();
        if (result instanceof TaskResult.Succeeded s && type != JobTask.Gives.TEXT) {
            if (s.output().length() >= OUTPUT_MAX) {
                throw ScheduleErrors.givesTooMuch(OUTPUT_MAX);
            }
            GivenValue.of(type, s.output(), UnaryOperator.identity());
        }
        return result;
    }

    private static TaskResult stoppedOr(TaskResult result, Order order, Control control) {
        if (result instanceof TaskResult.Succeeded || control.stopped().isEmpty()) {
            return result;
        }
        return switch (control.stopped().get()) {
            case CANCELLED -> new TaskResult.Cancelled("stopped");
            case CLOSING, FENCED -> new TaskResult.GivenBack();
            case TIMEOUT -> {
                TarnException late =
                        ScheduleErrors.timeout(order.task().timeout().orElse(Duration.ZERO));
                yield new TaskResult.Failed(late.code(), late.problems().getFirst().message());
            }
        };
    }

    private TaskResult failed(Order order, TarnException e) {
        if (e.code() == ErrorCode.COMMIT_OUTCOME_UNKNOWN && order.state().work().isPresent()) {
            // Only the record of runs knows.
            try {
                if (doing.settle(order.state().work().get())) {
                    return new TaskResult.Succeeded("");
                }
            } catch (TarnException unreachable) {
                log.warn("Whether {} was published is not known yet", order.state().work());
            }
        }
        return new TaskResult.Failed(
                e.code(),
                e.problems().stream()
                        .map(p -> p.place().map(at -> at + ": ").orElse("") + p.message())
                        .reduce((a, b) -> a + "\n" + b)
                        .orElse(""));
    }

    private TaskResult attempt(Order order, Control control) {
        Map<String, @Nullable Object> names = names(order, UnaryOperator.identity());
        if (order.task().each().isPresent() && !order.state().task().isPart()) {
            return expanded(order.task().each().get(), names);
        }
        if (order.task().when().isPresent()) {
            String text = templates.render(order.task().when().get(), names).strip();
            if (!isTrue(text)) {
                return new TaskResult.Skipped("'when' gave " + text.toLowerCase(Locale.ROOT));
            }
        }
        Optional<TaskResult> late = waitedTooLong(order);
        if (late.isPresent()) {
            return late.get();
        }
        return switch (order.task().kind()) {
            case TaskKind.Build build -> build(build, order, names, control);
            case TaskKind.Sql sql ->
                    succeeded(
                            doing.sql(
                                    templates.render(sql.statements(), names),
                                    sql.statements().place().file(),
                                    sql.ref()
                                            .map(r -> templates.render(r, names))
                                            .orElse(order.home().value()),
                                    control));
            case TaskKind.Merge merge ->
                    succeeded(
                            doing.merge(
                                    new RefName(templates.render(merge.branch(), names)),
                                    merge.into()
                                            .map(r -> new RefName(templates.render(r, names)))
                                            .orElse(RefName.MAIN),
                                    merge.delete(),
                                    order.state().attempt() > 1));
            case TaskKind.Maintain maintain -> care(maintain, order, names, control);
            case TaskKind.Clean clean -> care(clean, order, names, control);
            case TaskKind.Replay replay -> care(replay, order, names, control);
            case TaskKind.Rewind rewind -> care(rewind, order, names, control);
            case TaskKind.Feed feed -> care(feed, order, names, control);
            case TaskKind.Shell command ->
                    succeeded(
                            shell.run(
                                    commandLine(command, order, names),
                                    doing.folder(),
                                    templates.render(command.environment(), names),
                                    order,
                                    control));
            case TaskKind.JavaClass program ->
                    succeeded(programs.javaClass(program, order, names, control));
            case TaskKind.Container container ->
                    succeeded(programs.container(container, order, names, control));
            case TaskKind.Http request ->
                    succeeded(
                            http.send(
                                    request,
                                    templates.render(request.url(), names),
                                    templates.render(request.headers(), names),
                                    request.body().map(b -> templates.render(b, names)),
                                    order,
                                    control));
            case TaskKind.Wait wait -> waiting(wait, order, names);
            case TaskKind.FileSensor sensor -> file(sensor, names);
            case TaskKind.TableSensor sensor -> table(sensor, order, names);
            case TaskKind.Approval approval ->
                    new TaskResult.Held(templates.render(approval.question(), names));
            case TaskKind.Nothing nothing -> new TaskResult.Succeeded("");
        };
    }

    private TaskResult care(
            TaskKind kind, Order order, Map<String, @Nullable Object> names, Control control) {
        return succeeded(doing.care(CareTask.of(kind, order, templates, names), control));
    }

    /**
     * @param foreign applied to values that are not from the job's file
     */
    private static Map<String, @Nullable Object> names(Order order, UnaryOperator<String> foreign) {
        Map<String, @Nullable Object> names =
                TaskNames.of(
                        order.job(),
                        order.run(),
                        order.task(),
                        order.state().attempt(),
                        order.tasks(),
                        foreign);
        TaskName name = order.state().task();
        return name.isPart()
                ? TaskNames.withItem(names, name, foreign.apply(item(order, name)))
                : names;
    }

    /** The items of a list, each of which becomes a part. */
    private TaskResult expanded(JobTask.Each each, Map<String, @Nullable Object> names) {
        List<String> texts = templates.render(each.texts(), names);
        List<String> items =
                each.listed() ? texts : Items.parse(texts.isEmpty() ? "" : texts.getFirst());
        if (items.isEmpty()) {
            return new TaskResult.Skipped("'each' gave an empty list");
        }
        if (items.size() > ITEMS_MAX || Items.write(items).length() > ITEMS_CHARS_MAX) {
            throw ScheduleErrors.tooManyItems(items.size(), ITEMS_MAX, ITEMS_CHARS_MAX);
        }
        return new TaskResult.Expanded(items);
    }

    private static String item(Order order, TaskName name) {
        List<String> items =
                order.tasks().stream()
                        .filter(t -> t.task().equals(name.whole()))
                        .findFirst()
                        .map(t -> Items.parse(t.output()))
                        .orElse(List.of());
        if (name.number() >= items.size()) {
            throw ScheduleErrors.itemGone(name);
        }
        return items.get(name.number());
    }

    /** A shell would run what stands in a value; such values are for variables only. */
    private String commandLine(
            TaskKind.Shell command, Order order, Map<String, @Nullable Object> names) {
        String line = templates.render(command.command(), names);
        String without =
                templates.render(
                        command.command(),
                        names(order, value -> HARMLESS.matcher(value).matches() ? value : ""));
        if (!line.equals(without)) {
            throw ScheduleErrors.valueInCommand(command.command().place());
        }
        return line;
    }

    private static boolean isTrue(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> true;
            case "false", "no", "0", "", "none" -> false;
            default -> throw ScheduleErrors.notFlag(text);
        };
    }

    private static TaskResult succeeded(String output) {
        return new TaskResult.Succeeded(
                output.length() <= OUTPUT_MAX ? output : output.substring(0, OUTPUT_MAX));
    }

    /** Sensors look again and again; their time is that of all their looks. */
    private Optional<TaskResult> waitedTooLong(Order order) {
        Optional<Duration> timeout = order.task().timeout();
        Instant began = order.state().startedAt().orElse(clock.instant());
        if (timeout.isPresent() && clock.instant().isAfter(began.plus(timeout.get()))) {
            TarnException late = ScheduleErrors.timeout(timeout.get());
            return Optional.of(
                    new TaskResult.Failed(late.code(), late.problems().getFirst().message()));
        }
        return Optional.empty();
    }

    private TaskResult build(
            TaskKind.Build build,
            Order order,
            Map<String, @Nullable Object> names,
            Control control) {
        JobRun.Interval interval = order.run().interval();
        return succeeded(
                doing.build(
                        new Doing.BuildOrder(
                                build.verb(),
                                templates.render(build.select(), names),
                                templates.render(build.exclude(), names),
                                build.ref()
                                        .map(r -> templates.render(r, names))
                                        .orElse(order.home().value()),
                                templates.render(build.vars(), names),
                                build.full(),
                                build.byInterval() && interval.end().isAfter(interval.start())
                                        ? Optional.of(interval)
                                        : Optional.empty(),
                                "%s by job %s, task %s"
                                        .formatted(
                                                build.verb(),
                                                order.job().name(),
                                                order.task().name()),
                                order.before().or(build::retryOf)),
                        control));
    }

    private TaskResult waiting(
            TaskKind.Wait wait, Order order, Map<String, @Nullable Object> names) {
        Instant began = order.state().startedAt().orElse(clock.instant());
        Instant until =
                wait.until()
                        .map(u -> moment(templates.render(u, names)))
                        .orElseGet(() -> began.plus(wait.time().orElse(Duration.ZERO)));
        return clock.instant().isBefore(until)
                ? new TaskResult.NotYet("the time " + until, until)
                : new TaskResult.Succeeded("");
    }

    private static Instant moment(String text) {
        return Moments.parse(text).orElseThrow(() -> ScheduleErrors.notMoment(text));
    }

    private TaskResult file(TaskKind.FileSensor sensor, Map<String, @Nullable Object> names) {
        String pattern = templates.render(sensor.pattern(), names);
        List<String> files = doing.files(pattern);
        return files.isEmpty()
                ? notYet("a file that fits " + pattern, sensor.every())
                : succeeded(files.getFirst().replaceFirst("\\|.*$", ""));
    }

    private TaskResult table(
            TaskKind.TableSensor sensor, Order order, Map<String, @Nullable Object> names) {
        TableName name = TableName.parse(templates.render(sensor.table(), names).strip());
        Optional<Doing.Published> table = doing.table(name);
        if (table.isEmpty()) {
            return notYet("table %s, which is not there".formatted(name), sensor.every());
        }
        Instant since = order.run().interval().end();
        if (sensor.fresh() && table.get().at().isBefore(since)) {
            return notYet(
                    "a state of %s from after %s; the last is from %s"
                            .formatted(name, since, table.get().at()),
                    sensor.every());
        }
        return succeeded(Long.toString(table.get().publication()));
    }

    private TaskResult notYet(String what, Duration every) {
        return new TaskResult.NotYet(
                "%s; looks every %s".formatted(what, Durations.words(every)),
                clock.instant().plus(every));
    }
}
