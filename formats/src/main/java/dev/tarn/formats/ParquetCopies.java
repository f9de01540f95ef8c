package dev.tarn.formats;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.ParquetForms;
import dev.tarn.spi.RowReaders.RowReader;
import dev.tarn.spi.Storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of files of other formats as Parquet, in one folder, made when they are first read. A copy
 * is named after the file's location and version, so a changed file is another copy, and appears
 * whole. Copies that nobody has asked for the longest go first when they take too much.
 */
public final class ParquetCopies implements ParquetForms {
    /** Goes into the names of copies: what is written in another way is another copy. */
    private static final String LAYOUT = "2 ";

    private static final Duration IN_USE = Duration.ofMinutes(10);
    private static final TableName ROWS = new TableName("tarn_copy", "rows");

    private final Path folder;
    private final long mostBytes;
    private final Engine engine;
    private final Clock clock;
    private final FormatReaders readers = new FormatReaders();

    private ParquetCopies(Path folder, long mostBytes, Engine engine, Clock clock) {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * @param folder for the copies
     * @param mostBytes what these take, as a rule
     */
    public static ParquetCopies open(Path folder, long mostBytes, Engine engine, Clock clock) {
        return new ParquetCopies(folder, mostBytes, engine, clock);
    }

    @Override
    public synchronized Path of(Format format, StoredFile file, Path local) {
        Path copy = folder.resolve(name(format, file));
        try {
            if (!Files.exists(copy)) {
                Files.createDirectories(folder);
                Path part = folder.resolve("." + UUID.randomUUID() + ".part");
                try {
                    write(format, local, part);
                    Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(part);
                }
                trim();
            }
            Files.setLastModifiedTime(copy, FileTime.from(clock.instant()));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Format format, StoredFile file) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    (LAYOUT
                                                    + format
                                                    + "\n"
                                                    + file.location()
                                                    + "\n"
                                                    + file.version())
                                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash) + ".parquet";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(Format format, Path local, Path to) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            Schema columns = new Schema(List.of());
            String rows;
            switch (format) {
                case CSV, TSV -> rows = "read_csv(%s)".formatted(literal(local));
                case JSON, NDJSON -> rows = "read_json(%s)".formatted(literal(local));
                case PARQUET -> rows = "read_parquet(%s)".formatted(literal(local));
                case AVRO, ORC, EXCEL -> {
                    columns = stage(session, format, local);
                    rows = ROWS.toString();
                }
                default -> throw FormatErrors.noReader(format);
            }
            // Names of columns are looked at before anything is written.
            session.describe(SqlText.of("SELECT * FROM " + rows));
            session.execute(
                    "COPY (SELECT * FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd, PRESERVE_ORDER true%s)"
                            .formatted(rows, literal(to), FieldIds.option(columns)));
        } catch (TarnException e) {
            switch (e.code()) {
                case INTERRUPTED, TIMEOUT, OUT_OF_MEMORY, STORAGE_FULL, FILE_CORRUPT, UNSUPPORTED ->
                        throw e;
                default -> throw FormatErrors.corrupt(local, format.name(), e);
            }
        }
    }

    /** Returns the columns with the ids that the file gives them. */
    private Schema stage(EngineSession session, Format format, Path local) {
        try (RowReader reader = readers.open(format, local, Map.of())) {
            session.stage(ROWS, reader.schema(), () -> new Rows(reader));
            return switch (reader) {
                case AvroRows avro -> avro.columns();
                case OrcRows orc -> orc.columns();
                default -> reader.schema();
            };
        }
    }

    /** The rows of a reader, once. */
    private static final class Rows implements Iterator<List<? extends @Nullable Object>> {
        private final RowReader reader;
        private @Nullable List<@Nullable Object> next;

        Rows(RowReader reader) {
            this.reader = reader;
            this.next = reader.next();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public List<? extends @Nullable Object> next() {
            List<@Nullable Object> row = next;
            if (row == null) {
                throw new NoSuchElementException();
            }
            next = reader.next();
            return row;
        }
    }

    private static String literal(Path path) {
        return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
    }

    /** A copy. */
    private record Copy(Path path, long bytes, Instant asked) {}

    private void trim() throws IOException {
        List<Copy> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                copies.add(
                        new Copy(
                                file,
                                Files.size(file),
                                Files.getLastModifiedTime(file).toInstant()));
            }
        }
        long bytes = copies.stream().mapToLong(Copy::bytes).sum();
        copies.sort(Comparator.comparing(Copy::asked));
        Instant old = clock.instant().minus(IN_USE);
        for (Copy copy : copies) {
            if (bytes <= mostBytes || copy.asked().isAfter(old)) {
                return;
            }
            Files.deleteIfExists(copy.path());
            bytes -= copy.bytes();
        }
    }
}
