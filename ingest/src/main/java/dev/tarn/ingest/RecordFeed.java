package dev.tarn.ingest;

import dev.tarn.spi.TextFeed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The good records of files that only we can take apart, each as a JSON list: the whole record as
 * it stands in its file, then the text of every column. Several files are read at the same time.
 */
final class RecordFeed implements TextFeed {
    /** Texts of one batch together, unless a single one is longer. */
    private static final int MOST_BATCH_BYTES = 1 << 20;

    private final List<ScannedFile.Text> files;
    private final Opener opener;
    private final List<String> columns;
    private final List<String> keys;
    private final Set<String> variants;

    /** How a file is opened. */
    interface Opener {
        TextRows open(ScannedFile.Text file) throws IOException;
    }

    /**
     * @param columns the names of all columns
     * @param variants columns, in lower case, that take any value of JSON as what it is
     */
    RecordFeed(
            List<ScannedFile.Text> files,
            Opener opener,
            List<String> columns,
            Set<String> variants) {
        this.files = List.copyOf(files);
        this.opener = opener;
        this.columns = List.copyOf(columns);
        this.keys = columns.stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
        this.variants = Set.copyOf(variants);
    }

    /** What reads the feed: all columns of a landing as text, and what {@link Branch} wants. */
    String select(String feed) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add("_parts[%d] AS %s".formatted(i + 2, Branch.name(columns.get(i))));
        }
        String names =
                files.stream()
                        .map(f -> Branch.literal(f.planned().name()))
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("");
        String all = values.isEmpty() ? "" : ", " + String.join(", ", values);
        return ("(SELECT _file, _row, _parts[1] AS _raw_text%s FROM (SELECT [%s][part + 1] AS _file,"
                        + " number AS _row, from_json(%s, '[\"VARCHAR\"]') AS _parts FROM %s))")
                .formatted(all, names, LineGroup.RECORD, feed);
    }

    @Override
    public Pass begin() {
        AtomicInteger next = new AtomicInteger();
        return () -> new Records(next);
    }

    /** Reads one file after the other. */
    private final class Records implements Reader {
        private final AtomicInteger next;
        private final StringBuilder text = new StringBuilder();
        private @Nullable TextRows rows;
        private int file;
        private boolean fixed;
        private Map<String, String> own = Map.of();

        Records(AtomicInteger next) {
            this.next = next;
        }

        @Override
        public boolean next(Batch batch) throws IOException {
            while (true) {
                TextRows open = rows == null ? open() : rows;
                if (open == null) {
                    return false;
                }
                batch.clear(file);
                fill(batch, open);
                if (batch.size() > 0) {
                    return true;
                }
                close();
            }
        }

        private @Nullable TextRows open() throws IOException {
            file = next.getAndIncrement();
            if (file >= files.size()) {
                return null;
            }
            TextRows opened = opener.open(files.get(file));
            rows = opened;
            fixed = !opened.header().isEmpty();
            own = own(opened.header());
            return opened;
        }

        private void fill(Batch batch, TextRows from) throws IOException {
            int bytes = 0;
            while (!batch.isFull() && bytes < MOST_BATCH_BYTES && from.next()) {
                if (from.problem().isEmpty()) {
                    byte[] record = record(from);
                    batch.add(from.row(), record);
                    bytes += record.length;
                }
            }
        }

        private byte[] record(TextRows from) {
            Map<String, String> names = fixed ? own : own(from.columns());
            text.setLength(0);
            text.append('[');
            string(from.raw());
            for (String key : keys) {
                String name = names.get(key);
                text.append(',');
                if (name == null) {
                    string(null);
                } else {
                    string(variants.contains(key) ? from.json(name) : from.text(name));
                }
            }
            text.append(']');
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        private void string(@Nullable String value) {
            if (value == null) {
                text.append("null");
                return;
            }
            text.append('"');
            int plain = 0;
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '"' || c == '\\' || c < ' ') {
                    text.append(value, plain, i);
                    plain = i + 1;
                    if (c < ' ') {
                        text.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append('\\').append(c);
                    }
                }
            }
            text.append(value, plain, value.length()).append('"');
        }

        @Override
        public void close() throws IOException {
            TextRows open = rows;
            rows = null;
            if (open != null) {
                open.close();
            }
        }
    }

    private static Map<String, String> own(Collection<String> names) {
        Map<String, String> own = new LinkedHashMap<>();
        for (String name : names) {
            own.put(name.toLowerCase(Locale.ROOT), name);
        }
        return own;
    }
}
