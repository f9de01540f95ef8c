package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.TypeText;
import dev.tarn.spi.Catalog.EntryVersion;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Relation;
import dev.tarn.spi.TableReads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a state of the catalog holds, as the views of the SQL standard's {@code information_schema}:
 * {@code schemata}, {@code tables}, {@code views} and {@code columns}; and, beyond the standard,
 * {@code positions} and {@code position_history}: where reading sources stands and stood; and
 * {@code source_columns} and {@code source_schema_history}: the columns that sources have and had.
 */
final class ContentsViews {
    /** The schema in which sessions find them. */
    static final String SCHEMA = "warehouse_contents";

    private static final String CATALOG = "tarn";
    private static final String BATCH = "#batch";
    private static final Object NOTHING = new Object();
    private static final int VERSIONS_TOLD = 1_000;

    private final CatalogView view;
    private final TableReads tables;
    private final Optional<PastStates> past;

    /**
     * @param past what was there before, where that may be asked for
     */
    ContentsViews(CatalogView view, TableReads tables, Optional<PastStates> past) {
        this.view = view;
        this.tables = tables;
        this.past = past;
    }

    Optional<Relation> find(String name) {
        return switch (name) {
            case "schemata" -> Optional.of(schemata());
            case "tables" -> Optional.of(tables());
            case "views" -> Optional.of(views());
            case "columns" -> Optional.of(columns());
            case "batches" -> past.map(this::batches);
            case "positions" -> Optional.of(positions());
            case "position_history" -> past.map(this::positionHistory);
            case "source_columns" -> Optional.of(new SourceSchemas(view).columns());
            case "source_schema_history" -> past.map(p -> new SourceSchemas(view).history(p));
            default -> Optional.empty();
        };
    }

    private record Named(TableName name, Entry entry) {}

    private List<Named> relations() {
        List<Named> named = new ArrayList<>();
        for (Versioned found : view.list(EntryKey.Kind.RELATION, "")) {
            named.add(new Named(TableName.parse(found.key().name()), found.entry()));
        }
        return named;
    }

    private Relation schemata() {
        List<List<Object>> rows =
                relations().stream()
                        .map(r -> r.name().schema())
                        .distinct()
                        .sorted()
                        .map(s -> List.<Object>of(CATALOG, s))
                        .toList();
        return listing("catalog_name varchar, schema_name varchar", rows);
    }

    private Relation tables() {
        List<List<Object>> rows = new ArrayList<>();
        for (Named r : relations()) {
            String type = r.entry() instanceof Entry.View ? "VIEW" : "BASE TABLE";
            rows.add(List.of(CATALOG, r.name().schema(), r.name().table(), type));
        }
        return listing(
                "table_catalog varchar, table_schema varchar, table_name varchar, table_type varchar",
                rows);
    }

    private Relation views() {
        List<List<Object>> rows = new ArrayList<>();
        for (Named r : relations()) {
            if (r.entry() instanceof Entry.View v) {
                rows.add(List.of(CATALOG, r.name().schema(), r.name().table(), v.sql()));
            }
        }
        return listing(
                "table_catalog varchar, table_schema varchar, table_name varchar,"
                        + " view_definition varchar",
                rows);
    }

    private Relation columns() {
        List<List<Object>> rows = new ArrayList<>();
        for (Named r : relations()) {
            int position = 1;
            for (Field field : schema(r.entry()).map(Schema::fields).orElse(List.of())) {
                rows.add(
                        List.of(
                                CATALOG,
                                r.name().schema(),
                                r.name().table(),
                                field.name(),
                                position++,
                                NOTHING,
                                field.required() ? "NO" : "YES",
                                TypeText.of(field.type()),
                                NOTHING,
                                precision(field.type()),
                                scale(field.type())));
            }
        }
        return listing(
                "table_catalog varchar, table_schema varchar, table_name varchar, column_name varchar,"
                        + " ordinal_position integer, column_default varchar, is_nullable varchar,"
                        + " data_type varchar, character_maximum_length integer,"
                        + " numeric_precision integer, numeric_scale integer",
                rows);
    }

    /** Digits of numbers: of exact ones decimal digits, of the others bits. */
    private static Object precision(Type type) {
        return switch (type) {
            case Type.Decimal decimal -> decimal.precision();
            case Type.Primitive.INTEGER -> 32;
            case Type.Primitive.BIGINT -> 64;
            case Type.Primitive.FLOAT -> 24;
            case Type.Primitive.DOUBLE -> 53;
            default -> NOTHING;
        };
    }

    private static Object scale(Type type) {
        if (type instanceof Type.Decimal decimal) {
            return decimal.scale();
        }
        return precision(type).equals(NOTHING) ? NOTHING : 0;
    }

    /** Batches have accounts, which stand beside the positions under names of their own. */
    private List<Versioned> entries(boolean accounts) {
        return view.list(EntryKey.Kind.POSITION, "").stream()
                .filter(v -> v.key().name().endsWith(BATCH) == accounts)
                .filter(v -> !SourceSchemas.isOne(v.key()))
                .toList();
    }

