package dev.tarn.delta;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.iceberg.IcebergConfig;
import dev.tarn.iceberg.IcebergTables;
import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Outbox;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Tables;
import dev.tarn.storage.LocalStorage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A place where tables are made with everything real but the catalog. */
public final class Lab implements AutoCloseable {
    private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");

    private final Storage storage;
    private final Tables tables;
    private final Engine engine;
    private final Path folder;
    private final DeltaMirror mirror;
    private long publications;

    public Lab(Path folder) {
        this(folder, plain -> plain);
    }

    /**
     * @param around stands between the mirror and the disk
     */
    Lab(Path folder, UnaryOperator<Storage> around) {
        this.folder = folder;
        Clock clock = Clock.fixed(BEGIN, ZoneOffset.UTC);
        storage = new LocalStorage(clock);
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.resolve("ware house ü").toString(),
                                storage,
                                folder.resolve("staging"),
                                clock));
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")).withThreads(2));
        mirror = mirror(around.apply(storage));
    }

    DeltaMirror mirror(Storage used) {
        return DeltaMirror.open(
                new DeltaConfig(tables, used, engine, folder.resolve("staging"), true));
    }

    DeltaMirror mirror() {
        return mirror;
    }

    Storage storage() {
        return storage;
    }

    Tables tables() {
        return tables;
    }

    /** A state of a table that was published, and its rows as Tarn reads them, sorted. */
    public record State(TablePointer pointer, Instant at, Schema schema, List<String> rows) {}

    public Line table(String name, Schema schema) {
        return table(name, TableDefinition.of(schema));
    }

    public Line table(String name, TableDefinition definition) {
        TableName table = TableName.parse(name);
        return new Line(table, tables.create(table, definition));
    }

    public static Schema columns(Object... namesAndTypes) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            fields.add(Field.of((String) namesAndTypes[i], (Type) namesAndTypes[i + 1]));
        }
        return new Schema(fields);
    }

    /** One table and what became of it. */
    public final class Line {
        private final TableName name;
        private final List<State> states = new ArrayList<>();
        private TablePointer pointer;
        private Optional<TablePointer> published = Optional.empty();

        private Line(TableName name, TablePointer pointer) {
            this.name = name;
            this.pointer = pointer;
        }

        public TableName name() {
            return name;
        }

        TablePointer pointer() {
            return pointer;
        }

        Line back(TablePointer earlier) {
            pointer = earlier;
            return this;
        }

        public List<State> states() {
            return states;
        }

        /** The folder in which readers open it. */
        public String home() {
            return tables.state(pointer).location();
        }

        public Line append(String query) {
            try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
                pointer =
                        tables.append(
                                pointer,
                                session.write(SqlText.of(query), tables.target(pointer)),
                                Map.of());
            }
            return this;
        }

        public Line overwrite(String query) {
            try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
                pointer =
                        tables.overwrite(
                                pointer,
                                session.write(SqlText.of(query), tables.target(pointer)),
                                Map.of());
            }
            return this;
        }

        /** Takes away the rows whose {@code id} a query gives. */
        public Line delete(String ids) {
            try (EngineSession session = open(pointer)) {
                List<RowPositions> rows = session.matches(name, SqlText.of(ids), List.of("id"), "");
                pointer = tables.replaceRows(pointer, rows, List.of(), Map.of());
            }
            return this;
        }

        /** Gives rows that a query names by their {@code id} other values; they keep their ids. */
        Line update(String rows) {
            String changed =
                    "select n.*, o.__tarn_row_id as _row_id from (%s) n join %s o using (id)"
                            .formatted(rows, name);
            try (EngineSession session = open(pointer, new Relation.Places.Told())) {
                List<RowPositions> old =
                        session.positions(
                                name,
                                SqlText.of(
                                        "select o.__tarn_file, o.__tarn_position from (%s) n join %s o using (id)"
                                                .formatted(rows, name)));
                WriteTarget target = tables.target(pointer);
                List<Field> columns = new ArrayList<>(target.schema().fields());
                columns.add(RowLineage.ROW_ID);
                pointer =
                        tables.replaceRows(
                                pointer,
                                old,
                                session.write(
                                        SqlText.of(changed),
                                        target.with(new Schema(columns), List.of())),
                                Map.of());
            }
            return this;
        }

        public Line evolve(SchemaChange... changes) {
            pointer = tables.evolve(pointer, List.of(changes));
            return this;
        }

        public Line redefine(UnaryOperator<TableDefinition> change) {
            pointer = tables.redefine(pointer, change.apply(tables.state(pointer).definition()));
            return this;
        }

        /** Publishes what the table has become and tells Delta of it. */
        public Line publish() {
            mirror.tell(name, List.of(publishQuietly()));
            return this;
        }

        /** Publishes without telling. */
        Outbox.Item publishQuietly() {
            publications++;
            Instant at = BEGIN.plusSeconds(publications);
            Outbox.Item item =
                    new Outbox.Item(
                            name,
                            new PublicationId(publications),
                            at,
                            Optional.of(pointer),
                            published);
            published = Optional.of(pointer);
            states.add(
                    new State(
                            pointer,
                            at,
                            tables.state(pointer).definition().schema(),
                            rows(pointer, shown(tables.state(pointer).definition().schema()))));
            return item;
        }

        /** Variants are compared as JSON. */
        private String shown(Schema schema) {
            return schema.fields().stream()
                    .map(f ->
                            f.type() == Type.Primitive.VARIANT
                                    ? "cast(\"%s\" as json)::varchar".formatted(f.name())
                                    : Type.quoted(f.name()))
                    .collect(Collectors.joining(", ", "select ", " from " + name));
        }

        /** Takes the table off. */
        Outbox.Item drop() {
            publications++;
            return new Outbox.Item(
                    name,
                    new PublicationId(publications),
                    BEGIN.plusSeconds(publications),
                    Optional.empty(),
                    published);
        }

        private EngineSession open(TablePointer at) {
            return open(at, new Relation.Places.Untold());
        }

        private EngineSession open(TablePointer at, Relation.Places places) {
            EngineSession session = engine.open(Engine.SessionOptions.TRUSTED);
            session.define(
                    name,
                    new Relation.Table(
                            tables.state(at).definition().schema(),
                            predicates -> tables.scan(at, Optional.empty(), predicates),
                            places));
            return session;
        }

        /** The rows of a query over a state, as text, sorted. */
        public List<String> rows(TablePointer at, String query) {
            try (EngineSession session = open(at);
                    QueryResult result = session.query(SqlText.of(query))) {
                List<String> rows = new ArrayList<>();
                while (result.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 0; i < result.schema().fields().size(); i++) {
                        values.add(text(result.schema().fields().get(i).type(), result.value(i)));
                    }
                    rows.add(String.join("|", values));
                }
                return rows.stream().sorted().toList();
            }
        }
    }

    private static String text(Type type, @Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case BigDecimal number -> number.toPlainString();
            case List<?> list -> {
                Type element = ((Type.ListOf) type).element().type();
                yield list.stream().map(v -> text(element, v)).toList().toString();
            }
            case Map<?, ?> map when type instanceof Type.Struct struct ->
                    "{"
                            + String.join(
                                    "|",
                                    struct.fields().stream()
                                            .map(f -> text(f.type(), map.get(f.name())))
                                            .toList())
                            + "}";
            case Map<?, ?> map -> {
                Type.MapOf types = (Type.MapOf) type;
                Map<String, String> sorted = new TreeMap<>();
                map.forEach((k, v) ->
                        sorted.put(
                                text(types.key().type(), Objects.requireNonNull(k)),
                                text(types.value().type(), v)));
                yield sorted.toString();
            }
            default -> value.toString();
        };
    }

    @Override
    public void close() {
        engine.close();
        storage.close();
    }
}
