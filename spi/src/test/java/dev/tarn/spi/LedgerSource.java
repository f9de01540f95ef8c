package dev.tarn.spi;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An open ledger. Its position is how many lines have been read. */
final class LedgerSource implements OpenSource {
    static final String PART = "lines";

    private static final String KIND = "_kind";
    private static final String UNTOLD = "_untold";
    private static final String LINE = "_line";

    private final Path file;
    private final boolean changes;
    private final List<String> key;
    private final Clock clock;
    private boolean cancelled;

    LedgerSource(Path file, boolean changes, List<String> key, Clock clock) {
        this.file = file;
        this.changes = changes;
        this.key = key.isEmpty() && changes ? List.of("id") : key;
        this.clock = clock;
    }

    @Override
    public Optional<Schema> columns() {
        List<String> lines = lines();
        return headerBefore(lines, lines.size())
                .map(header -> {
                    List<Field> fields = new ArrayList<>();
                    fields.add(Field.of(LINE, Primitive.BIGINT));
                    fields.addAll(header);
                    return new Schema(fields);
                });
    }

    @Override
    public List<String> key() {
        return key;
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        int from = Integer.parseInt(positions.getOrDefault(PART, "0"));
        Instant end = clock.instant().plus(limits.every());
        List<String> lines = lines();
        while (limits.linger() && lines.size() == from && clock.instant().isBefore(end)) {
            rest();
            lines = lines();
        }
        checkCancelled();
        if (lines.size() < from) {
            throw new TarnException(
                    ErrorCode.SOURCE_GONE,
                    "The ledger has %d lines, and %d had been read.".formatted(lines.size(), from));
        }
        int first = from;
        while (first < lines.size() && lines.get(first).startsWith("#")) {
            first++;
        }
        if (first == lines.size()) {
            return Optional.empty();
        }
        int last = first;
        while (last < lines.size()
                && last - first < limits.rows()
                && !lines.get(last).startsWith("#")) {
            last++;
        }
        return Optional.of(new LedgerBatch(lines, first, last));
    }

    /** A short while, or until somebody cancels. */
    private synchronized void rest() {
        Instant until = clock.instant().plusMillis(50);
        try {
            while (!cancelled && clock.instant().isBefore(until)) {
                wait(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancelled = true;
        }
        checkCancelled();
    }

    private synchronized void checkCancelled() {
        if (cancelled) {
            throw new TarnException(ErrorCode.INTERRUPTED, "Reading the ledger was stopped.");
        }
    }

    @Override
    public Lag lag(Map<String, String> positions) {
        int from = Integer.parseInt(positions.getOrDefault(PART, "0"));
        long rows = lines().stream().skip(from).filter(line -> !line.startsWith("#")).count();
        return new Lag(rows, -1, null);
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        notifyAll();
    }

    @Override
    public void close() {}

    /** All lines that end with a line feed: what is behind the last one is being written. */
    private List<String> lines() {
        if (Files.exists(file.resolveSibling(file.getFileName() + ".down"))) {
            throw new TarnException(
                    ErrorCode.SOURCE_UNAVAILABLE,
                    "The ledger cannot be read now. Nothing of the batch was landed.");
        }
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<List<Field>> headerBefore(List<String> lines, int line) {
        for (int i = line - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("#")) {
                List<Field> fields = new ArrayList<>();
                for (String column : lines.get(i).substring(1).split(",")) {
                    String[] parts = column.split(" ");
                    fields.add(Field.of(parts[0], Primitive.valueOf(parts[1])));
                }
                return Optional.of(fields);
            }
        }
        return Optional.empty();
    }

    private final class LedgerBatch implements Batch, Portion {
        private final List<String> lines;
        private final int first;
        private final int last;
        private final List<Field> header;

        LedgerBatch(List<String> lines, int first, int last) {
            this.lines = lines;
            this.first = first;
            this.last = last;
            this.header = headerBefore(lines, last).orElse(List.of());
        }

        @Override
        public Schema columns() {
            List<Field> fields = new ArrayList<>();
            if (changes) {
                fields.add(Field.of(KIND, Primitive.VARCHAR));
                fields.add(Field.of(UNTOLD, Primitive.VARCHAR));
            }
            fields.add(Field.of(LINE, Primitive.BIGINT));
            fields.addAll(header);
            return new Schema(fields);
        }

        @Override
        public Optional<RowPlace> place() {
            return Optional.of(new RowPlace(List.of(), LINE));
        }

        @Override
        public Optional<Changes> changes() {
            if (!changes) {
                return Optional.empty();
            }
            return Optional.of(
                    new Changes(
                            KIND,
                            Optional.of(UNTOLD),
                            time(),
                            time().map(at -> List.of(LINE, at)).orElse(List.of(LINE))));
        }

        private Optional<String> time() {
            return header.stream().map(Field::name).filter("at"::equals).findFirst();
        }

        @Override
        public List<Portion> portions() {
            return List.of(this);
        }

        @Override
        public Outcome read(RowSink rows, Refusals refusals) {
            long bytes = 0;
            for (int i = first; i < last; i++) {
                checkCancelled();
                bytes += lines.get(i).length() + 1;
                tell(i, lines.get(i), rows, refusals);
            }
            return new Outcome(Map.of(PART, Optional.of(String.valueOf(last))), bytes, false);
        }

        private void tell(int number, String line, RowSink rows, Refusals refusals) {
            String[] values = line.split("\t", -1);
            if (values.length != header.size() + 1) {
                refusals.refuse(
                        PART,
                        number,
                        "the line has %d values, and there are %d columns"
                                .formatted(values.length - 1, header.size()),
                        line);
                return;
            }
            if (changes) {
                rows.text(values[0]);
                String untold = untold(values);
                if (untold.isEmpty()) {
                    rows.nothing();
                } else {
                    rows.text("[" + untold + "]");
                }
            }
            rows.integer(number);
            for (int i = 0; i < header.size(); i++) {
                try {
                    value(values[i + 1], header.get(i), rows);
                } catch (RuntimeException e) {
                    rows.dropRow();
                    refusals.refuse(
                            PART,
                            number,
                            "'%s' is no %s".formatted(values[i + 1], header.get(i).type().sql()),
                            line);
                    return;
                }
            }
            rows.endRow();
        }

        private String untold(String[] values) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < header.size(); i++) {
                if (values[i + 1].equals("~")) {
                    names.add('"' + header.get(i).name() + '"');
                }
            }
            return names.stream().collect(Collectors.joining(","));
        }

        private static void value(String value, Field field, RowSink rows) {
            if (value.isEmpty() || value.equals("~")) {
                rows.nothing();
            } else if (field.type() == Primitive.BIGINT) {
                rows.integer(Long.parseLong(value));
            } else if (field.type() == Primitive.TIMESTAMPTZ) {
                Duration since = Duration.between(Instant.EPOCH, Instant.parse(value));
                rows.timestamp(since.toNanos() / 1000);
            } else {
                rows.text(value);
            }
        }

        @Override
        public void close() {}
    }
}
