package dev.tarn.ingest;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records that were taken out of their file, with the lines in which they stood there. */
final class AsideRows implements TextRows {
    private final TextRows rows;
    private final List<EngineLines.Line> lines;

    AsideRows(TextRows rows, List<EngineLines.Line> lines) {
        this.rows = rows;
        this.lines = lines;
    }

    @Override
    public Collection<String> header() {
        return rows.header();
    }

    @Override
    public boolean next() throws IOException {
        return rows.next();
    }

    @Override
    public long row() {
        return lines.get(Math.toIntExact(rows.row()) - 1).number();
    }

    @Override
    public Optional<String> problem() {
        return rows.problem();
    }

    @Override
    public String raw() {
        return rows.raw();
    }

    @Override
    public Collection<String> columns() {
        return rows.columns();
    }

    @Override
    public @Nullable String text(String column) {
        return rows.text(column);
    }

    @Override
    public JsonShape shape(String column) {
        return rows.shape(column);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
