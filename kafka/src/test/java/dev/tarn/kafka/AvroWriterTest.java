package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.FeedSpec;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenOutlet.Change;
import dev.tarn.spi.OpenOutlet.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What feeds write in Avro is read by Avro's own library, by what the registry was told. */
final class AvroWriterTest {
    private RegistryServer registry;

    @BeforeEach
    void start() throws IOException {
        registry = RegistryServer.start();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private FeedOptions options(String envelope) {
        FeedSpec feed =
                new FeedSpec(
                        "f",
                        new Place("feeds.yml", 1, 1),
                        new TableName("s", "my-table"),
                        "kafka",
                        List.of("id"),
                        true,
                        Map.of());
        return FeedOptions.of(
                feed,
                Map.of(
                        "bootstrap_servers",
                        "none:1",
                        "topic",
                        "t",
                        "value_format",
                        "avro",
                        "envelope",
                        envelope,
                        "schema_registry",
                        registry.url()));
    }

    private List<ProducerRecord<byte[], byte[]>> told(
            FeedOptions options, List<Field> columns, Change change) {
        try (FeedSubjects subjects = new FeedSubjects(options)) {
            return new ChangeMessage(options, new dev.tarn.model.table.Schema(columns), subjects)
                    .of(change);
        }
    }

    private GenericRecord read(String subject, byte[] message) throws IOException {
        assertThat(message[0]).isZero();
        assertThat(ByteBuffer.wrap(message, 1, 4).getInt()).isPositive();
        Schema schema = new Schema.Parser().parse(registry.latest(subject));
        return new GenericDatumReader<GenericRecord>(schema)
                .read(
                        null,
                        DecoderFactory.get().binaryDecoder(message, 5, message.length - 5, null));
    }

    private static Change inserted(@Nullable Object... row) {
        return new Change(Kind.INSERTED, 7, Instant.ofEpochMilli(1_000), null, Arrays.asList(row));
    }

    @Test
    void avrosOwnLibraryReadsARow() throws IOException {
        List<Field> columns =
                List.of(
                        Field.of("id", Primitive.BIGINT).asRequired(),
                        Field.of("price", new Type.Decimal(9, 2)),
                        Field.of("day", Primitive.DATE),
                        Field.of("moment", Primitive.TIMESTAMPTZ),
                        Field.of("a b", Primitive.VARCHAR),
                        Field.of(
                                "parts",
                                Type.ListOf.of(
                                        new Type.Struct(
                                                List.of(Field.of("n", Primitive.INTEGER))))),
                        Field.of("none", Type.MapOf.of(Primitive.VARCHAR, Primitive.DOUBLE)));
        ProducerRecord<byte[], byte[]> message =
                told(
                                options("none"),
                                columns,
                                inserted(
                                        5L,
                                        new BigDecimal("-1.5"),
                                        LocalDate.of(1969, 12, 31),
                                        Instant.parse("1969-12-31T23:59:59.999999Z"),
                                        "ä",
                                        Arrays.asList(Map.of("n", 3), null),
                                        null))
                        .getFirst();

        GenericRecord row = read("t-value", message.value());
        assertThat(row.getSchema().getFullName()).isEqualTo("tarn.s.my_table");
        assertThat(row.get("id")).isEqualTo(5L);
        assertThat(row.get("price")).isEqualTo(ByteBuffer.wrap(new byte[] {-1, 106}));
        assertThat(row.get("day")).isEqualTo(-1);
        assertThat(row.get("moment")).isEqualTo(-1L);
        assertThat(row.get("a_b")).hasToString("ä");
        assertThat(row.getSchema().getField("a_b").getProp("tarn.name")).isEqualTo("a b");
        assertThat(row.get("none")).isNull();
        List<?> parts = (List<?>) row.get("parts");
        assertThat(((GenericRecord) parts.get(0)).get("n")).isEqualTo(3);
        assertThat(parts.get(1)).isNull();
        assertThat(read("t-key", message.key()).get("id")).isEqualTo(5L);
        assertThat(GenericData.get().validate(row.getSchema(), row)).isTrue();
    }

    @Test
    void avrosOwnLibraryReadsAnEnvelope() throws IOException {
        List<Field> columns = List.of(Field.of("id", Primitive.BIGINT));
        List<ProducerRecord<byte[], byte[]>> messages =
                told(
                        options("debezium"),
                        columns,
                        new Change(Kind.DELETED, 7, Instant.ofEpochMilli(9), List.of(1L), null));

        GenericRecord event = read("t-value", messages.getFirst().value());
        assertThat(((GenericRecord) event.get("before")).get("id")).isEqualTo(1L);
        assertThat(event.get("after")).isNull();
        assertThat(event.get("op")).hasToString("d");
        assertThat(((GenericRecord) event.get("source")).get("table")).hasToString("my-table");
        assertThat(((GenericRecord) event.get("source")).get("publication")).isEqualTo(7L);
        assertThat(messages.get(1).value()).isNull();
    }

    @Test
    void aValueThatAvroHasNoPlaceForIsNamed() {
        List<Field> columns =
                List.of(Field.of("id", Primitive.BIGINT), Field.of("fine", Primitive.TIMESTAMP_NS));

        assertThatThrownBy(() ->
                        told(
                                options("none"),
                                columns,
                                inserted(1L, LocalDateTime.of(9999, 1, 1, 0, 0))))
                .hasMessage(
                        "Column 'fine' of s.my-table has the value 9999-01-01T00:00, for which its type in Avro has no place. Correct it, or let feed 'f' write 'value_format: json'. [DELIVERY_REFUSED]");
    }
}
