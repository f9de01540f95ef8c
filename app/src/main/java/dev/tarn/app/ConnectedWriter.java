package dev.tarn.app;

import dev.tarn.ingest.StreamLanding;
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

/** Brings the rows of a batch into a table, in the way that the source asks for. */
final class ConnectedWriter {
    private static final TableName ONCE = new TableName("tarn_ingest", "rows_once");

    private final EngineSession session;
    private final Tables tables;
    private final TableWriter writer;
    private long duplicates;

    ConnectedWriter(EngineSession session, Tables tables, TableWriter writer) {
        this.session = session;
        this.tables = tables;
        this.writer = writer;
    }

    /**
     * @param fresh whether none of the rows can be in the table
     */
    Written write(TableName name, TablePointer base, StreamLanding landing, boolean fresh) {
        if (landing.isEmpty()) {
            return new Written(base, 0, 0);
        }
        if (landing.write() == Write.APPEND) {
            return append(name, base, landing, fresh);
        }
        landing.stage();
        return changed(name, base, landing, fresh);
    }

    /** The same for rows that are staged as changes. */
    Written changed(TableName name, TablePointer base, StreamLanding landing, boolean fresh) {
        RowChanges changes = new RowChanges(StreamLanding.CHANGES, landing.key(), landing.about());
        return switch (landing.write()) {
            case APPEND, UPSERT, SCD1 -> writer.apply(name, base, changes, false, fresh);
            case DELETE_INSERT -> writer.apply(name, base, changes, true, fresh);
            case SCD2 ->
                    writer.version(
                            name,
                            base,
                            changes,
                            new Validity(StreamLanding.VALID_FROM, StreamLanding.VALID_TO),
                            fresh);
        };
    }

    /** How many rows of the last batch had landed before. */
    long duplicates() {
        return duplicates;
    }

    private Written append(
            TableName name, TablePointer base, StreamLanding landing, boolean fresh) {
        if (!fresh) {
            writer.show(name, base);
        }
        String there = Type.quoted(name.schema()) + "." + Type.quoted(name.table());
        Optional<SqlText> once =
                landing.deduplicated(fresh ? Optional.empty() : Optional.of(there));
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
