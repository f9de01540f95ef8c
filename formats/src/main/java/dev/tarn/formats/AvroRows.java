package dev.tarn.formats;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.RowReaders.RowReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The records of an Avro container file. */
final class AvroRows implements RowReader {
    private final Path file;
    private final DataFileReader<GenericRecord> reader;
    private final Schema schema;

    private AvroRows(Path file, DataFileReader<GenericRecord> reader) {
        this.file = file;
        this.reader = reader;
        this.schema = AvroTypes.schema(file, reader.getSchema());
    }

    static AvroRows open(Path file) {
        try {
            AvroGuard.requireLengths(file);
            return new AvroRows(file, new DataFileReader<>(file.toFile(), new AvroGuard()));
        } catch (IOException | AvroRuntimeException e) {
            throw FormatErrors.corrupt(file, "Avro", e);
        }
    }

    @Override
    public Schema schema() {
        return schema.withoutIds();
    }

    /** The columns with the ids that Iceberg's writers give them. */
    Schema columns() {
        return schema;
    }

    @Override
    public @Nullable List<@Nullable Object> next() {
        try {
            if (!reader.hasNext()) {
                refuseRest();
                return null;
            }
            GenericRecord row = reader.next();
            List<@Nullable Object> values = new ArrayList<>();
            for (org.apache.avro.Schema.Field field : row.getSchema().getFields()) {
                values.add(AvroTypes.value(field.schema(), row.get(field.pos())));
            }
            return values;
        } catch (IOException | AvroRuntimeException e) {
            throw FormatErrors.corrupt(file, "Avro", e);
        }
    }

    /** The library takes a file that breaks off for one that ends. */
    private void refuseRest() throws IOException {
        if (reader.previousSync() != Files.size(file)) {
            throw new EOFException("it breaks off in the middle of a block");
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw FormatErrors.corrupt(file, "Avro", e);
        }
    }
}
