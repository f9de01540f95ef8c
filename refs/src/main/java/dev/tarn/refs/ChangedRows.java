package dev.tarn.refs;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.ChangeColumns;
import dev.tarn.spi.ChangedFiles;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.TableReads;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changed rows, version by version: what happened, in which version, by which run and when, then
 * the columns of the table. Of an updated row the old values come before the new ones.
 */
public final class ChangedRows implements QueryResult {
    static final TableName GONE = new TableName("tarn_changes", "gone");
    static final TableName COME = new TableName("tarn_changes", "come");
    static final List<String> SAID = ChangeColumns.SAID.stream().map(f -> f.name()).toList();

    private final TableName name;
    private final Iterator<ChangeFeed.Step> steps;
    private final ChangeFeed.Columns columns;
    private final List<String> key;
    private final TableReads tables;
    private final EngineSession session;
    private @Nullable QueryResult rows;

    ChangedRows(
            TableName name,
            List<ChangeFeed.Step> steps,
            ChangeFeed.Columns columns,
            List<String> key,
            TableReads tables,
            EngineSession session) {
        this.name = name;
        this.steps = steps.iterator();
        this.columns = columns;
        this.key = key;
        this.tables = tables;
        this.session = session;
    }

    @Override
    public Schema schema() {
        return ChangeColumns.of(columns.schema());
    }

    @Override
    public boolean next() {
        while (true) {
            QueryResult open = rows;
            if (open != null && open.next()) {
                return true;
            }
            if (open != null) {
                open.close();
                rows = null;
            }
            if (!steps.hasNext()) {
                return false;
            }
            rows = read(steps.next());
        }
    }

    private QueryResult read(ChangeFeed.Step step) {
        try {
            ChangedFiles files = columns.files(tables, step);
            session.define(GONE, files.gone());
            session.define(COME, files.come());
            return session.query(ChangeFeed.query(step, files, columns.schema(), key));
        } catch (TarnException failure) {
            throw ChangeFeed.expired(name, step, failure);
        }
    }

    @Override
    public @Nullable Object value(int column) {
        QueryResult open = rows;
        if (open == null) {
            throw new IllegalStateException("There is no row");
        }
        return open.value(column);
    }

    @Override
    public long writeArrow(OutputStream out) {
        throw new IllegalStateException("Changes are read row by row");
    }

    @Override
    public void close() {
        try (session) {
            QueryResult open = rows;
            if (open != null) {
                open.close();
            }
        }
    }
}
