package dev.tarn.schedule;

import dev.tarn.jinja.Context;
import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Limits;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.UndefinedFactory;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TemplateText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fills in what jobs leave open until they run. Safe for use by many threads. */
public final class Templates {
    private static final long OUTPUT_MAX = 1 << 20;
    private static final long LOOPS_MAX = 100_000;

    private final JinjaEnvironment environment =
            JinjaEnvironment.builder()
                    .undefined(UndefinedFactory.STRICT)
                    .limits(
                            Limits.defaults()
                                    .withOutputChars(OUTPUT_MAX)
                                    .withLoopIterations(LOOPS_MAX))
                    .build();

    /**
     * @throws TarnException {@code TEMPLATE_SYNTAX} or {@code TEMPLATE_FAILED} with the place
     */
    String render(TemplateText text, Map<String, @Nullable Object> names) {
        if (!text.isTemplate()) {
            return text.text();
        }
        try {
            return environment
                    .parse(text.place().file(), text.text())
                    .render(new Names(names))
                    .text();
        } catch (JinjaException e) {
            throw new TarnException(problem(text, e, names), e);
        }
    }

    List<String> render(List<TemplateText> texts, Map<String, @Nullable Object> names) {
        return texts.stream().map(t -> render(t, names)).toList();
    }

    Map<String, String> render(
            Map<String, TemplateText> texts, Map<String, @Nullable Object> names) {
        Map<String, String> rendered = new LinkedHashMap<>();
        texts.forEach((name, text) -> rendered.put(name, render(text, names)));
        return rendered;
    }

    /** What is wrong with a job's templates, as far as that can be known before it runs. */
    public List<Problem> check(Job job) {
        List<Problem> problems = new ArrayList<>();
        for (JobTask task : job.tasks()) {
            Map<String, @Nullable Object> names = TaskNames.example(job, task);
            for (TemplateText text : texts(task)) {
                try {
                    render(text, names);
                } catch (TarnException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        return problems;
    }

    /** Whether a text of the task can mean a name. */
    static boolean names(JobTask task, String name) {
        return texts(task).stream().anyMatch(t -> t.isTemplate() && t.text().contains(name));
    }

    static List<TemplateText> texts(JobTask task) {
        List<TemplateText> all = new ArrayList<>();
        task.each().ifPresent(e -> all.addAll(e.texts()));
        task.when().ifPresent(all::add);
        switch (task.kind()) {
            case TaskKind.Build build -> {
                all.addAll(build.select());
                all.addAll(build.exclude());
                build.ref().ifPresent(all::add);
                all.addAll(build.vars().values());
            }
            case TaskKind.Sql sql -> {
                all.add(sql.statements());
                sql.ref().ifPresent(all::add);
            }
            case TaskKind.Merge merge -> {
                all.add(merge.branch());
                merge.into().ifPresent(all::add);
            }
            case TaskKind.Maintain maintain -> {
                all.addAll(maintain.tables());
                maintain.ref().ifPresent(all::add);
                maintain.budget().ifPresent(all::add);
                maintain.bytesMax().ifPresent(all::add);
            }
            case TaskKind.Clean clean -> {}
            case TaskKind.Replay replay -> {
                all.addAll(replay.select());
                replay.where().ifPresent(all::add);
                replay.ref().ifPresent(all::add);
            }
            case TaskKind.Rewind rewind -> {
                all.addAll(rewind.select());
                rewind.to().ifPresent(all::add);
                rewind.position().ifPresent(all::add);
                all.addAll(rewind.parts());
                rewind.ref().ifPresent(all::add);
            }
            case TaskKind.Feed feed -> all.addAll(feed.names());
            case TaskKind.Shell shell -> {
                all.add(shell.command());
                all.addAll(shell.environment().values());
            }
            case TaskKind.JavaClass java -> {
                all.add(java.name());
                all.addAll(java.path());
                all.addAll(java.arguments());
                all.addAll(java.options());
                all.addAll(java.environment().values());
            }
            case TaskKind.Container container -> {
                all.add(container.image());
                all.addAll(container.command());
                all.addAll(container.environment().values());
                all.addAll(container.folders().values());
            }
            case TaskKind.Http http -> {
                all.add(http.url());
                all.addAll(http.headers().values());
                http.body().ifPresent(all::add);
            }
            case TaskKind.Wait wait -> wait.until().ifPresent(all::add);
            case TaskKind.FileSensor file -> all.add(file.pattern());
            case TaskKind.TableSensor table -> all.add(table.table());
            case TaskKind.Approval approval -> all.add(approval.question());
            case TaskKind.Nothing nothing -> {}
        }
        return all;
    }

    private static Problem problem(
            TemplateText text, JinjaException e, Map<String, @Nullable Object> names) {
        Optional<Place> place = e.place().map(p -> text.at(p.line(), p.column()));
        String hint = e.hint().map(h -> " " + h).orElse("");
        if (hint.isEmpty() && e.kind() == JinjaException.Kind.UNDEFINED) {
            String name = e.reason().replaceFirst("^'([^']*)'.*$", "$1");
            hint = Suggestion.hint(name, names.keySet());
        }
        String reason = e.reason();
        return Problem.at(
                e.kind() == JinjaException.Kind.SYNTAX
                        ? ErrorCode.TEMPLATE_SYNTAX
                        : ErrorCode.TEMPLATE_FAILED,
                place.orElse(text.place()),
                "The template cannot be filled in: %s%s%s"
                        .formatted(reason, reason.endsWith(".") ? "" : ".", hint));
    }

    private record Names(Map<String, @Nullable Object> names) implements Context {
        @Override
        public @Nullable Object resolve(String name) {
            return names.containsKey(name) ? names.get(name) : Missing.VALUE;
        }
    }
}
