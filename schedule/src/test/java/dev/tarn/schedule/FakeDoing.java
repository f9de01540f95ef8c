package dev.tarn.schedule;

import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.job.TemplateText;
import dev.tarn.spi.Containers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** A project whose builds are what a test says, and whose tables are numbers. */
final class FakeDoing implements Doing {
    final List<BuildOrder> built = new ArrayList<>();
    final Map<TableName, Published> tables = new ConcurrentHashMap<>();
    final Map<RunId, Boolean> published = new ConcurrentHashMap<>();
    volatile List<String> files = List.of();
    volatile BiFunction<BuildOrder, Control, String> build = (order, control) -> "";

    @Override
    public String build(BuildOrder order, Control control) {
        synchronized (built) {
            built.add(order);
        }
        return build.apply(order, control);
    }

    @Override
    public String sql(String statements, String file, String ref, Control control) {
        return statements;
    }

    final List<Containers.Order> containers = new ArrayList<>();
    volatile Path folder = Path.of("");

    @Override
    public Path folder() {
        return folder.toAbsolutePath();
    }

    @Override
    public String container(Containers.Order order, Optional<String> runner, Control control) {
        synchronized (containers) {
            containers.add(order);
        }
        control.printText("in " + runner.orElse("what the settings say"));
        return "done";
    }

    final List<String> merged = new ArrayList<>();

    @Override
    public String merge(RefName branch, RefName into, boolean delete, boolean again) {
        synchronized (merged) {
            merged.add(branch + " into " + into);
        }
        return "1";
    }

    final List<Care> cared = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public String care(Care care, Control control) {
        cared.add(care);
        return "cared";
    }

    @Override
    public boolean settle(RunId run) {
        return published.getOrDefault(run, false);
    }

    @Override
    public Optional<Published> table(TableName table) {
        return Optional.ofNullable(tables.get(table));
    }

    volatile java.util.function.Predicate<String> holds = query -> true;
    final List<String> conditions = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public boolean holds(TemplateText query) {
        conditions.add(query.text());
        return holds.test(query.text());
    }

    @Override
    public List<String> files(String pattern) {
        return files;
    }

    void publish(String table, long publication, Instant at) {
        tables.put(TableName.parse(table), new Published(publication, at));
    }
}
