package dev.tarn.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records that were taken out of their file, with the lines in which they stood there. */
final class AsideRows implements TextRows {
    private final TextRows rows;
    private final List<EngineLines.Line> lines;

    /** In which line of all their texts each of them begins. */
    private final List<Long> starts = new ArrayList<>();

    AsideRows(TextRows rows, List<EngineLines.Line> lines) {
        this.rows = rows;
        this.lines = lines;
        long start = 1;
        for (EngineLines.Line line : lines) {
            starts.add(start);
            start += 1 + line.text().chars().filter(c -> c == '\n').count();
        }
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
        return lines.get(Collections.binarySearch(starts, rows.row())).number();
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
    public @Nullable String json(String column) {
        return rows.json(column);
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
