package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A batch that has JSON objects in one of its columns: their members become columns beside the
 * others, as those of a JSON file do. Objects are looked at while they are told; members whose
 * values all are as the first ones were have them told beside the objects, and others are taken out
 * of the objects by the engine.
 */
final class Documents implements DocumentSink.Lanes {
    private static final String LANE = "tarn_member_";

    /** With more columns than that, most rows have values in few of them. */
    private static final int MOST_LANES = 64;

    private final Schema batch;
    private final Field document;
    private final Optional<RowPlace> place;
    private final Map<String, Type> declared;
    private final Optional<Schema> tableNow;
    private final Supplier<List<Schema>> known;
    private final Set<String> variants;
    private final List<DocumentSink> sinks = new ArrayList<>();

    /**
     * @param batch the columns that are told
     * @param document the one with the objects
     * @param declared types by name of a member, in lower case
     * @param tableNow the table they are for
     * @param known what the source says of the members of rows that were told so far
     */
    Documents(
            Schema batch,
            String document,
            Optional<RowPlace> place,
            Map<String, Type> declared,
            Optional<Schema> tableNow,
            Supplier<List<Schema>> known) {
        this.batch = batch;
        this.document = batch.find(document).orElseThrow();
        this.place = place;
        this.declared = Map.copyOf(declared);
        this.tableNow = tableNow;
        this.known = known;
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
        rows.hold();
        DocumentSink sink = new DocumentSink(rows, refusals, batch, document.name(), place, this);
        sinks.add(sink);
        return new FirstRows(sink, batch.fields().indexOf(document));
    }

    @Override
    public DocumentText look() {
        return new DocumentText(declared, variants, taken());
    }

    @Override
    public List<MemberLane> of(Collection<LineColumn> columns, Map<String, LineColumn> seen) {
        if (columns.size() > MOST_LANES) {
            return List.of();
        }
        List<MemberLane> lanes = new ArrayList<>();
        for (LineColumn column : columns) {
            LineColumn values = seen.get(column.name);
            if (values != null && !variants.contains(lower(column.name))) {
                lanes.add(new MemberLane(column, LANE + lanes.size(), laneType(values)));
            }
        }
        return lanes;
    }

    /** The type that values have, if that is what they are to be; else texts. */
    private Primitive laneType(LineColumn values) {
        List<Type> wanted = new ArrayList<>();
        tableNow.flatMap(t -> t.find(values.name)).map(Field::type).ifPresent(wanted::add);
        known.get().forEach(s -> s.find(values.name).map(Field::type).ifPresent(wanted::add));
        Type plain = values.plainType().orElse(Primitive.VARCHAR);
        if (plain == Primitive.BIGINT
                && !wanted.isEmpty()
                && wanted.stream().allMatch(t -> t == Primitive.DOUBLE)) {
            return Primitive.DOUBLE;
        }
        boolean fits =
                wanted.stream()
                        .allMatch(t ->
                                t.equals(plain)
                                        || (plain == Primitive.BIGINT && t == Primitive.INTEGER));
        return fits && plain instanceof Primitive type ? type : Primitive.VARCHAR;
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
     * The part of the landing's query that has the members as columns.
     *
     * @param from the relation that has what was told
     * @param place which of the sinks it was told to
     * @param known what the source says of the members, and vouches for
     */
    Branch branch(String from, int place, SchemaDecision decision, List<Schema> known) {
        Map<String, String> names = new LinkedHashMap<>();
        columns().forEach(c -> names.putIfAbsent(lower(c.name), c.name));
        Map<String, MemberLane> lanes = new HashMap<>();
        sinks.get(place).members().forEach(l -> lanes.put(lower(l.column.name), l));
        List<Field> fields = new ArrayList<>();
        List<String> values = new ArrayList<>();
        Set<String> typed = new HashSet<>();
        for (Field other : others()) {
            fields.add(other);
            values.add(Branch.name(other.name()));
            typed.add(lower(other.name()));
        }
        Map<String, Type> read = readAs(decision, known);
        Map<String, String> apart = new LinkedHashMap<>();
        names.forEach((key, name) -> {
            Type type = decision.columns().find(name).map(Field::type).orElse(Primitive.VARCHAR);
            Optional<MemberLane> lane =
                    Optional.ofNullable(lanes.get(key)).filter(MemberLane::isWhole);
            Optional<String> made = lane.flatMap(l -> l.as(type, vouched(name, type, known)));
            boolean text = lane.filter(l -> l.type() == Primitive.VARCHAR).isPresent();
            if (text) {
                fields.add(Field.of(name, Primitive.VARCHAR));
                values.add(lane.get().name() + " AS " + Branch.name(name));
            } else if (made.isPresent()) {
                fields.add(Field.of(name, type));
                values.add(made.get() + " AS " + Branch.name(name));
                typed.add(key);
            } else {
                apart.put(key, name);
                fields.add(Field.of(name, read.getOrDefault(key, Primitive.VARCHAR)));
                values.add(apart(name) + " AS " + Branch.name(name));
                if (read.containsKey(key)) {
                    typed.add(key);
                }
            }
        });
        String text = Branch.name(document.name());
        String inner =
                apart.isEmpty()
                        ? from
                        : "(SELECT *, from_json(CASE WHEN random() >= 0 THEN %s END, %s) AS _parts FROM %s)"
                                .formatted(text, structure(apart, read), from);
        String all =
                "(SELECT %s AS _file, %s AS _row, %s AS _raw_text, %s FROM %s)"
                        .formatted(part(), number(), text, String.join(", ", values), inner);
        return new Branch(all, fields, true, true, certain(names.keySet(), decision, known), typed);
    }

    /** The value of a member that the engine takes out of an object. */
    private String apart(String name) {
        String part = "_parts." + Branch.name(name);
        return variants.contains(lower(name)) ? "nullif(" + part + "::VARCHAR, 'null')" : part;
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
