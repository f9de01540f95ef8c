package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that are told field by field say what their JSON says. */
final class AvroObjectsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HEAD = 5;

    private static final List<String> TYPES =
            List.of(
                    "\"boolean\"",
                    "\"int\"",
                    "\"long\"",
                    "\"float\"",
                    "\"double\"",
                    "\"string\"",
                    "\"bytes\"",
                    "{\"type\":\"int\",\"logicalType\":\"date\"}",
                    "{\"type\":\"int\",\"logicalType\":\"time-millis\"}",
                    "{\"type\":\"long\",\"logicalType\":\"time-micros\"}",
                    "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
                    "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
                    "{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}",
                    "{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}",
                    "{\"type\":\"long\",\"logicalType\":\"local-timestamp-nanos\"}",
                    "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":12,\"scale\":3}",
                    "{\"type\":\"fixed\",\"name\":\"d%d\",\"size\":5,\"logicalType\":\"decimal\",\"precision\":9,\"scale\":0}",
                    "{\"type\":\"fixed\",\"name\":\"u%d\",\"size\":16,\"logicalType\":\"uuid\"}",
                    "{\"type\":\"fixed\",\"name\":\"f%d\",\"size\":3}",
                    "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
                    "{\"type\":\"enum\",\"name\":\"e%d\",\"symbols\":[\"one\",\"two\"]}");

    private static Schema record(List<String> types) {
        String fields =
                IntStream.range(0, types.size())
                        .mapToObj(i -> "{\"name\":\"m%d\",\"type\":%s}".formatted(i, types.get(i)))
                        .collect(Collectors.joining(","));
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"r\",\"fields\":[" + fields + "]}");
    }

    private static Schema schema(Random random) {
        List<String> types = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            String type = TYPES.get(random.nextInt(TYPES.size())).formatted(i);
            types.add(
                    switch (random.nextInt(4)) {
                        case 0 -> "[\"null\"," + type + "]";
                        case 1 -> "[" + type + ",\"null\"]";
                        default -> type;
                    });
        }
        return record(types);
    }

    private static Optional<ObjectForm> form(Schema avro) {
        return AvroObjects.of(avro, AvroColumns.of(avro));
    }

    /** What a message has behind its head. */
    private static byte[] message(GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[HEAD]);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        return out.toByteArray();
    }

    /** Values for moments and days that a calendar has, and small numbers. */
    private static GenericRecord likely(Random random, GenericRecord record) {
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value instanceof Long n) {
                record.put(field.pos(), n >> random.nextInt(64));
            } else if (value instanceof Integer n) {
                record.put(field.pos(), n >> random.nextInt(32));
            }
        }
        return record;
    }

    /** The values that are told, each as its method and what it was given. */
    private static List<String> told(ObjectForm form) {
        List<String> told = new ArrayList<>();
        RowSink sink =
                (RowSink)
                        Proxy.newProxyInstance(
                                RowSink.class.getClassLoader(),
                                new Class<?>[] {RowSink.class},
                                (proxy, method, given) -> {
                                    told.add(method.getName() + shown(given));
                                    return null;
                                });
        for (int i = 0; i < form.members().fields().size(); i++) {
            form.tell(i, sink);
        }
        return told;
    }

    private static String shown(Object[] given) {
        if (given == null) {
            return "";
        }
        Object value = given[0];
        if (value instanceof byte[] bytes) {
            int from = given.length == 1 ? 0 : (int) given[1];
            int to = given.length == 1 ? bytes.length : (int) given[2];
            return " " + new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        return " " + value;
    }

    /** What has to be told for a value in JSON. */
    private static String wanted(Type type, JsonNode value) {
        if (value.isNull()) {
            return "nothing";
        }
        String text = value.asText();
        return switch (type) {
            case Primitive.BOOLEAN -> "truth " + text;
            case Primitive.INTEGER, Primitive.BIGINT -> "integer " + value.bigIntegerValue();
            case Primitive.FLOAT -> "number " + (double) Float.parseFloat(text);
            case Primitive.DOUBLE -> "number " + Double.parseDouble(text);
            case Primitive.DATE -> "date " + LocalDate.parse(text).toEpochDay();
            case Primitive.TIMESTAMPTZ -> "timestamp " + micros(Instant.parse(text));
            case Primitive.TIMESTAMP ->
                    "timestamp "
                            + micros(LocalDateTime.parse(text).toInstant(java.time.ZoneOffset.UTC));
            default -> "bytes " + text;
        };
    }

    private static long micros(Instant time) {
        return java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static List<String> wanted(ObjectForm form, byte[] json) throws IOException {
        JsonNode object = JSON.readTree(json);
        List<String> wanted = new ArrayList<>();
        for (Field member : form.members().fields()) {
            wanted.add(wanted(member.type(), object.get(member.name())));
        }
        return wanted;
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, 60).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theFieldsToldAreThoseOfTheJson(int seed) throws Exception {
        Random random = new Random(seed);
        Schema avro = schema(random);
        ObjectForm form = form(avro).orElseThrow();
        AvroReader reader = new AvroReader(avro);
        int told = 0;
        for (Object made : new RandomData(avro, 200, seed)) {
            GenericRecord record = likely(random, (GenericRecord) made);
            byte[] message = message(record);
            if (form.read(message, HEAD, message.length)) {
                told++;
                JsonBytes json = new JsonBytes();
                reader.read(message, HEAD, json);
                assertThat(form.json(message, HEAD, message.length)).isEqualTo(json.copy());
                assertThat(told(form)).as("%s", json).isEqualTo(wanted(form, json.copy()));
            }
        }
        assertThat(told).as("records of %s that were told", avro).isPositive();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsNoRecordIsLeftToTheOneWhoSaysWhy(int seed) throws Exception {
        Random random = new Random(seed);
        Schema avro = schema(random);
        ObjectForm form = form(avro).orElseThrow();
        AvroReader reader = new AvroReader(avro);
        for (Object made : new RandomData(avro, 200, seed)) {
            byte[] message = message((GenericRecord) made);
            byte[] broken =
                    random.nextBoolean()
                            ? Arrays.copyOf(message, HEAD + random.nextInt(message.length + 3))
                            : message;
            for (int i = random.nextInt(3); i > 0 && broken.length > HEAD; i--) {
                broken[HEAD + random.nextInt(broken.length - HEAD)] = (byte) random.nextInt();
            }
            if (form.read(broken, HEAD, broken.length)) {
                JsonBytes json = new JsonBytes();
                reader.read(broken, HEAD, json);
                assertThat(told(form)).as("%s", json).isEqualTo(wanted(form, json.copy()));
            }
        }
    }

    @Test
    void otherThanScalarsAreNotToldFieldByField() {
        for (String type :
                List.of(
                        "{\"type\":\"array\",\"items\":\"int\"}",
                        "{\"type\":\"map\",\"values\":\"int\"}",
                        "[\"int\",\"string\"]",
                        "[\"null\",\"int\",\"string\"]",
                        "\"null\"",
                        "[\"null\",\"r\"]",
                        "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}")) {
            assertThat(form(record(List.of("\"int\"", type)))).as(type).isEmpty();
        }
        Schema number = Schema.create(Schema.Type.INT);
        assertThat(AvroObjects.of(number, AvroColumns.of(number))).isEmpty();
    }

    @Test
    void valuesOfWhichJsonSaysMoreAreLeftToIt() {
        assertThat(isTold("\"string\"", 4, 'a', 0)).isFalse();
        assertThat(isTold("\"string\"", 4, 'a', 0xff)).isFalse();
        assertThat(isTold("\"string\"", 4, 'a', 'b')).isTrue();
        assertThat(isTold("\"boolean\"", 2)).isFalse();
        assertThat(isTold("\"boolean\"", 1)).isTrue();
        assertThat(isTold("\"int\"", 0x80, 0x80, 0x80, 0x80, 0x20)).isFalse();
        assertThat(isTold("\"long\"", 0x80, 0x80, 0x80, 0x80, 0x20)).isTrue();
        assertThat(isTold("\"long\"", 1, 1)).isFalse();
        assertThat(isTold("[\"null\",\"long\"]", 4, 1)).isFalse();
    }

    private static boolean isTold(String type, int... bytes) {
        ByteBuffer message = ByteBuffer.allocate(bytes.length);
        for (int b : bytes) {
            message.put((byte) b);
        }
        ObjectForm form = form(record(List.of(type))).orElseThrow();
        return form.read(message.array(), 0, bytes.length);
    }
}