    private Relation batches(PastStates states) {
        List<List<Object>> rows = new ArrayList<>();
        for (Versioned found : entries(true)) {
            String name = found.key().name();
            TableName table = TableName.parse(name.substring(0, name.length() - BATCH.length()));
            for (EntryVersion version : states.versions(view, found.key(), VERSIONS_TOLD)) {
                if (version.value().map(Versioned::entry).orElse(null)
                        instanceof Entry.Position account) {
                    rows.add(
                            List.of(
                                    table.schema(),
                                    table.table(),
                                    version.publication().id().value(),
                                    version.publication().at().toString(),
                                    account.value()));
                }
            }
        }
        Relation.View all =
                listing(
                        "table_schema varchar, table_name varchar, publication bigint,"
                                + " published_at timestamptz, account varchar",
                        rows);
        String numbers =
                Stream.of("rows", "quarantined", "duplicates", "late", "bytes")
                        .map(n -> ", cast(account ->> '%s' as bigint) as \"%s\"".formatted(n, n))
                        .collect(Collectors.joining());
        String times =
                Stream.of("first", "last", "newest")
                        .map(n ->
                                ", cast(account ->> '%s' as timestamptz) as %s_event"
                                        .formatted(n, n))
                        .collect(Collectors.joining());
        return new Relation.View(
                "select table_schema, table_name, publication, published_at%s%s from (%s)"
                        .formatted(numbers, times, all.sql()));
    }

    private Relation positions() {
        List<List<Object>> rows = new ArrayList<>();
        for (Versioned found : entries(false)) {
            if (found.entry() instanceof Entry.Position position) {
                List<Object> row = new ArrayList<>(named(found.key()));
                row.add(position.value());
                row.add(found.version().value());
                rows.add(row);
            }
        }
        return listing(
                "table_schema varchar, table_name varchar, part varchar, position varchar,"
                        + " publication bigint",
                rows);
    }

    private Relation positionHistory(PastStates states) {
        List<List<Object>> rows = new ArrayList<>();
        for (Versioned found : entries(false)) {
            for (EntryVersion version : states.versions(view, found.key(), VERSIONS_TOLD)) {
                List<Object> row = new ArrayList<>(named(found.key()));
                row.add(
                        version.value()
                                .map(v -> v.entry() instanceof Entry.Position p ? p.value() : "")
                                .map(Object.class::cast)
                                .orElse(NOTHING));
                row.add(version.publication().id().value());
                row.add(version.publication().at().toString());
                row.add(
                        version.publication()
                                .run()
                                .map(run -> (Object) run.value())
                                .orElse(NOTHING));
                rows.add(row);
            }
        }
        return listing(
                "table_schema varchar, table_name varchar, part varchar, position varchar,"
                        + " publication bigint, published_at timestamptz, run varchar",
                rows);
    }

    /** Schema, table and part; of names that are none of a source's, what there is. */
    private static List<Object> named(EntryKey key) {
        String name = key.name();
        int slash = name.indexOf('/');
        String table = slash < 0 ? name : name.substring(0, slash);
        int dot = table.lastIndexOf('.');
        return List.of(
                dot < 0 ? "" : table.substring(0, dot),
                table.substring(dot + 1),
                slash < 0 ? "" : name.substring(slash + 1));
    }

    private Optional<Schema> schema(Entry entry) {
        return switch (entry) {
            case Entry.Table table ->
                    Optional.of(tables.state(table.pointer()).definition().schema());
            case Entry.View v -> Optional.of(v.schema());
            case Entry.Position p -> Optional.empty();
            case Entry.Judgement j -> Optional.empty();
            case Entry.Namespace n -> Optional.empty();
        };
    }

    /**
     * @param columns names with types
     */
    static Relation.View listing(String columns, List<List<Object>> rows) {
        List<String> casts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String column : columns.split(", *")) {
            String[] parts = column.split(" ", 2);
            names.add(parts[0]);
            casts.add("cast(%s as %s) as %s".formatted(parts[0], parts[1], parts[0]));
        }
        List<String> tuples = new ArrayList<>();
        for (List<Object> row : rows) {
            tuples.add(
                    "("
                            + String.join(", ", row.stream().map(ContentsViews::literal).toList())
                            + ")");
        }
        if (tuples.isEmpty()) {
            tuples.add("(" + String.join(", ", names.stream().map(n -> "null").toList()) + ")");
        }
        String where = rows.isEmpty() ? " where false" : "";
        return new Relation.View(
                "select %s from (values %s) as listed(%s)%s"
                        .formatted(
                                String.join(", ", casts),
                                String.join(", ", tuples),
                                String.join(", ", names),
                                where));
    }

    private static String literal(Object value) {
        if (value.equals(NOTHING)) {
            return "null";
        }
        return value instanceof String text
                ? "'" + text.replace("'", "''") + "'"
                : value.toString();
    }
}
