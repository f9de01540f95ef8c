package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.tarn.model.table.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Conversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Messages whose schemas are in a registry, written by the libraries that others write them with.
 */
final class RegisteredMessagesTest {
    private RegistryServer server;
    private SchemaRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = RegistryServer.start();
        registry = registry(Optional.empty());
    }

    private SchemaRegistry registry(Optional<String> user) {
        return new SchemaRegistry(
                new KafkaOptions.Registry(
                        server.url(), user, user.map(u -> "wrong-word"), Optional.empty()));
    }

    @AfterEach
    void stop() {
        registry.close();
        server.close();
    }

    private static String json(Decoder decoder, byte[] message) throws Undecodable {
        JsonBytes out = new JsonBytes();
        decoder.decode(message, out);
        return out.toString();
    }

    private static byte[] avro(int id, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return RegistryServer.framed(id, out.toByteArray());
    }

    @Test
    void avroOfAllTypesIsReadAndItsColumnsAreKnown() throws Exception {
        String text =
                """
                {"type":"record","name":"Order","namespace":"shop","fields":[
                 {"name":"id","type":"long"},
                 {"name":"n","type":"int"},
                 {"name":"note","type":["null","string"]},
                 {"name":"ok","type":"boolean"},
                 {"name":"weight","type":"float"},
                 {"name":"ratio","type":"double"},
                 {"name":"day","type":{"type":"int","logicalType":"date"}},
                 {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
                 {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                 {"name":"seen","type":{"type":"long","logicalType":"local-timestamp-micros"}},
                 {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}},
                 {"name":"uid","type":{"type":"string","logicalType":"uuid"}},
                 {"name":"raw","type":"bytes"},
                 {"name":"colour","type":{"type":"enum","name":"Colour","symbols":["RED","BLUE"]}},
                 {"name":"tags","type":{"type":"array","items":"string"}},
                 {"name":"counts","type":{"type":"map","values":"long"}},
                 {"name":"next","type":["null","Order"]}]}
                """;
        int id = server.add("orders-value", "AVRO", text);
        org.apache.avro.Schema schema = new org.apache.avro.Schema.Parser().parse(text);
        GenericRecord record = new GenericData.Record(schema);
        record.put("id", Long.MIN_VALUE);
        record.put("n", -7);
        record.put("note", "a \"b\"\n\u00e9");
        record.put("ok", true);
        record.put("weight", 0.1f);
        record.put("ratio", Double.NaN);
        record.put("day", 20_000);
        record.put("clock", 45_296_789);
        record.put("at", -1L);
        record.put("seen", 1_700_000_000_123_456L);
        record.put(
                "price",
                new Conversions.DecimalConversion()
                        .toBytes(
                                new BigDecimal("-12345.67"),
                                schema.getField("price").schema(),
                                schema.getField("price").schema().getLogicalType()));
        record.put("uid", "6f2c8a1e-0000-4000-8000-000000000001");
        record.put("raw", ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}));
        record.put(
                "colour", new GenericData.EnumSymbol(schema.getField("colour").schema(), "BLUE"));
        record.put("tags", List.of("x", "y"));
        record.put("counts", Map.of("k", 5L));
        record.put("next", null);
        Decoder decoder = new RegisteredDecoder.OfAvro(registry);

        assertThat(json(decoder, avro(id, record)))
                .isEqualTo(
                        "{\"id\":-9223372036854775808,\"n\":-7,\"note\":\"a \\\"b\\\"\\n\u00e9\",\"ok\":true,\"weight\":0.1,\"ratio\":\"NaN\",\"day\":\"2024-10-04\",\"clock\":\"12:34:56.789\",\"at\":\"1969-12-31T23:59:59.999Z\",\"seen\":\"2023-11-14T22:13:20.123456\",\"price\":\"-12345.67\",\"uid\":\"6f2c8a1e-0000-4000-8000-000000000001\",\"raw\":\"AAH/\",\"colour\":\"BLUE\",\"tags\":[\"x\",\"y\"],\"counts\":{\"k\":5},\"next\":null}");
        Schema columns = decoder.columns().getFirst();
        assertThat(columns.fields().stream().map(f -> f.name() + " " + f.type().sql()))
                .containsExactly(
                        "id BIGINT",
                        "n INTEGER",
                        "note VARCHAR",
                        "ok BOOLEAN",
                        "weight FLOAT",
                        "ratio DOUBLE",
                        "day DATE",
                        "clock TIME",
                        "at TIMESTAMPTZ",
                        "seen TIMESTAMP",
                        "price DECIMAL(12,2)",
                        "uid UUID",
                        "raw VARCHAR",
                        "colour VARCHAR");
        assertThat(json(decoder, avro(id, record))).startsWith("{\"id\"");
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void avroSchemasMayNameOthers() throws Exception {
        String city =
                "{\"type\":\"record\",\"name\":\"City\",\"namespace\":\"geo\",\"fields\":[{\"name\":\"name\",\"type\":\"string\"}]}";
        server.add("geo.City", "AVRO", city);
        String text =
                "{\"type\":\"record\",\"name\":\"Stop\",\"fields\":[{\"name\":\"city\",\"type\":\"geo.City\"}]}";
        int id = server.add("stops-value", "AVRO", text, Map.of("geo.City", "geo.City"));
        org.apache.avro.Schema.Parser parser = new org.apache.avro.Schema.Parser();
        org.apache.avro.Schema inner = parser.parse(city);
        GenericRecord stop = new GenericData.Record(parser.parse(text));
        GenericRecord oslo = new GenericData.Record(inner);
        oslo.put("name", "Oslo");
        stop.put("city", oslo);

        assertThat(json(new RegisteredDecoder.OfAvro(registry), avro(id, stop)))
                .isEqualTo("{\"city\":{\"name\":\"Oslo\"}}");
    }

    private static final String PROTO =
            """
            syntax = "proto3";
            package shop;
            import "google/protobuf/timestamp.proto";
            option java_package = "x.y";
            // A comment.
            message Order {
              enum State { NEW = 0; PAID = 1 [deprecated = true]; }
              message Line { string sku = 1; int32 count = 2; }
              int64 id = 1;
              optional string note = 2;
              State state = 3;
              repeated Line lines = 4;
              repeated int32 numbers = 5;
              map<string, int64> counts = 6;
              sint32 delta = 7;
              uint64 big = 8;
              double ratio = 9;
              bytes raw = 10;
              fixed32 four = 11;
              oneof who { string person = 12; int32 robot = 13; }
              reserved 20 to 30;
            }
            service Ignored { rpc Do (Order) returns (Order) { option x = { a: 1 }; } }
            """;

    private static FieldDescriptorProto field(
            String name,
            int number,
            FieldDescriptorProto.Type type,
            FieldDescriptorProto.Label label) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(label)
                .build();
    }

    private static FieldDescriptorProto named(
            String name,
            int number,
            FieldDescriptorProto.Type type,
            FieldDescriptorProto.Label label,
            String typeName) {
        return field(name, number, type, label).toBuilder().setTypeName(typeName).build();
    }

    /** The same file as {@link #PROTO}, for the library. */
    private static Descriptor order() throws Exception {
        DescriptorProto line =
                DescriptorProto.newBuilder()
                        .setName("Line")
                        .addField(
                                field(
                                        "sku",
                                        1,
                                        FieldDescriptorProto.Type.TYPE_STRING,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "count",
                                        2,
                                        FieldDescriptorProto.Type.TYPE_INT32,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .build();
        EnumDescriptorProto state =
                EnumDescriptorProto.newBuilder()
                        .setName("State")
                        .addValue(EnumValueDescriptorProto.newBuilder().setName("NEW").setNumber(0))
                        .addValue(
                                EnumValueDescriptorProto.newBuilder().setName("PAID").setNumber(1))
                        .build();
        DescriptorProto order =
                DescriptorProto.newBuilder()
                        .setName("Order")
                        .addNestedType(line)
                        .addEnumType(state)
                        .addField(
                                field(
                                        "id",
                                        1,
                                        FieldDescriptorProto.Type.TYPE_INT64,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "note",
                                        2,
                                        FieldDescriptorProto.Type.TYPE_STRING,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                named(
                                        "state",
                                        3,
                                        FieldDescriptorProto.Type.TYPE_ENUM,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL,
                                        ".shop.Order.State"))
                        .addField(
                                named(
                                        "lines",
                                        4,
                                        FieldDescriptorProto.Type.TYPE_MESSAGE,
                                        FieldDescriptorProto.Label.LABEL_REPEATED,
                                        ".shop.Order.Line"))
                        .addField(
                                field(
                                        "numbers",
                                        5,
                                        FieldDescriptorProto.Type.TYPE_INT32,
                                        FieldDescriptorProto.Label.LABEL_REPEATED))
                        .addField(
                                field(
                                        "delta",
                                        7,
                                        FieldDescriptorProto.Type.TYPE_SINT32,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "big",
                                        8,
                                        FieldDescriptorProto.Type.TYPE_UINT64,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "ratio",
                                        9,
                                        FieldDescriptorProto.Type.TYPE_DOUBLE,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "raw",
                                        10,
                                        FieldDescriptorProto.Type.TYPE_BYTES,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "four",
                                        11,
                                        FieldDescriptorProto.Type.TYPE_FIXED32,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .addField(
                                field(
                                        "robot",
                                        13,
                                        FieldDescriptorProto.Type.TYPE_INT32,
                                        FieldDescriptorProto.Label.LABEL_OPTIONAL))
                        .build();
        FileDescriptorProto file =
                FileDescriptorProto.newBuilder()
                        .setName("order.proto")
                        .setPackage("shop")
                        .setSyntax("proto3")
                        .addMessageType(order)
                        .build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Order");
    }

    private static byte[] indexed(int id, byte[] indexes, byte[] message) {
        byte[] body =
                ByteBuffer.allocate(indexes.length + message.length)
                        .put(indexes)
                        .put(message)
                        .array();
        return RegistryServer.framed(id, body);
    }

    @Test
    void protocolBuffersAreReadAsTheirLibraryWritesThem() throws Exception {
        int id = server.add("orders-value", "PROTOBUF", PROTO);
        Descriptor order = order();
        Descriptor line = order.findNestedTypeByName("Line");
        DynamicMessage message =
                DynamicMessage.newBuilder(order)
                        .setField(order.findFieldByName("id"), -5L)
                        .setField(order.findFieldByName("note"), "é\"")
                        .setField(
                                order.findFieldByName("state"),
                                order.findEnumTypeByName("State").findValueByName("PAID"))
                        .addRepeatedField(
                                order.findFieldByName("lines"),
                                DynamicMessage.newBuilder(line)
                                        .setField(line.findFieldByName("sku"), "a")
                                        .setField(line.findFieldByName("count"), 3)
                                        .build())
                        .addRepeatedField(order.findFieldByName("numbers"), 1)
                        .addRepeatedField(order.findFieldByName("numbers"), -300)
                        .setField(order.findFieldByName("delta"), -2)
                        .setField(order.findFieldByName("big"), -1L)
                        .setField(order.findFieldByName("ratio"), 2.5)
                        .setField(
                                order.findFieldByName("raw"),
                                com.google.protobuf.ByteString.copyFrom(new byte[] {1, 2}))
                        .setField(order.findFieldByName("four"), -1)
                        .setField(order.findFieldByName("robot"), 9)
                        .build();
        Decoder decoder = new RegisteredDecoder.OfProtobuf(registry);

        assertThat(json(decoder, indexed(id, new byte[] {0}, message.toByteArray())))
                .isEqualTo(
                        "{\"id\":-5,\"note\":\"é\\\"\",\"state\":\"PAID\",\"lines\":[{\"sku\":\"a\",\"count\":3}],\"numbers\":[1,-300],\"counts\":{},\"delta\":-2,\"big\":18446744073709551615,\"ratio\":2.5,\"raw\":\"AQI=\",\"four\":4294967295,\"robot\":9}");
        assertThat(json(decoder, indexed(id, new byte[] {0}, new byte[0])))
                .isEqualTo(
                        "{\"id\":0,\"state\":\"NEW\",\"lines\":[],\"numbers\":[],\"counts\":{},\"delta\":0,\"big\":0,\"ratio\":0.0,\"raw\":\"\",\"four\":0}");
        // The path to a nested message: two steps, the first message, its first nested one.
        assertThat(json(decoder, indexed(id, new byte[] {4, 0, 0}, new byte[] {10, 1, 'z'})))
                .isEqualTo("{\"sku\":\"z\",\"count\":0}");
    }

    @Test
    void mapsTimesAndWrappersOfProtocolBuffersAreReadByValue() throws Exception {
        int id =
                server.add(
                        "t-value",
                        "PROTOBUF",
                        """
                        syntax = "proto3";
                        message T {
                          map<int32, string> names = 1;
                          google.protobuf.Timestamp at = 2;
                          google.protobuf.Int64Value maybe = 3;
                        }
                        """);
        byte[] message = {
            10,
            5,
            8,
            7,
            18,
            1,
            'x', // names: 7 -> x
            18,
            6,
            8,
            (byte) 0x80,
            (byte) 0xe2,
            (byte) 0xcf,
            (byte) 0xaa,
            6, // seconds of at
            26,
            2,
            8,
            42 // maybe: 42
        };
        Decoder decoder = new RegisteredDecoder.OfProtobuf(registry);

        assertThat(json(decoder, indexed(id, new byte[] {0}, message)))
                .isEqualTo(
                        "{\"names\":{\"7\":\"x\"},\"at\":\"2023-11-14T22:13:20Z\",\"maybe\":42}");
    }

    @Test
    void jsonWithASchemaIsWhatStandsBehindItsNumber() throws Exception {
        int id = server.add("j-value", "JSON", "{\"type\":\"object\"}");

        assertThat(
                        json(
                                new RegisteredDecoder.OfJsonSchema(registry),
                                RegistryServer.framed(
                                        id, "{\"a\":1}".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void messagesThatAreNoneSayWhy() throws Exception {
        int avro =
                server.add(
                        "a",
                        "AVRO",
                        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"s\",\"type\":\"string\"}]}");
        int broken = server.add("b", "PROTOBUF", "message {");
        Decoder decoder = new RegisteredDecoder.OfAvro(registry);
        Decoder protobuf = new RegisteredDecoder.OfProtobuf(registry);

        assertReason(
                decoder,
                "{}".getBytes(StandardCharsets.UTF_8),
                "the message does not begin with a zero and the number of a schema");
        assertReason(
                decoder,
                RegistryServer.framed(99, new byte[0]),
                "the schema registry has no schema 99");
        assertReason(
                decoder,
                RegistryServer.framed(broken, new byte[0]),
                "its schema 2 is of the kind PROTOBUF, not AVRO");
        assertReason(
                decoder,
                RegistryServer.framed(avro, new byte[] {8, 'a'}),
                "the Avro value ends too early");
        assertReason(
                decoder,
                RegistryServer.framed(avro, new byte[] {2, 'a', 7}),
                "there are bytes behind the end of the Avro value");
        assertReason(
                protobuf,
                RegistryServer.framed(broken, new byte[0]),
                "its schema 2 is no file of protocol buffers: '{' stands where a name is expected");
    }

    private static void assertReason(Decoder decoder, byte[] message, String reason) {
        assertThatThrownBy(() -> json(decoder, message))
                .isInstanceOf(Undecodable.class)
                .hasMessage(reason);
    }

    @Test
    void aRegistryThatFailsStopsTheBatchInsteadOfPuttingMessagesAside() {
        server.failWith(503);
        assertThatThrownBy(() ->
                        json(
                                new RegisteredDecoder.OfAvro(registry),
                                RegistryServer.framed(1, new byte[0])))
                .hasMessage(
                        "The schema registry at %s does not answer: status 503. Nothing of this batch has landed; run again when it is there. [SOURCE_UNAVAILABLE]"
                                .formatted(server.url()));
    }

    @Test
    void aRegistryThatRefusesTheAccountIsNamedWithoutTheSecret() {
        server.require("reader", "right");
        try (SchemaRegistry refused = registry(Optional.of("reader"))) {
            assertThatThrownBy(() ->
                            json(
                                    new RegisteredDecoder.OfAvro(refused),
                                    RegistryServer.framed(1, new byte[0])))
                    .hasMessage(
                            "The schema registry at %s refused the account of this source (401). Check 'schema_registry_user' and what 'schema_registry_password' refers to. [SOURCE_DENIED]"
                                    .formatted(server.url()));
        }
    }
}
