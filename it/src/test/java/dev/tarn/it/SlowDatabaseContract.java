package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database whose bytes trickle, by query and by its log: what it has lands once, and whoever does
 * not want to wait for it can stop.
 */
abstract class SlowDatabaseContract {
    private static final int ROWS = 3000;

    /** Behind what is said before the first row comes, and before the last one. */
    private static final int IN_THE_ROWS = 60_000;

    private final LiveDatabase database;
    private final String user;
    private SlowShop slow;

    @TempDir Path folder;

    SlowDatabaseContract(LiveDatabase database, String user) {
        this.database = database;
        this.user = user;
    }

    @BeforeEach
    void begin() throws IOException {
        database.begin();
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v varchar(200))");
        StringJoiner rows = new StringJoiner(", ");
        for (int i = 0; i < ROWS; i++) {
            rows.add("(%d, 'something of some length')".formatted(i));
        }
        database.execute("INSERT INTO live.t VALUES " + rows);
        slow = new SlowShop(folder);
        slow.network().to(database.port());
    }

    @AfterEach
    void end() throws IOException {
        slow.close();
        database.end();
    }

    private void source(String further) {
        slow.source(
                "{connector: %s, url: \"%s\", user: %s, table: live.t, %s}"
                        .formatted(
                                database.connector(),
                                database.url(slow.network().port()),
                                user,
                                further));
    }

    private void byQuery(int rowsOfABatch) {
        source("cursor: id, parallel: 2, flush: {rows: " + rowsOfABatch + "}");
    }

    private void byLog() {
        String settings = database.settings();
        source("mode: cdc, write: upsert" + (settings.isEmpty() ? "" : ", " + settings));
    }

    /** As much as the table has, told by the log. */
    private void change() {
        database.execute("UPDATE live.t SET v = concat('changed ', v) WHERE id < 2000");
        database.execute("DELETE FROM live.t WHERE id >= 2900");
    }

    private void assertSame() {
        String all = "SELECT id, v FROM %s.t ORDER BY id";
        assertThat(slow.shop().rows(all.formatted("bronze")))
                .isEqualTo(database.rows(all.formatted("live")));
    }

    @Test
    void aTableLandsOnce() {
        byQuery(1000);
        slow.landsOnce();
        assertSame();
    }

    @Test
    void whoWaitsForATableCanStop() throws Exception {
        byQuery(ROWS);
        slow.canBeStopped(IN_THE_ROWS);
        assertSame();
    }

    @Test
    void whoWaitsForATableOfWhichNothingComesAnyMoreCanStop() throws Exception {
        byQuery(ROWS);
        slow.canBeStoppedInSilence(IN_THE_ROWS);
        assertSame();
    }

    @Test
    void whoWaitsForAWelcomeCanStop() throws Exception {
        byQuery(ROWS);
        slow.canBeStopped(0);
        assertSame();
    }

    @Test
    void aLogIsReadOnce() {
        byLog();
        slow.landsOnce();
        assertSame();
        change();
        slow.landsOnce();
        assertSame();
    }

    @Test
    void whoWaitsForALogCanStop() throws Exception {
        byLog();
        slow.canBeStopped(IN_THE_ROWS);
        assertSame();
        change();
        slow.canBeStopped(IN_THE_ROWS);
        assertSame();
    }
}
