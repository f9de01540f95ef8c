package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** A project whose sources are filled from the log of a database, in a schema of its own there. */
final class LogWorkshop implements AutoCloseable {
    private final LiveDatabase database;
    private final Workshop shop;

    LogWorkshop(SourceDatabase database, Path folder, String slot) {
        this(new LiveDatabase.Postgres(database, slot), folder);
    }

    LogWorkshop(LiveDatabase database, Path folder) {
        this.database = database;
        shop = new Workshop(folder);
        database.begin();
    }

    Workshop shop() {
        return shop;
    }

    void dropSlot() {
        database.end();
    }

    /** Settings of all tables, then tables, each as {@code name: settings}. */
    void sources(String settings, String... tables) {
        sourcesAt(database.url(), settings, tables);
    }

    void sourcesAt(String url, String settings, String... tables) {
        StringBuilder text =
                new StringBuilder(
                        """
                        version: 2
                        sources:
                          - name: live
                            schema: bronze
                            ingest:
                              connector: %s
                              mode: cdc
                              url: %s
                        %s
                        %s
                            tables:
                        """
                                .formatted(
                                        database.connector(),
                                        url,
                                        settings.contains("slot:")
                                                ? ""
                                                : database.settings().indent(6).stripTrailing(),
                                        settings.indent(6).stripTrailing()));
        for (String table : tables) {
            String[] parts = table.split(": ", 2);
            text.append("      - name: ").append(parts[0]).append('\n');
            text.append("        ingest: {table: live.").append(parts[0]);
            text.append(parts.length == 1 ? "" : ", " + parts[1]).append("}\n");
        }
        shop.put("models/sources.yml", text.toString());
        shop.reopen();
    }

    RunReport ingest() {
        return ingest(false, List.of());
    }

    RunReport ingest(boolean full, List<String> select) {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                select,
                                List.of(),
                                RefName.MAIN,
                                full,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    /** Lands what there is. */
    void land() {
        assertGood(ingest());
    }

    static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    Problem problem() {
        try {
            return ingest().problems().getFirst();
        } catch (TarnException e) {
            return e.problems().getFirst();
        }
    }

    List<String> rows(String sql) {
        return shop.rows(sql, "main");
    }

    /** Whether a table here has the rows that one there has. */
    void assertSame(String table, String columns) {
        String order = " ORDER BY 1";
        assertThat(rows("select " + columns + " from bronze." + table + order))
                .as(table)
                .isEqualTo(database.rows("SELECT " + columns + " FROM live." + table + order));
    }

    @Override
    public void close() {
        shop.tarn().close();
    }
}
