package dev.tarn.duckdb;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where a statement that DuckDB sees came from.
 *
 * @param text what somebody wrote
 * @param shift bytes that were put before it
 * @param known what it reads, for messages
 * @param view the view whose text this is, if it is one's
 */
record Source(SqlText text, int shift, Known known, Optional<TableName> view) {
    /** A statement of our own making. */
    static final Source OURS = Source.of(SqlText.of(""));

    /** The relations that a statement reads or might have meant. */
    interface Known {
        List<TableName> read();

        Collection<String> columns();

        Collection<TableName> all();
    }

    private enum Nothing implements Known {
        NOTHING;

        @Override
        public List<TableName> read() {
            return List.of();
        }

        @Override
        public Collection<String> columns() {
            return List.of();
        }

        @Override
        public Collection<TableName> all() {
            return List.of();
        }
    }

    static Source of(SqlText text) {
        return new Source(text, 0, Nothing.NOTHING, Optional.empty());
    }

    Source after(String prefix) {
        return new Source(
                text, shift + prefix.getBytes(StandardCharsets.UTF_8).length, known, view);
    }

    Source reading(Known relations) {
        return new Source(text, shift, relations, view);
    }

    Source inView(TableName name) {
        return new Source(text, shift, known, Optional.of(name));
    }

    /** The place of the byte at which DuckDB stopped. */
    Optional<Place> locate(int position) {
        int character = character(position);
        return character < 0 ? Optional.empty() : text.locate(character);
    }

    /** The written text at a place that DuckDB named. */
    String excerpt(int position, int length) {
        int from = character(position);
        int to = character(position + length);
        return from < 0 || to < from ? "" : text.sql().substring(from, to);
    }

    private int character(int position) {
        int bytes = position - shift;
        if (position < 0 || bytes < 0) {
            return -1;
        }
        String sql = text.sql();
        int seen = 0;
        int i = 0;
        while (i < sql.length() && seen < bytes) {
            int point = sql.codePointAt(i);
            seen += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            i += Character.charCount(point);
        }
        return seen >= bytes ? i : -1;
    }
}
