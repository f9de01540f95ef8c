package dev.tarn.ingest;

import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.model.table.Type.Struct;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns the rows of a batch will have, given what the files have, what the table has and
 * what the source's policy is.
 *
 * @param columns of the rows, the metadata columns last
 * @param inferred names, in lower case, of columns whose type was chosen so that all values fit
 * @param unknown columns of the files that the table does not have and is not to get
 */
record SchemaDecision(
        Schema columns, List<SchemaChange> changes, Set<String> inferred, List<String> unknown) {
    static final Schema METADATA =
            new Schema(
                    List.of(
                            Field.of(ColumnNames.FILE, Primitive.VARCHAR),
                            Field.of(ColumnNames.ROW, Primitive.BIGINT),
                            Field.of(ColumnNames.INGESTED_AT, Primitive.TIMESTAMPTZ)));

    /** What a connector's rows get; files are told apart by two more columns. */
    static final Schema STREAM_METADATA =
            new Schema(List.of(Field.of(ColumnNames.INGESTED_AT, Primitive.TIMESTAMPTZ)));

    /** The columns that come from the files. */
    List<Field> data() {
        return columns.fields().stream().filter(f -> METADATA.find(f.name()).isEmpty()).toList();
    }

    boolean has(List<String> names) {
        return names.stream().allMatch(name -> columns.find(name).isPresent());
    }

    /** What the source has: its own types, but those of the table where they take all of them. */
    Schema seen(SeenColumns came) {
        List<Field> fields = new ArrayList<>();
        for (Field field : came.schema().fields()) {
            Optional<Type> decided = columns.find(field.name()).map(Field::type);
            boolean taken =
                    came.type(field.name()).isEmpty()
                            || decided.filter(t ->
                                            TypeUnion.of(t, field.type())
                                                    .withoutIds()
                                                    .equals(t.withoutIds()))
                                    .isPresent();
            fields.add(field.withType(taken ? decided.orElse(field.type()) : field.type()));
        }
        return new Schema(fields);
    }

    /** Names, in lower case, of columns that take any value of JSON as what it is. */
    Set<String> variants() {
        return data().stream()
                .filter(f -> f.type() == Primitive.VARIANT)
                .map(f -> f.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /**
     * @param declared types by column name in lower case
     * @throws dev.tarn.model.TarnException {@code SOURCE_HELD}
     */
    static SchemaDecision of(
            IngestSpec spec,
            String table,
            Optional<Schema> tableNow,
            SeenColumns seen,
            Map<String, Type> declared) {
        return of(spec, table, tableNow, seen, declared, List.of());
    }

    /**
     * The same, with what may have been renamed to be said of a source that is held.
     *
     * @throws dev.tarn.model.TarnException {@code SOURCE_HELD}
     */
    static SchemaDecision of(
            IngestSpec spec,
            String table,
            Optional<Schema> tableNow,
            SeenColumns seen,
            Map<String, Type> declared,
            List<Renames.Rename> renames) {
        return of(spec, table, tableNow, seen, declared, renames, Set.of());
    }

    /**
     * The same for rows that have some columns whatever comes.
     *
     * @param always the names of these; a table that has no others was made before a row came, and
     *     gets the columns of the first ones whatever the policy is
     * @throws dev.tarn.model.TarnException {@code SOURCE_HELD}
     */
    static SchemaDecision of(
            IngestSpec spec,
            String table,
            Optional<Schema> tableNow,
            SeenColumns seen,
            Map<String, Type> declared,
            List<Renames.Rename> renames,
            Set<String> always) {
        SchemaPolicy policy =
                tableNow.filter(t -> isBare(t, always)).isPresent()
                        ? SchemaPolicy.EVOLVE
                        : spec.schemaPolicy();
        Deciding deciding = deciding(spec, policy, tableNow, seen, declared);
        if (!deciding.differences.isEmpty()) {
            throw IngestErrors.held(spec.place(), table, deciding.differences, renames);
        }
        return deciding.decision();
    }

    private static boolean isBare(Schema table, Set<String> always) {
        return table.fields().stream()
                .allMatch(f -> METADATA.find(f.name()).isPresent() || always.contains(f.name()));
    }

    /** What would be decided if the table took up all that comes. */
    static SchemaDecision ifEvolved(
            IngestSpec spec,
            Optional<Schema> tableNow,
            SeenColumns seen,
            Map<String, Type> declared) {
        return deciding(spec, SchemaPolicy.EVOLVE, tableNow, seen, declared).decision();
    }

    private static Deciding deciding(
            IngestSpec spec,
            SchemaPolicy policy,
            Optional<Schema> tableNow,
            SeenColumns seen,
            Map<String, Type> declared) {
        Schema metadata = spec.connector().isPresent() ? STREAM_METADATA : METADATA;
        Deciding deciding = new Deciding(policy, seen, declared, metadata);
        tableNow.ifPresentOrElse(deciding::existing, deciding::fresh);
        return deciding;
    }

    /** One decision in the making. */
    private static final class Deciding {
        private final SchemaPolicy policy;
        private final SeenColumns seen;
        private final Map<String, Type> declared;
        private final Schema metadata;

        private final List<Field> columns = new ArrayList<>();
        private final List<SchemaChange> changes = new ArrayList<>();
        private final Set<String> inferred = new LinkedHashSet<>();
        private final List<String> unknown = new ArrayList<>();
        private final List<String> differences = new ArrayList<>();

        Deciding(
                SchemaPolicy policy,
                SeenColumns seen,
                Map<String, Type> declared,
                Schema metadata) {
            this.metadata = metadata;
            this.policy = policy;
            this.seen = seen;
            this.declared = declared;
        }

        SchemaDecision decision() {
            return new SchemaDecision(new Schema(columns), changes, inferred, unknown);
        }

        void fresh() {
            seen.names().forEach(name -> columns.add(added(name)));
            columns.addAll(metadata.fields());
        }

        void existing(Schema table) {
            for (Field field : table.fields()) {
                if (METADATA.find(field.name()).isEmpty()) {
                    columns.add(kept(field));
                }
            }
            for (String name : seen.names()) {
                if (table.find(name).isEmpty()) {
                    beyond(name);
                }
            }
            for (Field field : metadata.fields()) {
                columns.add(field);
                if (table.find(field.name()).isEmpty()) {
                    changes.add(new SchemaChange.Add(field.name(), field.type(), Optional.empty()));
                }
            }
        }

        private Field added(String name) {
            String key = name.toLowerCase(Locale.ROOT);
            Type wanted = declared.get(key);
            if (wanted == null) {
                inferred.add(key);
            }
            return Field.of(
                    name, wanted == null ? seen.type(name).orElse(Primitive.VARCHAR) : wanted);
        }

        /** A column that the table has. */
        private Field kept(Field field) {
            String key = field.name().toLowerCase(Locale.ROOT);
            if (!seen.has(key)) {
                if (policy == SchemaPolicy.HOLD) {
                    differences.add("'%s' is missing".formatted(field.name()));
                }
                return field;
            }
            Optional<Type> incoming =
                    Optional.ofNullable(declared.get(key)).or(() -> seen.type(key));
            if (incoming.isEmpty()) {
                return field;
            }
            Type union = TypeUnion.of(field.type(), incoming.get());
            if (union.withoutIds().equals(field.type().withoutIds())) {
                return field;
            }
            return switch (policy) {
                case QUARANTINE -> field;
                case HOLD -> {
                    differences.add(
                            "'%s' has values of type %s where the table has %s"
                                    .formatted(
                                            field.name(),
                                            incoming.get().sql(),
                                            field.type().sql()));
                    yield field;
                }
                case EVOLVE -> field.withType(evolved(field.name(), field.type(), union));
            };
        }

        /** The type a table's column gets; the same where only a loss would lead to the other. */
        private Type evolved(String path, Type from, Type to) {
            if (TypeUnion.isWidening(from, to)) {
                changes.add(new SchemaChange.Widen(path, to));
                return to;
            }
            if (from instanceof Struct old && to instanceof Struct wider) {
                List<Field> parts = new ArrayList<>();
                for (Field part : wider.fields()) {
                    parts.add(evolvedPart(path, old, part));
                }
                return new Struct(parts);
            }
            return from;
        }

        private Field evolvedPart(String path, Struct old, Field part) {
            String partPath = path + "." + part.name();
            Optional<Field> known = new Schema(old.fields()).find(part.name());
            if (known.isEmpty()) {
                changes.add(new SchemaChange.Add(partPath, part.type(), Optional.empty()));
                return part;
            }
            return known.get().withType(evolved(partPath, known.get().type(), part.type()));
        }

        /** A column that the table does not have. */
        private void beyond(String name) {
            switch (policy) {
                case EVOLVE -> {
                    Field field = added(name);
                    columns.add(field);
                    changes.add(new SchemaChange.Add(name, field.type(), Optional.empty()));
                }
                case QUARANTINE -> unknown.add(name);
                case HOLD -> differences.add("'%s' is new".formatted(name));
            }
        }
    }
}
