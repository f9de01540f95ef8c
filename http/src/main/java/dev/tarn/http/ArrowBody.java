package dev.tarn.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tarn.http.RestPages.Row;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowStreamReader;

/** Rows of an Arrow stream as JSON objects, with the types that the stream has. */
final class ArrowBody {
    private static final int MOST_TIMES = 8;

    /** What a row takes beside its JSON. */
    private static final int ROW_BYTES = 64;

    private static final JsonFactory JSON = new JsonFactory();

    private final long mostBytes;
    private final List<Row> rows = new ArrayList<>();
    private long told;

    private ArrowBody(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * @param mostBytes that a body may have; its rows may have eight times as many
     */
    static PushBody read(byte[] body, long mostBytes) throws PushErrors.Refused {
        checkLengths(body);
        ArrowBody rows = new ArrowBody(mostBytes * MOST_TIMES);
        try (BufferAllocator memory = new RootAllocator(rows.mostBytes);
                ArrowStreamReader reader =
                        new ArrowStreamReader(new ByteArrayInputStream(body), memory)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            Schema members = members(root.getSchema().getFields());
            while (reader.loadNextBatch()) {
                root.getFieldVectors().forEach(v -> ArrowLengths.column(v, root.getRowCount()));
                reader.getDictionaryVectors()
                        .values()
                        .forEach(words ->
                                ArrowLengths.column(
                                        words.getVector(), words.getVector().getValueCount()));
                rows.add(reader, root, memory);
            }
            return new PushBody(rows.rows, Optional.of(members));
        } catch (OutOfMemoryException e) {
            throw PushErrors.unpacksTooLong(rows.mostBytes);
        } catch (IOException | RuntimeException e) {
            throw PushErrors.body("Arrow stream", "it is damaged, not whole or packed");
        }
    }

    private static void checkLengths(byte[] body) throws PushErrors.Refused {
        int messages;
        try {
            messages = ArrowLengths.messages(body);
        } catch (RuntimeException e) {
            throw PushErrors.body("Arrow stream", "it is damaged, or not whole");
        }
        if (messages == 0) {
            throw PushErrors.body("Arrow stream", "it has no schema");
        }
    }

    private static Schema members(List<org.apache.arrow.vector.types.pojo.Field> fields)
            throws PushErrors.Refused {
        List<Field> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (org.apache.arrow.vector.types.pojo.Field field : fields) {
            if (!names.add(field.getName().toLowerCase(Locale.ROOT))) {
                throw PushErrors.columnTwice(field.getName());
            }
            if (!ArrowTypes.isRead(field)) {
                throw PushErrors.columnType(
                        field.getName(), String.valueOf(field.getFieldType().getType()));
            }
            ArrowTypes.of(field).ifPresent(type -> members.add(Field.of(field.getName(), type)));
        }
        return new Schema(members);
    }

    private void add(ArrowStreamReader reader, VectorSchemaRoot root, BufferAllocator memory)
            throws IOException, PushErrors.Refused {
        List<FieldVector> made = new ArrayList<>();
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (FieldVector vector : root.getFieldVectors()) {
                var encoding = vector.getField().getDictionary();
                if (encoding == null) {
                    columns.add(vector);
                    continue;
                }
                Dictionary words = reader.lookup(encoding.getId());
                FieldVector plain = (FieldVector) DictionaryEncoder.decode(vector, words, memory);
                made.add(plain);
                columns.add(plain);
            }
            List<String> names =
                    root.getSchema().getFields().stream().map(f -> f.getName()).toList();
            for (int row = 0; row < root.getRowCount(); row++) {
                byte[] json = json(names, columns, row);
                told += json.length + ROW_BYTES;
                if (told > mostBytes) {
                    throw PushErrors.unpacksTooLong(mostBytes);
                }
                rows.add(new Row(json, ""));
            }
        } finally {
            made.forEach(FieldVector::close);
        }
    }

    private static byte[] json(List<String> names, List<FieldVector> columns, int row)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (int c = 0; c < names.size(); c++) {
                json.writeFieldName(names.get(c));
                ArrowTypes.write(columns.get(c), row, json);
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
