package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import dev.tarn.schedule.Control;
import dev.tarn.schedule.Doing.Care;
import dev.tarn.upkeep.TableUpkeep;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tasks that keep the warehouse in order, with what they print while they do. */
final class JobCare {
    private static final String TIME = "10m";
    private static final String BYTES = "100GB";

    private final OpenRequest request;
    private final Wiring wiring;

    JobCare(OpenRequest request, Wiring wiring) {
        this.request = request;
        this.wiring = wiring;
    }

    /**
     * @return one line that says what was done
     */
    String take(Care care, Control control, Cancellation cancellation) {
        try (Tarn tarn = new Tarn(wiring, new Building(request, wiring), false)) {
            String done =
                    switch (care) {
                        case Care.Maintain maintain -> maintain(tarn, maintain, control);
                        case Care.Clean clean -> cleaned(tarn.clean(false));
                        case Care.Replay replay -> replay(tarn, replay, control, cancellation);
                        case Care.Rewind rewind -> rewind(tarn, rewind, control);
                        case Care.Feed feed -> feed(tarn, feed, control, cancellation);
                    };
            control.print(done);
            return done;
        }
    }

    private static String maintain(Tarn tarn, Care.Maintain wish, Control control) {
        MaintainReport report =
                tarn.maintain(
                        request(tarn, wish), done -> control.print(line(done)), control::isStopped);
        if (control.isStopped()) {
            throw new TarnException(ErrorCode.INTERRUPTED, "Stopped before it was done.");
        }
        return "%,d tables looked after, %,d old states forgotten%s"
                .formatted(
                        report.tables().size(),
                        report.versions(),
                        report.cleaned().map(c -> ", " + cleaned(c)).orElse(""));
    }

    /** As far as a wish can be wrong, it is so before anything is done. */
    static MaintainRequest request(Tarn tarn, Care.Maintain wish) {
        RefName ref = new RefName(wish.ref());
        List<TableName> tables =
                wish.tables().stream()
                        .map(t -> tarn.named(t.strip(), new At(ref, AsOf.head())))
                        .toList();
        return new MaintainRequest(
                ref,
                tables,
                MaintainRequest.time("'budget'", wish.budget().orElse(TIME)),
                MaintainRequest.bytes("'max_bytes'", wish.bytesMax().orElse(BYTES)),
                tables.isEmpty());
    }

    private static String line(TableUpkeep done) {
        return "%s: %s%s, %,d files before, %,d after"
                .formatted(
                        done.table(),
                        done.outcome().name().toLowerCase(Locale.ROOT),
                        done.note().isEmpty() ? "" : " (" + done.note() + ")",
                        done.before(),
                        done.after());
    }

    private static String cleaned(Housekeeping.Report report) {
        return "%,d files with %,d bytes removed"
                .formatted(report.removed().size(), report.bytes());
    }

    private static String replay(
            Tarn tarn, Care.Replay wish, Control control, Cancellation cancellation) {
        RunReport report =
                tarn.sources()
                        .quarantine()
                        .replay(
                                new BuildRequest(
                                        wish.command(),
                                        EnumSet.of(NodeKind.SOURCE),
                                        wish.select(),
                                        List.of(),
                                        new RefName(wish.ref()),
                                        false,
                                        false,
                                        Optional.empty()),
                                wish.where().orElse("true"),
                                new TaskTelling(control),
                                cancellation);
        if (!report.problems().isEmpty()) {
            throw new TarnException(report.problems());
        }
        return report.run().id().value();
    }

    private static String feed(
            Tarn tarn, Care.Feed wish, Control control, Cancellation cancellation) {
        long[] told = {0};
        tarn.feeds()
                .tell(
                        wish.names(),
                        false,
                        step -> {
                            told[0] += step.changes();
                            control.print(step.words());
                        },
                        cancellation);
        return "%,d %s told".formatted(told[0], told[0] == 1 ? "change" : "changes");
    }

    private static String rewind(Tarn tarn, Care.Rewind wish, Control control) {
        Rewind.Result result = tarn.sources().rewind(rewind(wish, false));
        for (Rewind.Moved moved : result.moved()) {
            control.print(
                    "%s, %s: from %s to %s"
                            .formatted(
                                    moved.table(),
                                    moved.part(),
                                    moved.from().orElse("nothing"),
                                    moved.to().orElse("nothing")));
        }
        return "%,d positions moved%s"
                .formatted(
                        result.moved().size(),
                        result.publication().map(p -> ", publication " + p.id()).orElse(""));
    }

    static Rewind rewind(Care.Rewind wish, boolean dryRun) {
        RefName ref = new RefName(wish.ref());
        return new Rewind(
                wish.select(),
                List.of(),
                ref,
                target(wish, ref),
                wish.parts(),
                wish.keepRows() || wish.position().isPresent(),
                dryRun);
    }

    private static Rewind.Target target(Care.Rewind wish, RefName ref) {
        if (wish.position().isPresent()) {
            return new Rewind.Target.Value(wish.position().get());
        }
        String to = wish.to().orElse("start");
        return to.equals("start")
                ? new Rewind.Target.Start()
                : new Rewind.Target.State(At.parse(to, ref));
    }
}
