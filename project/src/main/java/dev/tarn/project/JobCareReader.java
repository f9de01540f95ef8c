package dev.tarn.project;

import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TemplateText;
import java.util.List;
import java.util.Optional;

/** Reads tasks that keep the warehouse in order. */
final class JobCareReader {
    private final JobText texts;
    private final Problems problems;

    JobCareReader(JobText texts, Problems problems) {
        this.texts = texts;
        this.problems = problems;
    }

    /** {@code true} for everything, tables, or a mapping with what it may cost. */
    TaskKind maintain(YamlSection task) {
        Optional<YamlSection> all = mapping(task, "maintain");
        if (all.isEmpty()) {
            return new TaskKind.Maintain(
                    listed(task, "maintain"), Optional.empty(), Optional.empty(), Optional.empty());
        }
        YamlSection maintain = all.get();
        TaskKind made =
                new TaskKind.Maintain(
                        texts.templates(maintain, "tables"),
                        texts.template(maintain, "ref"),
                        texts.template(maintain, "budget"),
                        texts.template(maintain, "max_bytes"));
        maintain.refuseOthers();
        return made;
    }

    /** {@code true} for all sources, sources, or a mapping with which rows. */
    TaskKind replay(YamlSection task) {
        Optional<YamlSection> all = mapping(task, "replay");
        if (all.isEmpty()) {
            return new TaskKind.Replay(listed(task, "replay"), Optional.empty(), Optional.empty());
        }
        YamlSection replay = all.get();
        TaskKind made =
                new TaskKind.Replay(
                        texts.templates(replay, "select"),
                        texts.template(replay, "where"),
                        texts.template(replay, "ref"));
        replay.refuseOthers();
        return made;
    }

    /** {@code true} for all feeds, or feeds. */
    TaskKind feed(YamlSection task) {
        return new TaskKind.Feed(listed(task, "feed"));
    }

    /** A mapping: which sources, and where to. */
    Optional<TaskKind> rewind(YamlSection task) {
        Optional<YamlSection> all = task.section("rewind");
        if (all.isEmpty()) {
            return Optional.empty();
        }
        YamlSection rewind = all.get();
        require(rewind, "select");
        Optional<TemplateText> position = texts.template(rewind, "position");
        if (position.isEmpty()) {
            require(rewind, "to");
        }
        TaskKind made =
                new TaskKind.Rewind(
                        texts.templates(rewind, "select"),
                        texts.template(rewind, "to"),
                        position,
                        texts.templates(rewind, "parts"),
                        rewind.flag("keep_rows").orElse(false),
                        texts.template(rewind, "ref"));
        rewind.refuseOthers();
        return Optional.of(made);
    }

    private void require(YamlSection section, String key) {
        if (section.value(key).isEmpty()) {
            problems.add(YamlErrors.missingKey(section.place(), section.what(), key));
        }
    }

    private static Optional<YamlSection> mapping(YamlSection task, String key) {
        return task.value(key).filter(YamlValue.Mapping.class::isInstance).isPresent()
                ? task.section(key)
                : Optional.empty();
    }

    private List<TemplateText> listed(YamlSection task, String key) {
        return task.value(key)
                .filter(v -> !Boolean.TRUE.equals(v.plain()))
                .map(v -> texts.templates(JobText.what(task, key), v))
                .orElse(List.of());
    }
}
