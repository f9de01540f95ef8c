package dev.tarn.kafka;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenOutlet.Change;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Rows in Avro, each behind the number that a registry gave their schema. */
final class AvroChange implements RowCoding {
    private final FeedOptions options;
    private final AvroWriter row;
    private final AvroWriter name;
    private final int[] key;
    private final int rowId;
    private final int keyId;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable BinaryEncoder encoder;

    /**
     * @param columns of the rows
     * @param key where the columns of the key are
     */
    AvroChange(FeedOptions options, Schema columns, int[] key, FeedSubjects subjects) {
        List<Field> named = Arrays.stream(key).mapToObj(columns.fields()::get).toList();
        this.options = options;
        this.row = new AvroWriter(columns.fields());
        this.name = new AvroWriter(named);
        this.key = key.clone();
        AvroSchemas schemas = new AvroSchemas(options);
        this.keyId =
                options.keyFormat() == FeedOptions.KeyFormat.AVRO && !named.isEmpty()
                        ? subjects.number(options.topic() + "-key", schemas.key(named))
                        : 0;
        this.rowId =
                options.valueFormat() == FeedOptions.ValueFormat.AVRO
                        ? subjects.number(
                                options.topic() + "-value", value(schemas, columns.fields()))
                        : 0;
    }

    private org.apache.avro.Schema value(AvroSchemas schemas, List<Field> columns) {
        org.apache.avro.Schema row = schemas.row(columns);
        return switch (options.envelope()) {
            case NONE -> row;
            case DEBEZIUM -> schemas.envelope(row);
        };
    }

    /** Writes a message. */
    private interface Writing {
        void write(BinaryEncoder out) throws IOException;
    }

    private byte[] message(int id, Writing writing) {
        bytes.reset();
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, encoder);
        encoder = out;
        try {
            writing.write(out);
            out.flush();
        } catch (AvroWriter.Unwritable e) {
            // What was begun must not be in the next message.
            encoder = null;
            throw KafkaFeedErrors.unwritable(options, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public byte[] key(List<@Nullable Object> row) {
        List<@Nullable Object> values =
                Arrays.stream(key).<@Nullable Object>mapToObj(row::get).toList();
        return message(keyId, out -> name.row(values, out));
    }

    @Override
    public byte[] row(List<@Nullable Object> values) {
        return message(rowId, out -> row.row(values, out));
    }

    @Override
    public byte[] enveloped(Change change) {
        long time = change.at().toEpochMilli();
        return message(
                rowId,
                out -> {
                    side(change.before(), out);
                    side(change.after(), out);
                    out.writeString("tarn");
                    out.writeString(options.feed().name());
                    out.writeString(options.feed().table().schema());
                    out.writeString(options.feed().table().table());
                    out.writeLong(change.publication());
                    out.writeLong(time);
                    out.writeString(RowCoding.letter(change.kind()));
                    out.writeLong(time);
                });
    }

    private void side(@Nullable List<@Nullable Object> values, BinaryEncoder out)
            throws IOException {
        out.writeIndex(values == null ? 0 : 1);
        if (values != null) {
            row.row(values, out);
        }
    }
}
