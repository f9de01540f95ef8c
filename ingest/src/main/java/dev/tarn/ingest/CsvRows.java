package dev.tarn.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Records of delimited text under the names of its header. */
final class CsvRows implements TextRows {
    private static final int HEAD_BYTES = 1 << 16;
    private static final int HEAD_RECORDS = 50;
    private static final char[] DELIMITERS = {',', ';', '\t', '|'};

    private final InputStream in;
    private final CsvScanner scanner;
    private final List<String> names;
    private final Map<String, Integer> places = new HashMap<>();
    private final char delimiter;
    private boolean pending;

    private CsvRows(
            InputStream in,
            CsvScanner scanner,
            char delimiter,
            List<String> names,
            boolean pending) {
        this.in = in;
        this.scanner = scanner;
        this.delimiter = delimiter;
        this.names = names;
        this.pending = pending;
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
        }
    }

    /**
     * @param given the delimiter; empty to find it out
     */
    static CsvRows open(InputStream in, Optional<Character> given, IngestOptions options)
            throws IOException {
        byte[] head = in.readNBytes(HEAD_BYTES);
        char delimiter = given.isPresent() ? given.get() : delimiter(head, options);
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), in);
        CsvScanner scanner = new CsvScanner(whole, delimiter, options);
        boolean found = scanner.next();
        while (found && options.header() && scanner.isBlank()) {
            scanner.takeForEmptyLine();
            found = scanner.next();
        }
        if (!found) {
            return new CsvRows(in, scanner, delimiter, List.of(), false);
        }
        Optional<String> cut = scanner.problem().filter(p -> !p.equals(CsvScanner.NOT_UTF_8));
        if (options.header() && cut.isPresent()) {
            throw UnfitFile.header(cut.get());
        }
        UnfitFile.requireFew(scanner.fields());
        List<String> first = scanner.texts().stream().map(t -> t == null ? "" : t).toList();
        List<String> names =
                options.header()
                        ? ColumnNames.of(first)
                        : IntStream.rangeClosed(1, first.size())
                                .mapToObj(i -> "column_" + i)
                                .toList();
        return new CsvRows(in, scanner, delimiter, names, !options.header());
    }

    /** Records without a header under given names. */
    static CsvRows records(
            InputStream in, char delimiter, List<String> names, IngestOptions options) {
        return new CsvRows(in, new CsvScanner(in, delimiter, options), delimiter, names, false);
    }

    /** The record that a text begins with. */
    static CsvRows record(byte[] text, char delimiter, List<String> names, IngestOptions options) {
        InputStream in = new ByteArrayInputStream(text);
        CsvScanner scanner = new CsvScanner(in, delimiter, options, text.length + 1);
        return new CsvRows(in, scanner, delimiter, names, false);
    }

    /** Whether the current record could be taken apart at all, however many fields it has. */
    boolean isWhole() {
        return scanner.problem().isEmpty();
    }

    char delimiter() {
        return delimiter;
    }

    /** Whether the engine can be left to read such a file: one good record a line. */
    boolean isRegular() {
        return !scanner.isIrregular();
    }

    @Override
    public Collection<String> header() {
        return names;
    }

    @Override
    public boolean next() throws IOException {
        if (pending) {
            pending = false;
            return true;
        }
        return scanner.next();
    }

    @Override
    public long row() {
        return scanner.line();
    }

    @Override
    public Optional<String> problem() {
        Optional<String> broken = scanner.problem();
        if (broken.isPresent() || scanner.fields() == names.size()) {
            return broken;
        }
        return Optional.of(
                "has %d field%s where the header has %d"
                        .formatted(
                                scanner.fields(), scanner.fields() == 1 ? "" : "s", names.size()));
    }

    @Override
    public String raw() {
        return scanner.raw();
    }

    @Override
    public Collection<String> columns() {
        return names;
    }

    @Override
    public @Nullable String text(String column) {
        Integer place = places.get(column);
        return place == null ? null : scanner.field(place);
    }

    @Override
    public JsonShape shape(String column) {
        String text = text(column);
        return JsonShape.of(text == null ? TextType.NOTHING : TextType.of(text));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** The delimiter that takes the most of the first records apart into as many fields. */
    private static char delimiter(byte[] head, IngestOptions options) throws IOException {
        char best = DELIMITERS[0];
        int bestScore = 0;
        for (char candidate : DELIMITERS) {
            int score = score(head, candidate, options);
            if (score > bestScore) {
                best = candidate;
                bestScore = score;
            }
        }
        return best;
    }

    private static int score(byte[] head, char delimiter, IngestOptions options)
            throws IOException {
        CsvScanner scanner = new CsvScanner(new ByteArrayInputStream(head), delimiter, options);
        int expected = scanner.next() ? scanner.fields() : 0;
        if (expected < 2) {
            return 0;
        }
        int agreeing = 1;
        for (int i = 0; i < HEAD_RECORDS && scanner.next(); i++) {
            agreeing += scanner.problem().isEmpty() && scanner.fields() == expected ? 1 : 0;
        }
        return agreeing * 1000 + Math.min(expected, 999);
    }
}
