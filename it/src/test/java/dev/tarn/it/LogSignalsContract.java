package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows in a table of the source ask for loads, at the place of the log where they stand. */
abstract class LogSignalsContract {
    private final LiveDatabase database;
    private final String settings;
    private LogWorkshop live;

    @TempDir Path folder;

    /**
     * @param user of the sources
     */
    LogSignalsContract(LiveDatabase database, String user) {
        this.database = database;
        this.settings = "user: " + user + "\nwrite: upsert\nsignals: live.signals";
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder);
        database.execute(
                "CREATE TABLE live.signals (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL,"
                        + " data varchar(2048))");
        for (String table : List.of("orders", "others")) {
            database.execute(
                    "CREATE TABLE live." + table + " (id int PRIMARY KEY, word varchar(20))");
            for (int id = 1; id <= 20; id++) {
                put(table, id, "old");
            }
        }
    }

    @AfterEach
    void end() {
        live.close();
        live.dropSlot();
    }

    private void put(String table, int id, String word) {
        database.execute("INSERT INTO live.%s VALUES (%d, '%s')".formatted(table, id, word));
    }

    private void signal(String id, String type, String data) {
        database.execute(
                "INSERT INTO live.signals VALUES ('%s', '%s', '%s')".formatted(id, type, data));
    }

    /** Rows get lost here, and nothing there tells of it. */
    private void lose(String table) {
        SqlText statement = SqlText.of("delete from bronze." + table + " where id <= 5");
        live.shop().tarn().execute(statement, RefName.MAIN, new Cancellation());
    }

    /** Where others write much to the log, its place may move on without a row. */
    private void landNothing() {
        RunReport report = live.ingest();
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isIn(RunStatus.UNCHANGED, RunStatus.PUBLISHED);
    }

    private List<String> count(String table) {
        return live.rows("select count(*), min(id) from bronze." + table);
    }

    @Test
    void theTableThatIsNamedIsLoadedAgainOnce() {
        signal("before", "execute-snapshot", "{\"data-collections\": [\"live.orders\"]}");
        live.sources(settings + "\nflush: {rows: 8}", "orders", "others");
        live.land();
        lose("orders");
        lose("others");
        landNothing();
        assertThat(count("orders")).containsExactly("15|6");

        put("orders", 21, "new");
        signal(
                "s1",
                "execute-snapshot",
                "{\"type\": \"incremental\", \"more\": {\"a\": [1]}, \"data-collections\": [\"live.orders\"]}");
        database.execute("UPDATE live.orders SET word = 'newer' WHERE id = 3");
        database.execute("DELETE FROM live.orders WHERE id = 7");
        live.land();

        live.assertSame("orders", "id, word");
        assertThat(count("others")).containsExactly("15|6");
        lose("orders");
        landNothing();
        live.shop().reopen();
        landNothing();
        assertThat(count("orders")).containsExactly("15|6");
        assertThat(live.shop().tarn().tables(At.parse("main")))
                .extracting(t -> t.name().toString())
                .containsExactly("bronze.orders", "bronze.others");
    }

    /** A publication of the rows before the signal is one thing, its load another. */
    @Test
    void aLoadThatWasAskedForGoesOnInAnotherProcess() {
        live.sources(settings + "\nflush: {rows: 8}", "orders");
        live.land();
        lose("orders");
        signal("s1", "execute-snapshot", "live.orders");
        signal("s2", "execute-snapshot", "{\"data-collections\": [\"live[.]or.*\"]}");
        int before = live.shop().tarn().publications(RefName.MAIN, 100).size();
        live.land();
        int one = live.shop().tarn().publications(RefName.MAIN, 100).size() - before;
        live.assertSame("orders", "id, word");

        assertThat(one).isLessThan(8);

        lose("orders");
        signal("s3", "execute-snapshot", "live.orders");
        Cancellation cancellation = new Cancellation();
        RunListener listener =
                new RunListener() {
                    @Override
                    public void ended(RunReport report) {
                        cancellation.cancel();
                    }
                };
        live.shop()
                .tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                false,
                                false,
                                Optional.empty()),
                        false,
                        listener,
                        cancellation);
        assertThat(count("orders")).containsExactly("15|6");
        live.shop().reopen();
        put("orders", 30, "late");
        live.land();
        live.assertSame("orders", "id, word");
    }

    @Test
    void whatIsNotUnderstoodIsSaidAndStopsNothing() {
        live.sources(settings, "orders");
        live.land();
        lose("orders");
        signal("s1", "pause-snapshot", "");
        signal("s2", "execute-snapshot", "");
        signal("s3", "execute-snapshot", "{\"data-collections\": \"live.orders\"}");
        signal("s4", "execute-snapshot", "{\"data-collections\": [\"live.orders\"");
        signal("s5", "execute-snapshot", "{\"data-collections\": [\"live.other\", \"[\"]}");
        database.execute("UPDATE live.signals SET data = 'live.orders'");
        database.execute("DELETE FROM live.signals");
        put("orders", 21, "new");

        RunReport report = live.ingest();

        LogWorkshop.assertGood(report);
        assertThat(count("orders")).containsExactly("16|6");
        assertThat(String.valueOf(report.tasks().getFirst().message()))
                .contains(
                        "signals that were passed over: 'pause-snapshot', 'execute-snapshot' with no table, 'execute-snapshot' with {\"data-collections\": \"live.orders\"}, 'execute-snapshot' with {\"data-collections\": [\"live.orders\". Only 'execute-snapshot' is heard, with {\"data-collections\": [\"schema.table\"]} as its data");
    }

    @Test
    void aTableOfSignalsThatIsNotThereIsSaid() {
        database.execute("DROP TABLE live.signals");
        live.sources(settings, "orders");
        assertThat(live.problem().toString())
                .contains("live.signals")
                .contains("SOURCE_UNREADABLE");
    }
}
