package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation.Places;
import dev.tarn.spi.Tables;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Some rows of a table, kept in a session so that they can be taken out of it. */
public final class TakenRows {
    /** The rows, with their places behind their columns. */
    public static final TableName ROWS = new TableName("tarn_stage", "taken_rows");

    private final EngineSession session;
    private final Tables tables;
    private final Map<String, String> summary;
    private final PlacedTable table;
    private final long count;

    TakenRows(
            EngineSession session,
            Tables tables,
            Map<String, String> summary,
            TableName name,
            TablePointer base,
            String condition) {
        this.session = session;
        this.tables = tables;
        this.summary = summary;
        this.table = new PlacedTable(session, tables, name, base);
        this.count =
                session.stage(
                        ROWS,
                        SqlText.of(
                                "select * from %s where (%s\n)"
                                        .formatted(table.from(), condition)));
    }

    public long count() {
        return count;
    }

    /**
     * Takes the rows out of the table.
     *
     * @param instead rows to add in the same step
     */
    public Written remove(Optional<SqlText> instead) {
        String nothing =
                table.schema().fields().stream()
                        .map(f ->
                                ", cast(null as %s) as %s"
                                        .formatted(f.type().sql(), Type.quoted(f.name())))
                        .collect(Collectors.joining());
        String gone =
                "select %s, %s, cast(null as bigint) as %s, false as %s%s from %s"
                        .formatted(
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                ChangedRows.WRITTEN,
                                nothing,
                                ROWS);
        String added =
                instead.map(rows ->
                                " union all by name select true as %s, * from (%s\n)"
                                        .formatted(ChangedRows.WRITTEN, rows.sql()))
                        .orElse("");
        session.stage(ChangedRows.STAGED, SqlText.of(gone + added));
        return new ChangedRows(session, tables, summary, table, "merge").apply();
    }
}
