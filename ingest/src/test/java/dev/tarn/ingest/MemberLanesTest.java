package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.ingest.LandedDocuments.Ground;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members that have lanes land as those that the engine takes out of their objects. None has a lane
 * when the first object has very many members.
 */
final class MemberLanesTest {
    /** So many first rows say what the lanes are. */
    private static final int FIRST = 2048;

    private static final List<String> NAMES = List.of("a", "b", "customer_id", "customer_if");

    /** Values that begin a column, each kind with others that look like it. */
    private static final List<List<String>> KINDS =
            List.of(
                    List.of("1", "0", "-7", "123456789012345678", "null"),
                    List.of("0.5", "-0.0", "12.25", "3", "100000.00000000001", "0.1", "1.50"),
                    List.of("true", "false", "null"),
                    List.of("\"2026-11-22\"", "\"1600-02-29\"", "\"0999-01-01\""),
                    List.of(
                            "\"2026-11-22T18:05:55Z\"",
                            "\"2026-11-22 00:00:00.000001+13:59\"",
                            "\"1901-01-01T23:59:59.9-00:30\"",
                            "\"1969-12-31T23:59:59.999999-11\""),
                    List.of("\"2026-11-22T18:05:55\"", "\"0100-03-01 01:02:03.4\"", "null"),
                    List.of(
                            "\"\"",
                            "\"word\"",
                            "\"straße\"",
                            "\"a \\\"b\\\" \\u00e9\\ud83e\\udd86\""),
                    List.of("{\"x\":1}", "{\"x\":2,\"y\":[1,2]}", "{}", "null"),
                    List.of("null"));

    private static final List<String> ODD =
            List.of(
                    "1",
                    "-0",
                    "1e5",
                    "1E400",
                    "1234567890123456789",
                    "-1234567890123456789",
                    "123456789012345678901234567890",
                    "0.1234567890123456789",
                    "1.10",
                    "0.00001",
                    "1e-400",
                    "true",
                    "\"true\"",
                    "\"12\"",
                    "\"\"",
                    "null",
                    "\"2026-11-22\"",
                    "\"2026-02-30\"",
                    "\"2026-11-22T18:05:55Z\"",
                    "\"2026-11-22T24:00:00Z\"",
                    "\"2026-11-22T18:05:55+25\"",
                    "\"2026-11-22T18:05:55.1234567\"",
                    "\"18:05:55\"",
                    "\"a\\u0041\\n\\t\\/\"",
                    "\"\\ud83e\"",
                    "\"größe\"",
                    "{\"x\": 1}",
                    "{\"x\":\"\\u0041\"}",
                    "[1,2.50]",
                    "[ ]",
                    "[]");

    @TempDir private Path folder;

    /** The members that are looked at. */
    private List<String> names = NAMES;

    private LandedDocuments land(Ground ground, List<String> documents, boolean lanes) {
        List<String> told = new ArrayList<>();
        told.add(
                lanes
                        ? "{}"
                        : IntStream.range(0, 70)
                                .mapToObj(i -> "\"more_" + i + "\":null")
                                .collect(Collectors.joining(",", "{", "}")));
        told.addAll(documents);
        List<Consumer<RowSink>> telling = new ArrayList<>();
        for (String document : told) {
            telling.add(sink -> sink.bytes(document.getBytes(StandardCharsets.UTF_8)));
        }
        return LandedDocuments.of(folder, ground, names, telling);
    }

    private static List<String> documents(Random random, int odd) {
        List<List<String>> kinds =
                NAMES.stream().map(n -> KINDS.get(random.nextInt(KINDS.size()))).toList();
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < FIRST; i++) {
            documents.add(document(random, kinds, 0));
        }
        for (int i = 0; i < odd; i++) {
            documents.add(document(random, kinds, random.nextInt(3) == 0 ? 0.3 : 0));
        }
        return documents;
    }

    private static String document(Random random, List<List<String>> kinds, double odd) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            List<String> kind = random.nextDouble() < odd ? ODD : kinds.get(i);
            if (random.nextInt(8) > 0) {
                String name = random.nextDouble() < odd / 9 ? "b" : NAMES.get(i);
                String colon = random.nextInt(9) == 0 ? " : " : ":";
                members.add("\"" + name + "\"" + colon + kind.get(random.nextInt(kind.size())));
            }
        }
        String space = random.nextInt(9) == 0 ? " " : "";
        if (random.nextInt(9) == 0) {
            Collections.shuffle(members, random);
        }
        return "{"
                + space
                + String.join("," + space, members)
                + (random.nextDouble() < odd / 9 ? "" : "}");
    }

    private static Ground ground(Random random) {
        List<Type> types =
                List.of(
                        Primitive.BIGINT,
                        Primitive.INTEGER,
                        Primitive.DOUBLE,
                        Primitive.VARCHAR,
                        Primitive.TIMESTAMP,
                        Primitive.TIMESTAMPTZ,
                        Primitive.DATE,
                        Primitive.BOOLEAN,
                        new Type.Decimal(12, 2));
        Map<String, Type> declared =
                random.nextInt(3) > 0
                        ? Map.of()
                        : Map.of("a", types.get(random.nextInt(types.size())));
        Optional<Schema> table =
                random.nextInt(3) > 0 || !declared.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Schema(
                                        List.of(
                                                Field.of(
                                                        "b",
                                                        types.get(random.nextInt(types.size()))),
                                                Field.of("_offset", Primitive.BIGINT))));
        return new Ground(
                random.nextBoolean() ? SchemaPolicy.EVOLVE : SchemaPolicy.QUARANTINE,
                declared,
                table,
                List.of());
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, 24).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverComesLandsAsItWouldWithoutLanes(int seed) {
        Random random = new Random(seed);
        Ground ground = ground(random);
        List<String> documents = documents(random, seed % 4 == 0 ? 0 : 60);

        LandedDocuments landed = land(ground, documents, true);

        assertThat(landed).isEqualTo(land(ground, documents, false));
        assertThat(landed.rows().size() + landed.quarantine().size() + landed.refused().size())
                .isEqualTo(documents.size() + 1);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachOddValueBehindAKindLandsAsItWouldWithoutLanes(List<String> kind) {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < FIRST; i++) {
            String value = kind.get(i % kind.size());
            documents.add(object(IntStream.range(0, ODD.size()).mapToObj(n -> value).toList()));
        }
        for (int i = 0; i < ODD.size(); i++) {
            List<String> values = new ArrayList<>(Collections.nCopies(ODD.size(), kind.getFirst()));
            values.set(i, ODD.get(i));
            documents.add(object(values));
        }
        names = IntStream.range(0, ODD.size()).mapToObj(i -> "m" + i).toList();

        LandedDocuments landed = land(Ground.NEW, documents, true);

        assertThat(landed).isEqualTo(land(Ground.NEW, documents, false));
        assertThat(landed.types()).hasSize(ODD.size());
    }

    static Stream<List<String>> kinds() {
        return KINDS.stream();
    }

    private static String object(List<String> values) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> "\"m" + i + "\":" + values.get(i))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
