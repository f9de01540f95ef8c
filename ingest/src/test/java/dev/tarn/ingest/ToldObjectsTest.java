package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.ingest.LandedDocuments.Ground;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects whose members are told land as their JSON does. */
final class ToldObjectsTest {
    /** More than the first rows, which are held. */
    private static final int ROWS = 2300;

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private static final List<Type> TYPES =
            List.of(
                    Primitive.BIGINT,
                    Primitive.INTEGER,
                    Primitive.BOOLEAN,
                    Primitive.FLOAT,
                    Primitive.DOUBLE,
                    Primitive.DATE,
                    Primitive.TIMESTAMP,
                    Primitive.TIMESTAMPTZ,
                    Primitive.VARCHAR,
                    Primitive.TIME,
                    Primitive.UUID,
                    Primitive.TIMESTAMP_NS,
                    new Type.Decimal(12, 2));

    @TempDir private Path folder;

    /** A value in JSON, and how it is told. */
    private record Value(String json, Consumer<RowSink> telling) {
        static final Value NOTHING = new Value("null", RowSink::nothing);

        static Value text(String text) {
            return new Value('"' + text + '"', s -> s.bytes(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Objects that are known by their number. */
    private static final class Numbered implements ObjectForm {
        private final Schema members;
        private final List<List<Value>> objects = new ArrayList<>();
        private final AtomicInteger written = new AtomicInteger();
        private List<Value> latest = List.of();

        Numbered(Schema members) {
            this.members = members;
        }

        byte[] add(List<Value> values) {
            objects.add(values);
            return ByteBuffer.allocate(6).putInt(1, objects.size() - 1).array();
        }

        private List<Value> object(byte[] bytes, int from, int to) {
            assertThat(to - from).isEqualTo(4);
            return objects.get(ByteBuffer.wrap(bytes).getInt(from));
        }

        @Override
        public Schema members() {
            return members;
        }

        @Override
        public boolean read(byte[] bytes, int from, int to) {
            latest = object(bytes, from, to);
            return true;
        }

        @Override
        public void tell(int member, RowSink rows) {
            latest.get(member).telling().accept(rows);
        }

        @Override
        public byte[] json(byte[] bytes, int from, int to) {
            written.incrementAndGet();
            return json(object(bytes, from, to)).getBytes(StandardCharsets.UTF_8);
        }

        private String json(List<Value> values) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                String name = members.fields().get(i).name();
                parts.add("\"" + name + "\":" + values.get(i).json());
            }
            return "{" + String.join(",", parts) + "}";
        }
    }

    private static Value value(Random random, Type type) {
        if (random.nextInt(6) == 0) {
            return Value.NOTHING;
        }
        int pick = random.nextInt(12);
        if (!(type instanceof Primitive primitive)) {
            return Value.text((random.nextInt(2000) - 1000) + "." + (10 + random.nextInt(90)));
        }
        long seconds = random.nextLong(-62_000_000_000L, 250_000_000_000L);
        String time = Instant.ofEpochSecond(seconds).toString();
        return switch (primitive) {
            case BIGINT -> {
                long n = pick == 0 ? random.nextLong() : random.nextInt(100) - 50;
                yield new Value(Long.toString(n), s -> s.integer(n));
            }
            case INTEGER -> {
                int n = pick == 0 ? random.nextInt() : random.nextInt(9);
                yield new Value(Integer.toString(n), s -> s.integer(n));
            }
            case BOOLEAN -> {
                boolean b = random.nextBoolean();
                yield new Value(Boolean.toString(b), s -> s.truth(b));
            }
            case FLOAT -> {
                float n =
                        pick == 0
                                ? Float.intBitsToFloat(random.nextInt())
                                : random.nextInt(500) / 4f;
                String text = Float.toString(n);
                yield new Value(
                        Float.isFinite(n) ? text : '"' + text + '"',
                        s -> s.number(Float.isNaN(n) ? Double.NaN : n));
            }
            case DOUBLE -> {
                double n =
                        switch (pick) {
                            case 0 -> Double.longBitsToDouble(random.nextLong());
                            case 1 -> random.nextDouble();
                            case 2 -> -0.0;
                            default -> random.nextInt(500) / 10.0;
                        };
                String text = Double.toString(n);
                yield new Value(
                        Double.isFinite(n) ? text : '"' + text + '"',
                        s -> s.number(Double.isNaN(n) ? Double.NaN : n));
            }
            case DATE -> {
                LocalDate day = LocalDate.parse(time.substring(0, 10));
                yield new Value('"' + day.toString() + '"', s -> s.date((int) day.toEpochDay()));
            }
            case TIMESTAMP ->
                    new Value(
                            '"' + time.replace("Z", "") + '"',
                            s -> s.timestamp(seconds * 1_000_000));
            case TIMESTAMPTZ -> new Value('"' + time + '"', s -> s.timestamp(seconds * 1_000_000));
            case TIME -> Value.text(time.substring(11, 19));
            case TIMESTAMP_NS -> Value.text("2026-11-22T18:05:55.12345678" + random.nextInt(10));
            case UUID -> Value.text("00000000-0000-4000-8000-00000000000" + random.nextInt(10));
            default ->
                    switch (pick) {
                        case 0 -> Value.text("12");
                        case 1 -> Value.text("2026-11-22");
                        case 2 -> Value.text("");
                        case 3 -> Value.text("straße 🦆");
                        case 4 ->
                                new Value(
                                        "\"a \\\"b\\\"\\n\"",
                                        s -> s.bytes("a \"b\"\n".getBytes(StandardCharsets.UTF_8)));
                        default -> Value.text("word " + random.nextInt(30));
                    };
        };
    }

    private static Type type(Random random) {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    private static Schema schema(Random random, List<String> names) {
        return new Schema(names.stream().map(n -> Field.of(n, type(random))).toList());
    }

    /** The same with other types, fewer columns, or more. */
    private static Schema changed(Random random, Schema schema) {
        List<Field> fields = new ArrayList<>(schema.fields());
        switch (random.nextInt(4)) {
            case 0 -> fields.removeFirst();
            case 1 -> fields.add(Field.of("late", type(random)));
            case 2 -> fields.set(1, fields.get(1).withType(type(random)));
            default -> fields.set(2, Field.of("C", fields.get(2).type()));
        }
        return new Schema(fields);
    }

    private static Ground ground(Random random, List<Schema> members) {
        boolean table = random.nextInt(2) == 0;
        Field known = members.getFirst().fields().get(1);
        Type is = random.nextInt(3) == 0 ? known.type() : type(random);
        return new Ground(
                random.nextBoolean() ? SchemaPolicy.EVOLVE : SchemaPolicy.QUARANTINE,
                table || random.nextInt(5) > 0 ? Map.of() : Map.of("a", type(random)),
                table
                        ? Optional.of(
                                new Schema(
                                        List.of(
                                                Field.of("b", is),
                                                Field.of("_offset", Primitive.BIGINT))))
                        : Optional.empty(),
                members);
    }

    private LandedDocuments land(Ground ground, List<Consumer<RowSink>> documents) {
        List<String> names = Stream.concat(NAMES.stream(), Stream.of("late")).toList();
        return LandedDocuments.of(folder, ground, names, documents);
    }

    private static Consumer<RowSink> told(Numbered form, byte[] bytes) {
        return sink -> {
            assertThat(form.read(bytes, 1, 5)).isTrue();
            sink.object(form, bytes, 1, 5);
        };
    }

    private static Consumer<RowSink> asJson(Numbered form, byte[] bytes) {
        return sink -> sink.bytes(form.json(bytes, 1, 5));
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, 40).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void objectsOfAnySchemasLandAsTheirJsonDoes(int seed) {
        Random random = new Random(seed);
        Schema first = schema(random, NAMES);
        List<Numbered> forms = new ArrayList<>(List.of(new Numbered(first)));
        if (seed % 3 != 0) {
            forms.add(new Numbered(changed(random, first)));
        }
        int odd = seed % 4 == 0 ? 50 : 0;
        List<Consumer<RowSink>> told = new ArrayList<>();
        List<Consumer<RowSink>> asJson = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            boolean late = forms.size() > 1 && i > ROWS - 200 * (seed % 14) && random.nextBoolean();
            Numbered form = late ? forms.getLast() : forms.getFirst();
            byte[] bytes =
                    form.add(
                            form.members().fields().stream()
                                    .map(f -> value(random, f.type()))
                                    .toList());
            if (odd > 0 && random.nextInt(odd) == 0) {
                told.add(random.nextBoolean() ? RowSink::nothing : asJson(form, bytes));
                asJson.add(told.getLast());
            } else {
                told.add(told(form, bytes));
                asJson.add(asJson(form, bytes));
            }
        }
        Ground ground = ground(random, forms.stream().map(Numbered::members).toList());

        LandedDocuments landed = land(ground, told);

        assertThat(landed).as("told, and as JSON, with %s", ground).isEqualTo(land(ground, asJson));
        assertThat(landed.rows().size() + landed.quarantine().size() + landed.refused().size())
                .isEqualTo(ROWS);
    }

    @Test
    void nobodyWritesTheJsonOfObjectsWhoseMembersAllHaveLanes() {
        Random random = new Random(7);
        Schema members =
                new Schema(
                        IntStream.range(0, TYPES.size())
                                .mapToObj(i -> Field.of("m" + i, TYPES.get(i)))
                                .toList());
        Numbered form = new Numbered(members);
        List<Consumer<RowSink>> told = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            told.add(told(form, form.add(TYPES.stream().map(t -> value(random, t)).toList())));
        }
        Ground ground =
                new Ground(SchemaPolicy.EVOLVE, Map.of(), Optional.empty(), List.of(members));

        LandedDocuments landed = LandedDocuments.of(folder, ground, members.names(), told);

        assertThat(landed.types()).isEqualTo(TYPES.stream().map(Type::sql).toList());
        assertThat(landed.rows()).hasSize(ROWS);
        assertThat(form.written).hasValue(0);
    }
}
