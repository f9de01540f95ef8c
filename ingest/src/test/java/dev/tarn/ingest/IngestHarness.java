package dev.tarn.ingest;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.ingest.Landing.Settled;
import dev.tarn.model.Place;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowReaders;
import dev.tarn.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A source with its table, its quarantine and its positions, without a catalog and a table format:
 * rows are kept as the Parquet files that the engine wrote.
 */
final class IngestHarness implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123456Z");

    final Path project;
    private final Engine engine;
    private final EngineSession session;
    private final FileIngest ingest;
    private final Map<String, Versioned> positions = new TreeMap<>();
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final List<List<@Nullable Object>> quarantine = new ArrayList<>();
    private Optional<Schema> table = Optional.empty();
    private IngestSpec spec;

    IngestHarness(Path project, RowReaders readers) {
        this.project = project;
        engine = DuckDbEngine.open(DuckDbConfig.defaults(project.resolve("_spill")));
        session = engine.open(Engine.SessionOptions.TRUSTED);
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        ingest = new FileIngest(new LocalStorage(clock), readers, clock);
        spec =
                new IngestSpec(
                        "in",
                        Optional.empty(),
                        SchemaPolicy.EVOLVE,
                        Map.of(),
                        Map.of(),
                        List.of(),
                        new Place("models/sources.yml", 3, 5));
    }

    IngestHarness options(Map<String, String> options) {
        spec =
                copy(
                        spec.location(),
                        spec.format(),
                        spec.schemaPolicy(),
                        options,
                        spec.columnTypes());
        return this;
    }

    IngestHarness types(Map<String, String> types) {
        spec = copy(spec.location(), spec.format(), spec.schemaPolicy(), spec.options(), types);
        return this;
    }

    IngestHarness policy(SchemaPolicy policy) {
        spec = copy(spec.location(), spec.format(), policy, spec.options(), spec.columnTypes());
        return this;
    }

    IngestHarness format(Format format) {
        spec =
                copy(
                        spec.location(),
                        Optional.of(format),
                        spec.schemaPolicy(),
                        spec.options(),
                        spec.columnTypes());
        return this;
    }

    IngestHarness location(String location) {
        spec =
                copy(
                        location,
                        spec.format(),
                        spec.schemaPolicy(),
                        spec.options(),
                        spec.columnTypes());
        return this;
    }

    private IngestSpec copy(
            String location,
            Optional<Format> format,
            SchemaPolicy policy,
            Map<String, String> options,
            Map<String, String> types) {
        return new IngestSpec(location, format, policy, options, types, List.of(), spec.place());
    }

    Path file(String name, byte[] content) throws IOException {
        Path path = project.resolve("in").resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, content);
    }

    Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Plans, lands, writes, settles and publishes. */
    Settled run() {
        return write(land(plan()));
    }

    IngestPlan plan() {
        return ingest.plan(source(), project, view());
    }

    Landing land(IngestPlan plan) {
        return ingest.land(plan, table, session);
    }

    Settled write(Landing landing) {
        Schema schema = withIds(landing.schema());
        List<WrittenFile> written =
                session.write(landing.rows(), target(schema, UUID.randomUUID().toString()));
        Settled settled = landing.settle(written.stream().mapToLong(WrittenFile::rows).sum());
        read(written, rows);
        settled.quarantine()
                .ifPresent(q ->
                        read(
                                session.write(
                                        q,
                                        target(
                                                withIds(Landing.quarantineSchema()),
                                                UUID.randomUUID().toString())),
                                quarantine));
        for (Change change : settled.positions()) {
            positions.put(
                    change.key().name(),
                    new Versioned(change.key(), change.next().orElseThrow(), new PublicationId(1)));
        }
        table = Optional.of(schema);
        return settled;
    }

    /** The table's columns and types without the metadata ones, such as {@code a BIGINT}. */
    List<String> columns() {
        return table.orElseThrow().fields().stream()
                .filter(f -> !f.name().startsWith("_"))
                .map(f -> f.name() + " " + f.type().sql())
                .toList();
    }

    List<String> schemaNames() {
        return table.orElseThrow().names();
    }

    /** The rows without {@code _ingested_at}, in the order of files and rows. */
    List<List<@Nullable Object>> rows() {
        return rows;
    }

    /** The quarantined rows without {@code _ingested_at} and {@code _beside}. */
    List<List<@Nullable Object>> quarantine() {
        return quarantine;
    }

    Map<String, String> positionValues() {
        Map<String, String> values = new TreeMap<>();
        positions.forEach((name, value) -> values.put(name, value.entry().toString()));
        return values;
    }

    EngineSession session() {
        return session;
    }

    private void read(List<WrittenFile> files, List<List<@Nullable Object>> into) {
        for (WrittenFile file : files) {
            String query =
                    "SELECT COLUMNS(lambda c: c NOT IN ('_ingested_at', '_beside')) FROM read_parquet('%s') ORDER BY _file, _row"
                            .formatted(file.path());
            try (QueryResult result = session.query(SqlText.of(query))) {
                while (result.next()) {
                    into.add(result.row());
                }
            }
        }
    }

    private WriteTarget target(Schema schema, String folder) {
        return new WriteTarget(
                schema, List.of(), List.of(), project.resolve("_out").resolve(folder), 1L << 30);
    }

    private static Schema withIds(Schema schema) {
        List<Field> fields = new ArrayList<>();
        int id = 100;
        for (Field field : schema.fields()) {
            fields.add(
                    new Field(
                            id,
                            field.name(),
                            withIds(field.type(), id * 100),
                            false,
                            Optional.empty(),
                            Optional.empty()));
            id++;
        }
        return new Schema(fields);
    }

    private static dev.tarn.model.table.Type withIds(dev.tarn.model.table.Type type, int from) {
        return switch (type) {
            case dev.tarn.model.table.Type.Primitive p -> p;
            case dev.tarn.model.table.Type.Decimal d -> d;
            case dev.tarn.model.table.Type.MapOf m -> m;
            case dev.tarn.model.table.Type.ListOf l ->
                    new dev.tarn.model.table.Type.ListOf(withId(l.element(), from + 1));
            case dev.tarn.model.table.Type.Struct s -> {
                List<Field> fields = new ArrayList<>();
                int id = from + 1;
                for (Field field : s.fields()) {
                    fields.add(withId(field, id++));
                }
                yield new dev.tarn.model.table.Type.Struct(fields);
            }
        };
    }

    private static Field withId(Field field, int id) {
        return new Field(
                id,
                field.name(),
                withIds(field.type(), id * 100),
                false,
                Optional.empty(),
                Optional.empty());
    }

    private Node.Source source() {
        return new Node.Source(
                new Node.Common(
                        new NodeId("source.shop.raw.orders"),
                        "orders",
                        "shop",
                        List.of("shop", "raw", "orders"),
                        spec.place(),
                        List.of(),
                        List.of(),
                        "",
                        Optional.empty(),
                        "f"),
                "raw",
                TableName.parse("raw.orders"),
                Map.of(),
                Optional.of(spec));
    }

    private CatalogView view() {
        return new CatalogView() {
            @Override
            public RefName ref() {
                return RefName.MAIN;
            }

            @Override
            public PublicationId asOf() {
                return new PublicationId(1);
            }

            @Override
            public Optional<Versioned> find(EntryKey key) {
                return Optional.ofNullable(positions.get(key.name()));
            }

            @Override
            public List<Versioned> list(EntryKey.Kind kind, String prefix) {
                return positions.values().stream()
                        .filter(v -> v.key().kind() == kind && v.key().name().startsWith(prefix))
                        .toList();
            }
        };
    }

    @Override
    public void close() {
        session.close();
        engine.close();
    }
}
