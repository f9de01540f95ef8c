package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Relation.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the rows of a table anew where its files, as others wrote them, can be told of in one
 * format only: files without ids of columns, of another kind than Parquet, or with rows deleted in
 * other ways than by deletion vectors. The files of others stay as they are.
 */
final class FilesOfOthers {
    private static final TableName BEFORE = new TableName("tarn_convert", "before");
    private static final TableName ROWS = new TableName("tarn_convert", "rows");
    private static final TableName AFTER = new TableName("tarn_convert", "after");

    private final TaskContext context;

    FilesOfOthers(TaskContext context) {
        this.context = context;
    }

    /** The same rows in files that every format can tell of; as it is where they are that. */
    TablePointer renewed(TablePointer table) {
        TableScan scan = context.tables().scan(table, Optional.empty(), List.of());
        if (scan.files().stream().noneMatch(FilesOfOthers::needsAnother)) {
            return table;
        }
        EngineSession session = context.session();
        session.define(
                BEFORE, new Relation.Table(scan.schema(), unused -> scan, new Places.Told()));
        List<Field> columns = columns(scan);
        session.define(ROWS, new Relation.View(identified(scan.schema(), columns)));
        WriteTarget target = context.tables().target(table);
        List<WrittenFile> written =
                session.write(
                        SqlText.of("select * from " + ROWS),
                        target.with(new Schema(columns), target.sortOrder()));
        TablePointer made = context.tables().renew(table, written, context.summary());
        session.define(
                AFTER,
                new Relation.Table(
                        scan.schema(),
                        predicates -> context.tables().scan(made, Optional.empty(), predicates)));
        String before = sums(scan.schema(), BEFORE);
        String after = sums(scan.schema(), AFTER);
        if (!before.equals(after)) {
            throw RunErrors.convertedOtherwise(before, after);
        }
        return made;
    }

    private static boolean needsAnother(TableScan.DataFile file) {
        return !file.location().endsWith(".parquet")
                || file.foreign().map(FilesOfOthers::isStrange).orElse(false);
    }

    private static boolean isStrange(ForeignFile file) {
        return !file.names().isEmpty()
                || !file.positionDeletes().isEmpty()
                || !file.keyDeletes().isEmpty();
    }

    /** Those of the table, and the identity of rows where they have one. */
    private static List<Field> columns(TableScan scan) {
        List<Field> columns = new ArrayList<>(scan.schema().fields());
        boolean identified = scan.files().stream().anyMatch(f -> f.lineage().isPresent());
        if (identified
                && RowLineage.FIELDS.stream()
                        .noneMatch(f -> scan.schema().find(f.name()).isPresent())) {
            columns.addAll(RowLineage.FIELDS);
        }
        return columns;
    }

    private static String identified(Schema schema, List<Field> columns) {
        List<String> selected = new ArrayList<>();
        schema.names().forEach(name -> selected.add(Type.quoted(name)));
        if (columns.size() > selected.size()) {
            selected.add(Places.ROW_ID + " as " + RowLineage.ROW_ID.name());
            selected.add(Places.LAST_UPDATED + " as " + RowLineage.LAST_UPDATED.name());
        }
        return "select %s from %s".formatted(String.join(", ", selected), BEFORE);
    }

    /** Equal for equal rows in any order. */
    private String sums(Schema schema, TableName name) {
        String hashes =
                schema.names().stream()
                        .map(Type::quoted)
                        .map(
                                "count(%1$s), coalesce(sum(hash(%1$s)::hugeint), 0)::varchar"
                                        ::formatted)
                        .collect(Collectors.joining(", "));
        SqlText query = SqlText.of("select count(*), %s from %s".formatted(hashes, name));
        try (QueryResult result = context.session().query(query)) {
            return result.next() ? result.row().toString() : "";
        }
    }
}
