package dev.tarn.app;

import dev.tarn.ingest.LandedRows;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.run.RowChanges;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Validity;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings the rows of a batch into a table, in the way that the source asks for. */
final class ConnectedWriter {
    private static final TableName ONCE = new TableName("tarn_ingest", "rows_once");

    private final EngineSession session;
    private final Tables tables;
    private final TableWriter writer;
    private long duplicates;
    private long older;

    ConnectedWriter(EngineSession session, Tables tables, TableWriter writer) {
        this.session = session;
        this.tables = tables;
        this.writer = writer;
    }

    /**
     * @param fresh whether none of the rows can be in the table
     */
    Written write(TableName name, TablePointer base, LandedRows landing, boolean fresh) {
        if (landing.isEmpty()) {
            return new Written(base, 0, 0);
        }
        if (landing.write() == Write.APPEND) {
            return append(name, base, landing, fresh);
        }
        landing.stage();
        long left =
                fresh || landing.newest().isEmpty()
                        ? landing.expected()
                        : newer(name, base, landing);
        older = landing.expected() - left;
        return left == 0 ? new Written(base, 0, 0) : changed(name, base, landing, fresh);
    }

    /**
     * Leaves out staged rows that must not take the place of what is there.
     *
     * @return how many are left
     */
    long newer(TableName name, TablePointer base, LandedRows landing) {
        writer.show(name, base);
        String same =
                landing.key().stream()
                        .map(Type::quoted)
                        .map(k -> "t.%s is not distinct from c.%s".formatted(k, k))
                        .collect(Collectors.joining(" and "));
        String ahead =
                landing.newest()
                        .map(Type::quoted)
                        .map(n ->
                                "t.%s is not null and coalesce(t.%s > c.%s, true)"
                                        .formatted(n, n, n))
                        .orElse("t._ingested_at > c.tarn_at");
        return session.stage(
                LandedRows.CHANGES,
                SqlText.of(
                        "select * from %s as c where not exists (select 1 from %s as t where %s and %s)"
                                .formatted(LandedRows.CHANGES, quoted(name), same, ahead)));
    }

    private static String quoted(TableName name) {
        return Type.quoted(name.schema()) + "." + Type.quoted(name.table());
    }

    /** The same for rows that are staged as changes. */
    Written changed(TableName name, TablePointer base, LandedRows landing, boolean fresh) {
        RowChanges changes = new RowChanges(LandedRows.CHANGES, landing.key(), landing.about());
        return switch (landing.write()) {
            case APPEND, UPSERT, SCD1 -> writer.apply(name, base, changes, false, fresh);
            case DELETE_INSERT -> writer.apply(name, base, changes, true, fresh);
            case SCD2 ->
                    writer.version(
                            name,
                            base,
                            changes,
                            new Validity(LandedRows.VALID_FROM, LandedRows.VALID_TO),
                            fresh);
        };
    }

    /** How many rows of the last batch had landed before. */
    long duplicates() {
        return duplicates;
    }

    /** How many rows of the last batch are older than what is there. */
    long older() {
        return older;
    }

    private Written append(TableName name, TablePointer base, LandedRows landing, boolean fresh) {
        if (!fresh) {
            writer.show(name, base);
        }
        Optional<SqlText> once =
                landing.deduplicated(fresh ? Optional.empty() : Optional.of(quoted(name)));
        if (once.isPresent()) {
            long rows = session.stage(ONCE, once.get());
            duplicates = landing.expected() - rows;
            return writer.append(base, SqlText.of("SELECT * FROM " + ONCE));
        }
        List<WrittenFile> files = session.write(landing.rows(), tables.target(base).lightly());
        landing.requireWritten(files.stream().mapToLong(WrittenFile::rows).sum());
        return writer.add(base, files);
    }
}
