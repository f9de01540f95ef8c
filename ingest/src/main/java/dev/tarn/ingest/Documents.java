package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A batch that has JSON objects in one of its columns: their members become columns beside the
 * others, as those of a JSON file do. Objects are looked at while they are told, and taken apart by
 * the engine.
 */
final class Documents {
    private final Schema batch;
    private final Field document;
    private final Optional<RowPlace> place;
    private final Map<String, Type> declared;
    private final Set<String> variants;
    private final List<DocumentSink> sinks = new ArrayList<>();

    /**
     * @param batch the columns that are told
     * @param document the one with the objects
     * @param declared types by name of a member, in lower case
     * @param tableNow the table they are for
     */
    Documents(
            Schema batch,
            String document,
            Optional<RowPlace> place,
            Map<String, Type> declared,
            Optional<Schema> tableNow) {
        this.batch = batch;
        this.document = batch.find(document).orElseThrow();
        this.place = place;
        this.declared = Map.copyOf(declared);
        this.variants = new HashSet<>();
        declared.forEach((name, type) -> note(name, type));
        tableNow.ifPresent(table -> table.fields().forEach(f -> note(lower(f.name()), f.type())));
    }

    private void note(String name, Type type) {
        if (type == Primitive.VARIANT) {
            variants.add(name);
        }
    }

    /** What the rows of one portion are told to, on their way into a relation of the engine. */
    synchronized RowSink sink(RowSink rows, Refusals refusals) {
        DocumentSink sink =
                new DocumentSink(
                        rows,
                        refusals,
                        batch,
                        document.name(),
                        place,
                        new DocumentText(declared, variants, taken()));
        sinks.add(sink);
        return sink;
    }

    /** Names that members cannot have. */
    private Set<String> taken() {
        Set<String> taken =
                new HashSet<>(Set.of(ColumnNames.FILE, ColumnNames.ROW, ColumnNames.INGESTED_AT));
        others().forEach(f -> taken.add(lower(f.name())));
        return taken;
    }

    private List<Field> others() {
        return batch.fields().stream().filter(f -> !f.equals(document)).toList();
    }

    /**
     * The columns of all rows that were told.
     *
     * @param known what the source says of the members
     */
    SeenColumns seen(List<Schema> known) {
        SeenColumns seen = new SeenColumns();
        SeenColumns told = new SeenColumns();
        known.forEach(told::add);
        for (LineColumn column : columns()) {
            Optional<Type> type = told.type(column.name);
            if (type.isPresent()) {
                seen.add(new Schema(List.of(Field.of(column.name, type.get()))));
            } else {
                seen.add(column.name, column.shape());
            }
        }
        seen.add(new Schema(others()));
        return seen;
    }

    /**
     * The part of the landing's query that takes the objects apart.
     *
     * @param from the relation that has what was told
     * @param known what the source says of the members, and vouches for
     */
    Branch branch(String from, SchemaDecision decision, List<Schema> known) {
        Map<String, String> names = new LinkedHashMap<>();
        columns().forEach(c -> names.putIfAbsent(lower(c.name), c.name));
        List<Field> fields = new ArrayList<>();
        List<String> values = new ArrayList<>();
        Set<String> typed = new HashSet<>();
        for (Field other : others()) {
            fields.add(other);
            values.add(Branch.name(other.name()));
            typed.add(lower(other.name()));
        }
        Map<String, Type> read = readAs(decision, known);
        typed.addAll(read.keySet());
        for (String name : names.values()) {
            fields.add(Field.of(name, read.getOrDefault(lower(name), Primitive.VARCHAR)));
            String part = "_parts." + Branch.name(name);
            values.add(
                    (variants.contains(lower(name))
                                    ? "nullif(" + part + "::VARCHAR, 'null')"
                                    : part)
                            + " AS "
                            + Branch.name(name));
        }
        String text = Branch.name(document.name());
        String inner =
                names.isEmpty()
                        ? from
                        : "(SELECT *, from_json(CASE WHEN random() >= 0 THEN %s END, %s) AS _parts FROM %s)"
                                .formatted(text, structure(names, read), from);
        String all =
                "(SELECT %s AS _file, %s AS _row, %s AS _raw_text, %s FROM %s)"
                        .formatted(part(), number(), text, String.join(", ", values), inner);
        return new Branch(all, fields, true, true, certain(names.keySet(), decision, known), typed);
    }

    /** The types by name, in lower case, that the engine itself reads members as; else texts. */
    private Map<String, Type> readAs(SchemaDecision decision, List<Schema> known) {
        Map<String, Type> types = new HashMap<>();
        Set<String> texts = new HashSet<>(variants);
        for (LineColumn column : columns()) {
            String key = lower(column.name);
            Optional<Type> type = decision.columns().find(column.name).map(Field::type);
            if (type.filter(t -> column.isReadAs(t, vouched(column.name, t, known))).isPresent()) {
                types.put(key, type.get());
            } else {
                texts.add(key);
            }
        }
        types.keySet().removeAll(texts);
        return types;
    }

    private String structure(Map<String, String> names, Map<String, Type> read) {
        String members =
                names.entrySet().stream()
                        .map(e ->
                                "%s:\"%s\""
                                        .formatted(
                                                DocumentText.quoted(e.getValue()),
                                                variants.contains(e.getKey())
                                                        ? "JSON"
                                                        : read.getOrDefault(
                                                                        e.getKey(),
                                                                        Primitive.VARCHAR)
                                                                .sql()))
                        .collect(Collectors.joining(",", "{", "}"));
        return Branch.literal(members);
    }

    private String part() {
        return place.filter(p -> !p.part().isEmpty())
                .map(p ->
                        p.part().stream()
                                .map(c -> "CAST(" + Branch.name(c) + " AS VARCHAR)")
                                .collect(Collectors.joining(" || '/' || ")))
                .orElse("CAST(NULL AS VARCHAR)");
    }

    private String number() {
        return place.map(p -> "CAST(" + Branch.name(p.number()) + " AS BIGINT)")
                .orElse("CAST(NULL AS BIGINT)");
    }

    /** The members of which no value can fail to be cast. */
    private Set<String> certain(Set<String> names, SchemaDecision decision, List<Schema> known) {
        Set<String> certain = new HashSet<>(names);
        for (LineColumn column : columns()) {
            String key = lower(column.name);
            Type type =
                    decision.columns().find(column.name).map(Field::type).orElse(Primitive.VARCHAR);
            if (!column.isCertain(type) && !vouched(column.name, type, known)) {
                certain.remove(key);
            }
        }
        return certain;
    }

    private static boolean vouched(String name, Type type, List<Schema> known) {
        List<Type> types =
                known.stream().flatMap(s -> s.find(name).stream()).map(Field::type).toList();
        boolean scalar = type instanceof Primitive || type instanceof Type.Decimal;
        return scalar && !types.isEmpty() && types.stream().allMatch(type::equals);
    }

    private List<LineColumn> columns() {
        return sinks.stream().flatMap(s -> s.columns().stream()).toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
