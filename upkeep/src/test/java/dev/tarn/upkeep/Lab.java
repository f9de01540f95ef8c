package dev.tarn.upkeep;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.iceberg.IcebergConfig;
import dev.tarn.iceberg.IcebergTables;
import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.LocalTestStorage;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.Tables;
import dev.tarn.spi.TestClock;
import dev.tarn.state.StateConfig;
import dev.tarn.state.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A warehouse with a catalog, tables and an engine, all of them real. */
final class Lab implements AutoCloseable {
    static final TableName NAME = TableName.parse("shop.orders");

    final TestClock clock = new TestClock(Instant.parse("2026-03-01T10:00:00Z"));
    final Tables tables;
    final Catalog catalog;
    final RunLog runs;
    final Engine engine;
    private final SplittableRandom random = new SplittableRandom(7);
    private final StateStore state;

    Lab(Path folder) {
        state = StateStore.open(StateConfig.Sqlite.at(folder.resolve("catalog.db")), clock);
        catalog = state.catalog();
        runs = state.runs();
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.resolve("tables").toString(),
                                new LocalTestStorage(),
                                folder.resolve("staging"),
                                clock));
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")).withThreads(2));
    }

    Upkeep upkeep() {
        return upkeep(UpkeepSettings.DEFAULT);
    }

    Upkeep upkeep(UpkeepSettings settings) {
        return new Upkeep(catalog, runs, tables, engine, clock, random, settings);
    }

    TableUpkeep maintain(boolean thorough) {
        return upkeep().run(
                        new UpkeepRequest(
                                RefName.MAIN,
                                List.of(NAME),
                                thorough,
                                Duration.ofMinutes(5),
                                Long.MAX_VALUE),
                        r -> {},
                        () -> false)
                .getFirst();
    }

    Versioned entry() {
        return catalog.read(RefName.MAIN, AsOf.head()).find(EntryKey.of(NAME)).orElseThrow();
    }

    TablePointer pointer() {
        return entry().pointer().orElseThrow();
    }

    void create(TableDefinition definition) {
        publish(tables.create(NAME, definition));
    }

    void publish(TablePointer pointer) {
        Optional<Versioned> seen = catalog.read(RefName.MAIN, AsOf.head()).find(EntryKey.of(NAME));
        CommitResult result =
                catalog.commit(
                        CommitRequest.of(
                                RefName.MAIN,
                                List.of(
                                        Change.put(
                                                EntryKey.of(NAME),
                                                new Entry.Table(pointer, Map.of("node", "n")),
                                                Change.Expected.of(seen))),
                                "test"));
        if (!(result instanceof CommitResult.Published)) {
            throw new AssertionError(result);
        }
    }

    TablePointer appended(TablePointer base, String query) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            return tables.append(
                    base, session.write(SqlText.of(query), tables.target(base)), Map.of());
        }
    }

    void append(String query) {
        publish(appended(pointer(), query));
    }

    List<String> rows() {
        return rows(pointer());
    }

    List<String> rows(TablePointer pointer) {
        return rows(
                tables.scan(pointer, Optional.empty(), List.of()),
                "* exclude (__tarn_file, __tarn_position, __tarn_row_id, __tarn_last_updated)");
    }

    /** The rows with their identity: id and number of the last change, then the columns. */
    List<String> identities(String columns) {
        TablePointer now = pointer();
        TableScan scan =
                tables.rows(
                        now,
                        new java.util.HashSet<>(
                                tables.inventory(now).files().stream()
                                        .map(f -> f.location())
                                        .toList()));
        return rows(scan, "__tarn_row_id, __tarn_last_updated, " + columns);
    }

    List<String> rows(TableScan scan, String columns) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    NAME,
                    new Relation.Table(scan.schema(), unused -> scan, new Relation.Places.Told()));
            return query(session, "select " + columns + " from " + NAME + " order by all");
        }
    }

    static List<String> query(EngineSession session, String sql) {
        List<String> rows = new ArrayList<>();
        try (QueryResult result = session.query(SqlText.of(sql))) {
            int columns = result.schema().fields().size();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < columns; i++) {
                    row.add(String.valueOf(result.value(i)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }

    int files() {
        return tables.inventory(pointer()).files().size();
    }

    @Override
    public void close() {
        engine.close();
        state.close();
    }
}
