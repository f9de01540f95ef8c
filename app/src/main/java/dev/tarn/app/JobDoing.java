package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.job.TemplateText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.refs.MergeRequest;
import dev.tarn.refs.Merged;
import dev.tarn.refs.RefMerge;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.schedule.Control;
import dev.tarn.schedule.Doing;
import dev.tarn.spi.Containers;
import dev.tarn.spi.Tracer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What tasks of jobs do with the project. Each build compiles it anew, as it is then. */
final class JobDoing implements Doing {
    private static final int FILES_MAX = 20_000;

    private final OpenRequest request;
    private final Wiring wiring;
    private final RecentReports reports;
    private final Path folder;
    private final ContainerRunners containers;

    JobDoing(OpenRequest request, Wiring wiring, RecentReports reports) {
        this.request = request;
        this.wiring = wiring;
        this.reports = reports;
        this.folder = request.projectDirectory().toAbsolutePath().normalize();
        this.containers =
                new ContainerRunners(wiring.settings().jobs(), folder, wiring.environment());
    }

    @Override
    public Tracer tracer() {
        return wiring.tracer();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String container(Containers.Order order, Optional<String> runner, Control control) {
        return containers.run(order, runner, control);
    }

    @Override
    public String build(BuildOrder order, Control control) {
        Building building = new Building(request.withVars(vars(order)), wiring);
        BuildOptions options =
                BuildOptions.NONE.withData(
                        order.interval()
                                .map(i ->
                                        new RunRequest.InputData(
                                                false,
                                                RunRequest.Period.OPEN,
                                                new RunRequest.Period(
                                                        Optional.of(i.start()),
                                                        Optional.of(i.end()))))
                                .orElse(RunRequest.InputData.ALL));
        BuildRequest build =
                new BuildRequest(
                                order.command(),
                                kinds(order.verb()),
                                order.select(),
                                order.exclude(),
                                new RefName(order.ref()),
                                order.full(),
                                false,
                                order.retryOf().filter(this::canGoOn))
                        .with(options);
        RunReport report = building.build(build, new TaskTelling(control), cancellation(control));
        reports.keep(report);
        if (!report.problems().isEmpty()) {
            throw new TarnException(report.problems());
        }
        return report.run().id().value();
    }

    private Map<String, @Nullable Object> vars(BuildOrder order) {
        Map<String, @Nullable Object> vars = new LinkedHashMap<>(request.vars());
        vars.putAll(order.vars());
        return vars;
    }

    private static Set<NodeKind> kinds(String verb) {
        return switch (verb) {
            case "ingest" -> EnumSet.of(NodeKind.SOURCE);
            case "seed" -> EnumSet.of(NodeKind.SEED);
            case "run" -> EnumSet.of(NodeKind.MODEL);
            case "test" -> EnumSet.of(NodeKind.CHECK, NodeKind.UNIT);
            case "snapshot" -> EnumSet.of(NodeKind.SNAPSHOT);
            default -> EnumSet.allOf(NodeKind.class);
        };
    }

    /** Whether what the run finished is still there. */
    private boolean canGoOn(RunId id) {
        try {
            RunStatus status = wiring.runs().run(id).status();
            boolean failed =
                    status == RunStatus.FAILED
                            || status == RunStatus.LOST
                            || status == RunStatus.CANCELLED;
            return failed && wiring.catalog().ref(RefName.of(id)).name().equals(RefName.of(id));
        } catch (TarnException e) {
            return false;
        }
    }

    private static Cancellation cancellation(Control control) {
        Cancellation cancellation = new Cancellation();
        control.onStop(cancellation::cancel);
        return cancellation;
    }

    @Override
    public String sql(String statements, String file, String ref, Control control) {
        Executed done =
                new Executing(wiring)
                        .execute(
                                SqlText.of(statements),
                                new RefName(ref),
                                new TaskTelling(control),
                                cancellation(control));
        return done.run().id().value();
    }

    @Override
    public String merge(RefName branch, RefName into, boolean delete, boolean again) {
        Merged merged;
        try {
            merged =
                    new RefMerge(wiring.catalog(), wiring.tables())
                            .merge(new MergeRequest(branch, into, Optional.empty(), false));
        } catch (TarnException e) {
            if (again && delete && e.code() == ErrorCode.REF_NOT_FOUND) {
                // The attempt before got as far as that.
                return "";
            }
            throw e;
        }
        if (delete) {
            wiring.catalog().delete(branch);
        }
        return merged.publication().map(p -> p.id().toString()).orElse("");
    }

    @Override
    public String care(Care care, Control control) {
        return new JobCare(request, wiring).take(care, control, cancellation(control));
    }

    @Override
    public boolean settle(RunId id) {
        try {
            wiring.runs()
                    .end(
                            id,
                            RunStatus.LOST,
                            wiring.clock().instant(),
                            Optional.of("Its server vanished."));
            RunStatus status = wiring.runs().run(id).status();
            return status == RunStatus.PUBLISHED || status == RunStatus.UNCHANGED;
        } catch (TarnException e) {
            if (e.code() == ErrorCode.RUN_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Optional<Published> table(TableName table) {
        EntryKey key = EntryKey.of(table);
        return wiring.catalog()
                .read(RefName.MAIN, AsOf.head())
                .find(key)
                .map(found ->
                        new Published(
                                found.version().value(),
                                wiring.catalog().history(RefName.MAIN, key, 1).stream()
                                        .findFirst()
                                        .map(v -> v.publication().at())
                                        .orElse(wiring.clock().instant())));
    }

    @Override
    public boolean holds(TemplateText query) {
        return new TriggerCondition(wiring).holds(query);
    }

    @Override
    public List<String> files(String pattern) {
        String place =
                pattern.contains("://")
                        ? pattern
                        : Path.of(request.projectDirectory().toAbsolutePath().toString())
                                .resolve(pattern)
                                .normalize()
                                .toString();
        List<String> files =
                wiring.storage().list(place).stream()
                        .map(f -> f.location() + "|" + f.version())
                        .toList();
        if (files.size() > FILES_MAX) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED,
                    "More than %,d files fit %s. Move files away that were handled, or write a narrower pattern."
                            .formatted(FILES_MAX, pattern));
        }
        return files;
    }
}
