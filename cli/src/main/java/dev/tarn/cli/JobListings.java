package dev.tarn.cli;

import dev.tarn.cli.output.Listing;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.Trigger;
import dev.tarn.schedule.JobViews;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Jobs and their runs as lists. */
final class JobListings {
    private JobListings() {}

    static Listing<JobViews.Listing> jobs() {
        return new Listing<JobViews.Listing>()
                .left("job", "name", l -> l.job().name().value())
                .left(
                        "starts",
                        "triggers",
                        l -> l.job().triggers().stream().map(Trigger::words).toList())
                .left("last run", "lastStatus", l -> l.last().map(r -> word(r.status())))
                .left("began", "lastStartedAt", l -> l.last().flatMap(JobRun::startedAt))
                .hidden("lastRun", l -> l.last().map(r -> r.id().value()))
                .left(
                        "next due",
                        "nextDue",
                        l ->
                                l.pausedBy().isPresent()
                                        ? Optional.of("paused by " + l.pausedBy().get())
                                        : l.trouble().isPresent()
                                                ? l.trouble().map(Object.class::cast)
                                                : l.nextDue().map(Object.class::cast))
                .hidden("trouble", JobViews.Listing::trouble)
                .hidden("paused", l -> l.pausedBy().isPresent())
                .hidden("description", l -> l.job().description())
                .hidden("owner", l -> l.job().owner())
                .hidden("file", l -> l.job().place().file());
    }

    static Listing<JobRun> runs() {
        return new Listing<JobRun>()
                .left("run", "id", r -> r.id().value())
                .left("job", "job", r -> r.job().value())
                .left("status", "status", r -> word(r.status()) + (r.late() ? ", late" : ""))
                .left("by", "by", JobRun::by)
                .hidden("cause", r -> word(r.cause()))
                .left("data up to", "intervalEnd", r -> r.interval().end())
                .hidden("intervalStart", r -> r.interval().start())
                .hidden("dueAt", JobRun::dueAt)
                .left("began", "startedAt", JobRun::startedAt)
                .hidden("finishedAt", JobRun::finishedAt)
                .right(
                        "took",
                        "seconds",
                        r ->
                                r.startedAt()
                                        .flatMap(s ->
                                                r.finishedAt().map(f -> Duration.between(s, f))))
                .hidden("params", r -> r.params().toString())
                .hidden("backfill", JobRun::backfill)
                .left("", "message", r -> r.message().map(JobListings::firstLine));
    }

    static Listing<JobViews.Step> steps() {
        return new Listing<JobViews.Step>()
                .left("task", "task", s -> s.task().task().value())
                .left("kind", "kind", s -> s.task().kind())
                .left("status", "status", s -> word(s.task().status()))
                .right("try", "attempt", s -> s.task().attempt())
                .left("began", "startedAt", s -> s.task().startedAt())
                .right(
                        "took",
                        "seconds",
                        s ->
                                s.task()
                                        .startedAt()
                                        .flatMap(b ->
                                                s.task()
                                                        .finishedAt()
                                                        .map(f -> Duration.between(b, f))))
                .left("run", "run", s -> s.task().work().map(Object::toString))
                .hidden("code", s -> s.task().code().map(Enum::name))
                .hidden("waitsFor", JobViews.Step::waitsFor)
                .hidden("message", s -> s.task().message())
                .left(
                        "",
                        s ->
                                s.waitsFor()
                                        .map(w -> "waits for " + w)
                                        .or(() -> s.task().message())
                                        .map(JobListings::firstLine)
                                        .orElse(""))
                .hidden("output", s -> s.task().output());
    }

    static Listing<Attempt> attempts() {
        return new Listing<Attempt>()
                .left("task", "task", a -> a.task().value())
                .right("try", "attempt", Attempt::attempt)
                .left("outcome", "outcome", a -> word(a.outcome()))
                .left("began", "startedAt", Attempt::startedAt)
                .right("took", "seconds", a -> Duration.between(a.startedAt(), a.finishedAt()))
                .hidden("server", a -> a.server().value())
                .hidden("run", a -> a.work().map(Object::toString))
                .hidden("code", a -> a.code().map(Enum::name))
                .left("", "message", a -> a.message().map(JobListings::firstLine));
    }

    static Listing<Backfill> backfills() {
        return new Listing<Backfill>()
                .left("backfill", "id", Backfill::id)
                .left("job", "job", b -> b.job().value())
                .left("status", "status", b -> word(b.status()))
                .left("from", "from", b -> b.range().start())
                .left("to", "to", b -> b.range().end())
                .left("queued up to", "next", Backfill::next)
                .right("at a time", "parallel", Backfill::parallel)
                .hidden("by", Backfill::by)
                .hidden("createdAt", Backfill::createdAt);
    }

    static Listing<JobRun.Interval> intervals() {
        return new Listing<JobRun.Interval>()
                .left("from", "from", JobRun.Interval::start)
                .left("to", "to", JobRun.Interval::end);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end) + " …";
    }
}
