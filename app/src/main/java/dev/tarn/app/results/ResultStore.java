package dev.tarn.app.results;

import dev.tarn.model.TableName;
import dev.tarn.spi.QueryResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Rows of earlier queries, as files in a folder. What they are called says what was asked and which
 * states of which relations were read, so nothing has to be thrown away when a table changes: its
 * new state has no rows here yet. The files that were not used for the longest time go when all
 * together are too large. A file that is damaged or gone is as if it had never been there. Safe for
 * use by many threads and processes.
 */
public final class ResultStore {
    private static final int MAGIC = 0x7461726e;
    private static final String ROWS = ".rows";
    private static final String NAMES = ".names";

    /** What one result may take of the whole. */
    private static final int PART = 16;

    private final Path folder;
    private final long bytesMax;
    private final Clock clock;

    /**
     * @param bytesMax what all files together may take; 0 keeps nothing
     */
    public ResultStore(Path folder, long bytesMax, Clock clock) {
        this.folder = folder;
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    public boolean isOn() {
        return bytesMax > 0;
    }

    /**
     * The rows that a question had over the states that are shown now.
     *
     * @param states what relations are now, as a text; empty when that cannot be said
     */
    public Optional<KeptRows> find(
            Question question, Function<Set<TableName>, Optional<String>> states) {
        if (!isOn()) {
            return Optional.empty();
        }
        Path names = folder.resolve(question.name() + NAMES);
        try {
            if (!Files.exists(names)) {
                return Optional.empty();
            }
            Optional<String> now = states.apply(names(Files.readString(names)));
            if (now.isEmpty()) {
                return Optional.empty();
            }
            Path file = file(question, now.get());
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            KeptRows rows = read(Files.readAllBytes(file), question, now.get());
            FileTime used = FileTime.from(clock.instant());
            Files.setLastModifiedTime(file, used);
            Files.setLastModifiedTime(names, used);
            return Optional.of(rows);
        } catch (IOException | RuntimeException damaged) {
            return Optional.empty();
        }
    }

    /** Hands on rows while writing them down. */
    public Recorder record(QueryResult rows) {
        return new Recorder(rows, bytesMax / PART);
    }

    /**
     * Keeps what was recorded, if it was recorded whole. A folder that cannot be written keeps
     * nothing.
     */
    public void keep(Question question, Set<TableName> reads, String states, Recorder recorded) {
        Optional<byte[]> rows = recorded.recording();
        if (!isOn() || rows.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(folder);
            put(file(question, states), bytes(question, states, rows.get()));
            put(folder.resolve(question.name() + NAMES), text(reads));
            makeRoom();
        } catch (IOException full) {
            // The rows have been handed on; that the next one has to compute them is no failure.
        }
    }

    /**
     * Forgets everything.
     *
     * @return the bytes it took
     */
    public long forget(boolean dryRun) {
        try {
            long bytes = 0;
            for (Kept kept : all()) {
                bytes += kept.bytes();
                if (!dryRun) {
                    Files.deleteIfExists(kept.file());
                }
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Kept(Path file, long bytes, FileTime used) {}

    private List<Kept> all() throws IOException {
        List<Kept> all = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return all;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try {
                    all.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
                } catch (NoSuchFileException gone) {
                    // Somebody else made room.
                }
            }
        }
        return all;
    }

    private void makeRoom() throws IOException {
        List<Kept> all = all();
        long bytes = all.stream().mapToLong(Kept::bytes).sum();
        if (bytes <= bytesMax) {
            return;
        }
        all.sort(Comparator.comparing(Kept::used).thenComparing(Kept::file));
        for (Kept oldest : all) {
            if (bytes <= bytesMax * 3 / 4) {
                return;
            }
            Files.deleteIfExists(oldest.file());
            bytes -= oldest.bytes();
        }
    }

    private Path file(Question question, String states) {
        return folder.resolve(
                question.name() + "-" + Question.digest(states).substring(0, 32) + ROWS);
    }

    private void put(Path file, byte[] bytes) throws IOException {
        Path part = folder.resolve(UUID.randomUUID() + ".part");
        try {
            Files.write(part, bytes);
            Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static byte[] text(Set<TableName> names) {
        return names.stream()
                .map(n -> n.schema() + '\t' + n.table())
                .sorted()
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Set<TableName> names(String text) {
        return text.lines()
                .map(line -> line.split("\t", 2))
                .map(parts -> new TableName(parts[0], parts[1]))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static byte[] bytes(Question question, String states, byte[] rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.length + 1024);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        RowsCodec.write(question.sql().strip(), out);
        RowsCodec.write(states, out);
        out.write(rows);
        out.writeBoolean(false);
        out.writeLong(sum(bytes.toByteArray(), bytes.size()));
        return bytes.toByteArray();
    }

    private static KeptRows read(byte[] bytes, Question question, String states)
            throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        DataInputStream end =
                new DataInputStream(
                        new ByteArrayInputStream(
                                Arrays.copyOfRange(
                                        bytes,
                                        Math.max(0, bytes.length - Long.BYTES),
                                        bytes.length)));
        if (in.readInt() != MAGIC
                || end.readLong() != sum(bytes, bytes.length - Long.BYTES)
                || !question.sql().strip().equals(RowsCodec.value(in))
                || !states.equals(RowsCodec.value(in))) {
            throw new IOException("not the rows of this question");
        }
        var schema = RowsCodec.schema(in);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (in.readBoolean()) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int i = 0; i < schema.fields().size(); i++) {
                row.add(RowsCodec.value(in));
            }
            rows.add(java.util.Collections.unmodifiableList(row));
        }
        return new KeptRows(schema, rows);
    }

    private static long sum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }
}
