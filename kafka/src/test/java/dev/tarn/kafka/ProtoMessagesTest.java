package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.MessageLite;
import com.google.protobuf.NullValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the format of protocol buffers allows beside the plain cases. */
final class ProtoMessagesTest {
    private RegistryServer server;
    private SchemaRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = RegistryServer.start();
        registry =
                new SchemaRegistry(
                        new KafkaOptions.Registry(
                                server.url(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
    }

    @AfterEach
    void stop() {
        registry.close();
        server.close();
    }

    /** Fields in the order in which they are to be sent. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static Fields part(int number, Fields fields) {
        return out -> out.writeByteArray(number, bytes(fields));
    }

    private String json(int id, Fields fields) throws Exception {
        JsonBytes out = new JsonBytes();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(0);
        message.write(bytes(fields));
        new RegisteredDecoder.OfProtobuf(registry)
                .decode(RegistryServer.framed(id, message.toByteArray()), out);
        return out.toString();
    }

    private int schema(String body) {
        return server.add("t-value", "PROTOBUF", "syntax = \"proto3\";\n" + body);
    }

    @Test
    void whatWasNotSentOfAMessageIsNoValue() throws Exception {
        int id =
                schema(
                        """
                        message T {
                          google.protobuf.Int64Value number = 1;
                          google.protobuf.StringValue text = 2;
                          google.protobuf.Duration time = 3;
                          .google.protobuf.Timestamp at = 4;
                          int32 plain = 5;
                        }
                        """);

        assertThat(json(id, out -> {})).isEqualTo("{\"plain\":0}");
        assertThat(
                        json(
                                id,
                                out -> {
                                    out.writeMessage(1, Int64Value.getDefaultInstance());
                                    out.writeMessage(2, StringValue.of("x"));
                                }))
                .isEqualTo("{\"number\":0,\"text\":\"x\",\"plain\":0}");
    }

    @Test
    void structsAreTheJsonThatTheyStandFor() throws Exception {
        int id =
                schema(
                        "message T { google.protobuf.Struct any = 1; google.protobuf.Any other = 2; }");
        MessageLite struct =
                Struct.newBuilder()
                        .putFields("a", Value.newBuilder().setNumberValue(1.5).build())
                        .putFields(
                                "b", Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build())
                        .putFields(
                                "c",
                                Value.newBuilder()
                                        .setListValue(
                                                ListValue.newBuilder()
                                                        .addValues(
                                                                Value.newBuilder()
                                                                        .setBoolValue(true))
                                                        .addValues(
                                                                Value.newBuilder()
                                                                        .setStructValue(
                                                                                Struct
                                                                                        .getDefaultInstance())))
                                        .build())
                        .build();

        assertThat(
                        json(
                                id,
                                out -> {
                                    out.writeMessage(1, struct);
                                    part(
                                                    2,
                                                    any -> {
                                                        any.writeString(1, "x/T");
                                                        any.writeBytes(
                                                                2,
                                                                ByteString.copyFrom(
                                                                        new byte[] {1}));
                                                    })
                                            .write(out);
                                }))
                .isEqualTo(
                        "{\"any\":{\"a\":1.5,\"b\":null,\"c\":[true,{}]},\"other\":{\"type_url\":\"x/T\",\"value\":\"AQ==\"}}");
    }

    @Test
    void decimalsAndDaysOfConvertersAreValues() throws Exception {
        int id =
                schema("message T { confluent.type.Decimal price = 1; google.type.Date day = 2; }");

        assertThat(
                        json(
                                id,
                                out -> {
                                    part(
                                                    1,
                                                    price -> {
                                                        price.writeBytes(
                                                                1,
                                                                ByteString.copyFrom(
                                                                        new byte[] {-1, 0}));
                                                        price.writeUInt32(2, 9);
                                                        price.writeInt32(3, 2);
                                                    })
                                            .write(out);
                                    part(
                                                    2,
                                                    day -> {
                                                        day.writeInt32(1, 2026);
                                                        day.writeInt32(2, 2);
                                                        day.writeInt32(3, 28);
                                                    })
                                            .write(out);
                                }))
                .isEqualTo("{\"price\":-2.56,\"day\":\"2026-02-28\"}");
    }

    @Test
    void ofWhatIsSentTwiceTheLastCountsAndMessagesArePutTogether() throws Exception {
        int id =
                schema(
                        """
                        message T {
                          oneof who { string person = 1; int32 robot = 2; }
                          oneof where { string here = 3; string there = 4; }
                          T inner = 5;
                          map<string, int32> counts = 6;
                          map<int32, T> parts = 7;
                        }
                        """);

        assertThat(
                        json(
                                id,
                                out -> {
                                    out.writeString(1, "Ann");
                                    out.writeString(3, "x");
                                    out.writeInt32(2, 7);
                                    part(5, inner -> inner.writeString(1, "Bob")).write(out);
                                    part(5, inner -> inner.writeString(4, "y")).write(out);
                                    for (int i = 1; i < 3; i++) {
                                        int count = i;
                                        part(
                                                        6,
                                                        entry -> {
                                                            entry.writeString(1, "a\"");
                                                            entry.writeInt32(2, count);
                                                        })
                                                .write(out);
                                    }
                                    part(7, entry -> entry.writeInt32(1, 3)).write(out);
                                }))
                .isEqualTo(
                        "{\"robot\":7,\"here\":\"x\",\"inner\":{\"person\":\"Bob\",\"there\":\"y\",\"counts\":{},\"parts\":{}},\"counts\":{\"a\\\"\":2},\"parts\":{\"3\":{\"counts\":{},\"parts\":{}}}}");
    }

    @Test
    void messagesOfOtherVersionsKeepWhatBothKnow() throws Exception {
        int id = schema("message T { reserved 2; int64 id = 1; string note = 9; }");

        assertThat(
                        json(
                                id,
                                out -> {
                                    out.writeString(2, "gone");
                                    out.writeFixed64(3, 5);
                                    out.writeInt64(1, 4);
                                    out.writeDouble(2_000_000, 1);
                                }))
                .isEqualTo("{\"id\":4,\"note\":\"\"}");
    }

    @Test
    void optionsWithListsAndFilesThatImportFilesAreRead() throws Exception {
        server.add(
                "inner",
                "PROTOBUF",
                "syntax = \"proto3\"; package a.b; message Place { string town = 1; }");
        server.add(
                "middle",
                "PROTOBUF",
                "syntax = \"proto3\"; package a; import \"inner.proto\"; message Shop { b.Place at = 1; }",
                Map.of("inner.proto", "inner"));
        int id =
                server.add(
                        "t-value",
                        "PROTOBUF",
                        """
                        edition = "2023";
                        package a.c;
                        import "middle.proto";
                        message T {
                          option (x) = { list: [1, 2] };
                          Shop shop = 1 [(rule) = { in: ["a", "]"] }, deprecated = true];
                          enum Kind { NONE = 0; BIG = 0x10 [(y) = { z: [1] }]; }
                          Kind kind = 2;
                        }
                        """,
                        Map.of("middle.proto", "middle"));

        assertThat(
                        json(
                                id,
                                out -> {
                                    part(1, part(1, place -> place.writeString(1, "Oslo")))
                                            .write(out);
                                    out.writeEnum(2, 16);
                                }))
                .isEqualTo("{\"shop\":{\"at\":{\"town\":\"Oslo\"}},\"kind\":\"BIG\"}");
    }

    @Test
    void whatIsNoMessageSaysWhy() throws Exception {
        int id =
                schema(
                        "message T { google.protobuf.Timestamp at = 1; T inner = 2; google.type.Date day = 3; map<string, int32> m = 4; }");
        Timestamp never = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();

        refused(
                id,
                out -> out.writeMessage(1, never),
                "the message has a Timestamp that is no time");
        refused(
                id,
                part(3, day -> day.writeInt32(1, 2026)),
                "the message has a google.type.Date that is no day");
        refused(id, out -> out.writeInt32(4, 1), "the message has a map that is none");
        Fields deep = out -> {};
        for (int i = 0; i < 200; i++) {
            deep = part(2, deep);
        }
        refused(id, deep, "the message is nested too deeply");
        refused(
                schema("message A {".repeat(200) + "}".repeat(200)),
                out -> {},
                "its schema 2 is no file of protocol buffers: its messages are nested too deeply");
    }

    private void refused(int id, Fields fields, String reason) {
        assertThatThrownBy(() -> json(id, fields))
                .isInstanceOf(Undecodable.class)
                .hasMessage(reason);
    }
}
