package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Cron;
import dev.tarn.model.job.CronErrors;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.TemplateText;
import dev.tarn.model.job.Trigger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what starts a job. */
final class JobTriggerReader {
    private static final List<String> KINDS =
            List.of("cron", "every", "published", "file", "after", "fresh");
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final JobText texts;
    private final Problems problems;
    private final Optional<Instant> start;

    JobTriggerReader(JobText texts, Problems problems, Optional<Instant> start) {
        this.texts = texts;
        this.problems = problems;
        this.start = start;
    }

    Optional<Trigger> read(YamlValue value) {
        if (value instanceof YamlValue.Scalar scalar) {
            return cron(scalar.text(), texts.template(scalar).place(), ZoneOffset.UTC);
        }
        Optional<YamlSection> section = YamlSection.of("A schedule", value, problems);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        YamlSection schedule = section.get();
        List<String> kinds =
                KINDS.stream().filter(k -> schedule.mapping().find(k).isPresent()).toList();
        Optional<Trigger> trigger =
                kinds.size() == 1 ? read(kinds.getFirst(), schedule) : Optional.empty();
        schedule.accept(KINDS).refuseOthers();
        if (kinds.size() != 1 && problems.isEmpty()) {
            problems.add(JobErrors.noTrigger(schedule.place(), KINDS));
        }
        return trigger;
    }

    private Optional<Trigger> read(String kind, YamlSection schedule) {
        return switch (kind) {
            case "cron" -> {
                ZoneId zone = zone(schedule);
                yield schedule.required("cron")
                        .flatMap(c -> cron(c, JobText.place(schedule, "cron"), zone));
            }
            case "every" -> {
                Instant from = texts.moment(schedule, "from").or(() -> start).orElse(Instant.EPOCH);
                yield texts.time(schedule, "every", SHORTEST).map(t -> new Trigger.Every(t, from));
            }
            case "published" -> published(schedule);
            case "file" -> schedule.required("file").map(Trigger.OnFile::new);
            case "after" ->
                    schedule.required("after")
                            .flatMap(name -> name(name, JobText.place(schedule, "after")));
            default -> fresh(schedule);
        };
    }

    private Optional<Trigger> name(String name, Place place) {
        try {
            return Optional.of(new Trigger.After(new JobName(name)));
        } catch (TarnException e) {
            JobFileReader.add(problems, e, place);
            return Optional.empty();
        }
    }

    private Optional<Trigger> cron(String text, Place place, ZoneId zone) {
        try {
            return Optional.of(new Trigger.OnCron(Cron.parse(text, zone)));
        } catch (TarnException e) {
            JobFileReader.add(problems, e, place);
            return Optional.empty();
        }
    }

    private ZoneId zone(YamlSection schedule) {
        Optional<String> name = schedule.text("zone");
        try {
            return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name.get());
        } catch (DateTimeException e) {
            problems.add(
                    ErrorCode.CONFIG_INVALID,
                    JobText.place(schedule, "zone"),
                    CronErrors.unknownZone(name.orElse("")));
            return ZoneOffset.UTC;
        }
    }

    private Optional<Trigger> published(YamlSection schedule) {
        List<TableName> tables = new ArrayList<>();
        for (String name : schedule.texts("published")) {
            table(name, JobText.place(schedule, "published")).ifPresent(tables::add);
        }
        Optional<TemplateText> condition = texts.template(schedule, "if");
        Match match = texts.choice(schedule, "match", Match.class, Match.ANY);
        return tables.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trigger.OnPublished(tables, match == Match.ALL, condition));
    }

    private enum Match {
        ANY,
        ALL
    }

    private Optional<Trigger> fresh(YamlSection schedule) {
        Optional<YamlSection> fresh = schedule.section("fresh");
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        Optional<TableName> table =
                fresh.get()
                        .required("table")
                        .flatMap(t -> table(t, JobText.place(fresh.get(), "table")));
        fresh.get().required("within");
        Optional<Duration> within = texts.time(fresh.get(), "within", SHORTEST);
        fresh.get().refuseOthers();
        return table.isEmpty() || within.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trigger.Fresh(table.get(), within.get()));
    }

    private Optional<TableName> table(String text, Place place) {
        try {
            return Optional.of(TableName.parse(text));
        } catch (TarnException e) {
            JobFileReader.add(problems, e, place);
            return Optional.empty();
        }
    }
}
