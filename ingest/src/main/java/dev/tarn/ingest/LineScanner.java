package dev.tarn.ingest;

import dev.tarn.ingest.FileLines.Irregular;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Type;
import dev.tarn.spi.RowReaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks through text files of which one line is one record, much faster than record by record: it
 * decodes no values and gives the few lines that are not plain to those who do.
 */
final class LineScanner {
    /** All lines of one landing that may be put aside, in bytes, because they stay in memory. */
    private static final int MOST_ASIDE = 32 << 20;

    private static final int MOST_COLUMNS = 1000;
    private static final int FEW = 100;
    private static final int MOST_LINES = 50;
    private static final int MARK_BYTES = 4 << 20;

    private final RowReaders readers;
    private final IngestOptions options;
    private final Map<String, Type> declared;
    private final AtomicLong asideBytes = new AtomicLong();

    /**
     * @param declared types by column name in lower case
     */
    LineScanner(RowReaders readers, IngestOptions options, Map<String, Type> declared) {
        this.readers = readers;
        this.options = options;
        this.declared = declared;
    }

    /**
     * What a file has.
     *
     * @param records all there are, good or bad
     */
    record Found(EngineLines lines, SeenColumns seen, long records, long broken) {}

    /** Looks through a file; empty when it has to be read record by record. */
    Optional<Found> scan(FileContent content, Format format) throws IOException {
        if (format == Format.JSON) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    format == Format.NDJSON ? json(content) : delimited(content, format));
        } catch (Irregular e) {
            return Optional.empty();
        }
    }

    /** The records that were put aside. */
    static TextRows aside(EngineLines lines, Format format, IngestOptions options) {
        TextRows rows =
                format == Format.NDJSON
                        ? JsonRows.lines(lines.text())
                        : CsvRows.records(
                                lines.text(),
                                lines.delimiter(),
                                lines.columns().stream().map(c -> c.name).toList(),
                                options);
        return new AsideRows(rows, lines.aside());
    }

    /** One file in the making. */
    private final class Gathered {
        final Map<String, LineColumn> columns = new LinkedHashMap<>();
        final List<Long> passedOver = new ArrayList<>();
        final List<EngineLines.Line> aside = new ArrayList<>();
        final List<EngineLines.Mark> marks = new ArrayList<>();
        long goodAside;
        long records;

        Gathered() {
            marks.add(new EngineLines.Mark(0, 0));
        }

        /** Takes note of a place in the file from time to time. */
        void mark(FileLines lines) {
            if (lines.offset() - marks.getLast().bytes() >= MARK_BYTES) {
                marks.add(new EngineLines.Mark(lines.offset(), lines.number() - 1));
            }
        }

        LineColumn column(String name) throws Irregular {
            String key = name.toLowerCase(Locale.ROOT);
            LineColumn known = columns.get(key);
            if (known == null) {
                known = new LineColumn(name, Optional.ofNullable(declared.get(key)));
                columns.put(key, known);
            }
            if (!known.name.equals(name) || columns.size() > MOST_COLUMNS) {
                throw new Irregular();
            }
            return known;
        }

        void putAside(FileLines lines, byte[] bytes, boolean good) throws Irregular {
            putAside(lines, lines.number(), bytes, good);
        }

        void putAside(FileLines lines, long number, byte[] bytes, boolean good) throws Irregular {
            String text = new String(bytes, StandardCharsets.UTF_8);
            aside.add(new EngineLines.Line(number, text));
            goodAside += good ? 1 : 0;
            long all = asideBytes.addAndGet(bytes.length);
            if (all > MOST_ASIDE || aside.size() > FEW + lines.number() / 5) {
                throw new Irregular();
            }
        }

        Found found(FileLines lines, char delimiter) {
            SeenColumns seen = new SeenColumns();
            columns.values().forEach(c -> seen.add(c.name, c.shape()));
            EngineLines all =
                    new EngineLines(
                            List.copyOf(columns.values()),
                            lines.number(),
                            lines.returns(),
                            delimiter,
                            passedOver,
                            aside,
                            goodAside,
                            marks);
            return new Found(all, seen, records, aside.size() - goodAside);
        }
    }

    private Found json(FileContent content) throws IOException, Irregular {
        Gathered gathered = new Gathered();
        JsonLine parser = new JsonLine();
        try (FileLines lines = new FileLines(content.text(readers))) {
            while (lines.next()) {
                gathered.mark(lines);
                switch (parser.read(lines)) {
                    case PLAIN -> {
                        if (lines.returns() && !lines.terminated()) {
                            oddJson(gathered, parser, lines);
                        }
                        gathered.records++;
                    }
                    case ODD -> {
                        oddJson(gathered, parser, lines);
                        gathered.records++;
                    }
                    case BLANK -> {
                        if (lines.end() > lines.start()) {
                            lines.requireText((byte) '\t');
                            gathered.passedOver.add(lines.number());
                        }
                    }
                }
            }
            return gathered.found(lines, ',');
        }
    }

    private void oddJson(Gathered gathered, JsonLine parser, FileLines lines)
            throws IOException, Irregular {
        lines.requireText((byte) '\t');
        byte[] bytes = lines.copy();
        if (lines.returns() && lines.terminated()) {
            bytes = Arrays.copyOf(bytes, bytes.length + 1);
            bytes[bytes.length - 1] = '\r';
        }
        boolean good;
        try (TextRows row = JsonRows.lines(new ByteArrayInputStream(bytes))) {
            good = row.next() && row.problem().isEmpty();
            if (good) {
                for (String name : row.columns()) {
                    LineColumn column = gathered.column(name);
                    column.add(row.shape(name));
                    parser.add(column);
                }
            }
        }
        boolean known = good && parser.isNewName() && parser.read(lines) == JsonLine.Verdict.PLAIN;
        if (known && (lines.terminated() || !lines.returns())) {
            return;
        }
        gathered.putAside(lines, bytes, good);
    }

    private Found delimited(FileContent content, Format format) throws IOException, Irregular {
        Optional<Character> given =
                format == Format.TSV
                        ? options.delimiter().or(() -> Optional.of('\t'))
                        : options.delimiter();
        Gathered gathered = new Gathered();
        char delimiter;
        List<LineColumn> columns = new ArrayList<>();
        try (CsvRows header = CsvRows.open(content.text(readers), given, options)) {
            if (!header.isRegular()) {
                throw new Irregular();
            }
            delimiter = header.delimiter();
            for (String name : header.header()) {
                columns.add(gathered.column(name));
            }
        }
        if (columns.isEmpty() || (delimiter < ' ' && delimiter != '\t')) {
            throw new Irregular();
        }
        CsvLine parser = new CsvLine(columns, delimiter, options);
        try (FileLines lines = new FileLines(content.text(readers))) {
            while (lines.next()) {
                gathered.mark(lines);
                if (lines.number() == 1 && options.header()) {
                    parser.header(lines);
                    gathered.passedOver.add(1L);
                } else if (lines.end() > lines.start()) {
                    gathered.records++;
                    switch (parser.read(lines)) {
                        case PLAIN -> {}
                        case GOOD -> gathered.putAside(lines, lines.copy(), true);
                        case ODD -> oddRecord(gathered, lines, columns, delimiter);
                    }
                }
            }
            return gathered.found(lines, delimiter);
        }
    }

    private void oddRecord(
            Gathered gathered, FileLines lines, List<LineColumn> columns, char delimiter)
            throws IOException, Irregular {
        byte[] bytes = lines.copy();
        long number = lines.number();
        List<String> names = columns.stream().map(c -> c.name).toList();
        while (true) {
            try (CsvRows row = CsvRows.record(bytes, delimiter, names, options)) {
                Optional<String> problem = row.next() ? row.problem() : Optional.empty();
                if (!problem.equals(Optional.of(CsvScanner.NEVER_CLOSED))) {
                    if (number < lines.number() && !row.isWhole()) {
                        // The lines that were taken for one record are several.
                        throw new Irregular();
                    }
                    if (problem.isEmpty()) {
                        for (LineColumn column : columns) {
                            column.add(row.shape(column.name));
                        }
                    }
                    gathered.putAside(lines, number, bytes, problem.isEmpty());
                    return;
                }
            }
            bytes = withNextLine(gathered, lines, bytes, number, delimiter);
        }
    }

    /** A record goes on in the next line. */
    private static byte[] withNextLine(
            Gathered gathered, FileLines lines, byte[] bytes, long number, char delimiter)
            throws IOException, Irregular {
        byte[] end = lines.returns() ? new byte[] {'\r', '\n'} : new byte[] {'\n'};
        if (!lines.terminated() || lines.number() - number >= MOST_LINES || !lines.next()) {
            throw new Irregular();
        }
        lines.requireText((byte) delimiter);
        gathered.passedOver.add(lines.number());
        byte[] more = lines.copy();
        byte[] both = Arrays.copyOf(bytes, bytes.length + end.length + more.length);
        System.arraycopy(end, 0, both, bytes.length, end.length);
        System.arraycopy(more, 0, both, bytes.length + end.length, more.length);
        return both;
    }
}
