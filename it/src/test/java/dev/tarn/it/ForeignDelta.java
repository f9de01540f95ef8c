package dev.tarn.it;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.CRC32;
import org.roaringbitmap.RoaringBitmap;

/** A Delta table written line by line, as the protocol says, without any part of Tarn. */
final class ForeignDelta {
    static final String PLAIN = "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}";
    private static final String DIGITS =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private final Path folder;
    private final EngineSession session;
    private long version = -1;

    ForeignDelta(Path folder, EngineSession session) {
        this.folder = folder;
        this.session = session;
        make(folder.resolve("_delta_log/_sidecars"));
    }

    private static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String location() {
        return folder.toString();
    }

    Path log(String name) {
        return folder.resolve("_delta_log").resolve(name);
    }

    /** Writes a query's rows to a Parquet file below the table. */
    Path parquet(String name, String query) {
        Path file = folder.resolve(name);
        make(Objects.requireNonNull(file.getParent()));
        session.execute(
                "copy (%s) to '%s' (format parquet)"
                        .formatted(query, file.toString().replace("'", "''")));
        return file;
    }

    /** The next version. */
    ForeignDelta commit(String... actions) {
        version++;
        try {
            Files.writeString(log("%020d.json".formatted(version)), String.join("\n", actions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    static String features(String... names) {
        return "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"%1$s\"],\"writerFeatures\":[\"%1$s\"]}}"
                .formatted(String.join("\",\"", names));
    }

    /**
     * @param columns such as {@code id long}; a third word is the physical name, a fourth the id
     */
    static String metadata(List<String> partitions, String mode, String... columns) {
        StringBuilder fields = new StringBuilder();
        for (String column : columns) {
            String[] words = column.split(" ");
            String mapped =
                    words.length < 3
                            ? ""
                            : "\"delta.columnMapping.physicalName\":\"%s\",\"delta.columnMapping.id\":%s"
                                    .formatted(words[2], words[3]);
            String type = words[1].startsWith("{") ? words[1] : "\"" + words[1] + "\"";
            fields.append(fields.isEmpty() ? "" : ",")
                    .append(
                            "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":{%s}}"
                                    .formatted(words[0], type, mapped));
        }
        String schema = "{\"type\":\"struct\",\"fields\":[%s]}".formatted(fields);
        String configuration =
                mode.isEmpty() ? "" : "\"delta.columnMapping.mode\":\"" + mode + "\"";
        return "{\"metaData\":{\"id\":\"t\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":\"%s\",\"partitionColumns\":[%s],\"configuration\":{%s}}}"
                .formatted(
                        schema.replace("\"", "\\\""),
                        String.join(",", partitions.stream().map(p -> "\"" + p + "\"").toList()),
                        configuration);
    }

    static String add(String path) {
        return add(path, "", "");
    }

    /**
     * @param partition the inside of an object in JSON
     * @param more such as a deletion vector, with a comma before it
     */
    static String add(String path, String partition, String more) {
        return "{\"add\":{\"path\":\"%s\",\"partitionValues\":{%s},\"size\":1,\"modificationTime\":0,\"dataChange\":true%s}}"
                .formatted(path, partition, more);
    }

    static String remove(String path) {
        return "{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":0,\"dataChange\":true}}"
                .formatted(path);
    }

    private static byte[] vector(int... positions) {
        RoaringBitmap bitmap = RoaringBitmap.bitmapOf(positions);
        ByteBuffer bytes =
                ByteBuffer.allocate(16 + bitmap.serializedSizeInBytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(1_681_511_377).putLong(1).putInt(0);
        bitmap.serialize(bytes);
        return bytes.array();
    }

    private static String base85(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocate((bytes.length + 3) / 4 * 4).put(bytes).rewind();
        StringBuilder text = new StringBuilder();
        while (in.hasRemaining()) {
            long value = Integer.toUnsignedLong(in.getInt());
            StringBuilder digits = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                digits.append(DIGITS.charAt((int) (value % 85)));
                value /= 85;
            }
            text.append(digits.reverse());
        }
        return text.toString();
    }

    /** A deletion vector inside the log. */
    static String inline(int... positions) {
        byte[] bytes = vector(positions);
        return ",\"deletionVector\":{\"storageType\":\"i\",\"pathOrInlineDv\":\"%s\",\"sizeInBytes\":%d,\"cardinality\":%d}"
                .formatted(base85(bytes), bytes.length, positions.length);
    }

    /** A deletion vector in a file beside the table, behind some other bytes. */
    String stored(boolean absolute, int... positions) {
        byte[] bytes = vector(positions);
        UUID id = UUID.randomUUID();
        Path file = folder.resolve("ab/deletion_vector_" + id + ".bin");
        make(Objects.requireNonNull(file.getParent()));
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            CRC32 sum = new CRC32();
            sum.update(bytes);
            out.write(1);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.writeInt((int) sum.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer name =
                ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits());
        String where = absolute ? file.toUri().toString() : "ab" + base85(name.array());
        return ",\"deletionVector\":{\"storageType\":\"%s\",\"pathOrInlineDv\":\"%s\",\"offset\":1,\"sizeInBytes\":%d,\"cardinality\":%d}"
                .formatted(absolute ? "p" : "u", where, bytes.length, positions.length);
    }

    void write(String name, String text) {
        try {
            Files.write(log(name), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table of 50 rows in one file. */
    static Path small(Path place, Path spill) {
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(spill));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            ForeignDelta delta = new ForeignDelta(place, session);
            delta.parquet("a.parquet", "select range as id, 'n' || range as name from range(50)");
            delta.commit(
                    PLAIN, metadata(List.of(), "", "id long", "name string"), add("a.parquet"));
            return place;
        }
    }
}
