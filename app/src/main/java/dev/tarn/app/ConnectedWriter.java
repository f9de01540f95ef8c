package dev.tarn.app;

import dev.tarn.ingest.StreamLanding;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.stream.Collectors;

/** Brings the rows of a batch into a table, in the way that the source asks for. */
final class ConnectedWriter {
    private static final TableName CURRENT = new TableName("tarn_ingest", "scd_current");
    private static final TableName CLOSED = new TableName("tarn_ingest", "scd_closed");
    private static final TableName ADDED = new TableName("tarn_ingest", "scd_added");

    private final EngineSession session;
    private final Tables tables;
    private final TableWriter writer;

    ConnectedWriter(EngineSession session, Tables tables, TableWriter writer) {
        this.session = session;
        this.tables = tables;
        this.writer = writer;
    }

    /**
     * @param appends whether none of the rows can be in the table
     */
    Written write(TableName name, TablePointer base, StreamLanding landing, boolean appends) {
        if (landing.isEmpty()) {
            return new Written(base, 0, 0);
        }
        if (appends) {
            return append(base, landing);
        }
        return switch (landing.write()) {
            case APPEND -> append(base, landing);
            case UPSERT, SCD1 -> writer.upsert(name, base, landing.rows(), landing.key());
            case DELETE_INSERT -> writer.deleteInsert(name, base, landing.rows(), landing.key());
            case SCD2 -> history(name, base, landing);
        };
    }

    private Written append(TablePointer base, StreamLanding landing) {
        List<WrittenFile> files = session.write(landing.rows(), tables.target(base));
        landing.requireWritten(files.stream().mapToLong(WrittenFile::rows).sum());
        return writer.add(base, files);
    }

    /** Rows that changed end what is valid now and begin their own time. */
    private Written history(TableName name, TablePointer base, StreamLanding landing) {
        String to = Type.quoted(StreamLanding.VALID_TO);
        writer.show(name, base);
        String rows = "(" + landing.rows().sql() + ")";
        String table = Type.quoted(name.schema()) + "." + Type.quoted(name.table());
        String same =
                landing.key().stream()
                        .map(Type::quoted)
                        .map(k -> "cur.%s IS NOT DISTINCT FROM new.%s".formatted(k, k))
                        .collect(Collectors.joining(" AND "));
        session.stage(
                CURRENT,
                SqlText.of(
                        "SELECT cur.* FROM %s AS cur JOIN %s AS new ON %s WHERE cur.%s IS NULL"
                                .formatted(table, rows, same, to)));
        session.stage(
                CLOSED,
                SqlText.of(
                        "SELECT cur.* REPLACE (new.%s AS %s) FROM %s AS cur JOIN %s AS new ON %s WHERE %s"
                                .formatted(
                                        Type.quoted(StreamLanding.VALID_FROM),
                                        to,
                                        CURRENT,
                                        rows,
                                        same,
                                        differs(landing))));
        session.stage(
                ADDED,
                SqlText.of(
                        "SELECT new.* FROM %s AS new LEFT JOIN (SELECT *, true AS tarn_there FROM %s) AS cur ON %s WHERE cur.tarn_there IS NULL OR %s"
                                .formatted(rows, CURRENT, same, differs(landing))));
        String keys = landing.key().stream().map(Type::quoted).collect(Collectors.joining(", "));
        return writer.rowsReplaced(
                name,
                base,
                SqlText.of("SELECT DISTINCT %s FROM %s".formatted(keys, CLOSED)),
                landing.key(),
                "target." + to + " IS NULL",
                SqlText.of(
                        "SELECT * FROM %s UNION ALL BY NAME SELECT * FROM %s"
                                .formatted(CLOSED, ADDED)));
    }

    private static String differs(StreamLanding landing) {
        return landing.schema().names().stream()
                .filter(c -> !c.equals(StreamLanding.VALID_FROM))
                .filter(c -> !c.equals(StreamLanding.VALID_TO))
                .filter(c -> !c.equals("_ingested_at"))
                .map(Type::quoted)
                .map(c -> "cur.%s IS DISTINCT FROM new.%s".formatted(c, c))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}
