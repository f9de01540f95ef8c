package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.MysqlDatabase;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while a binary log is read, and what is said about it. */
@ExtendWith(MysqlDatabase.Started.class)
abstract class MysqlLogFaultsContract {
    private static final String UPSERT = "user: root\nwrite: upsert";
    private static final String PLACE = "models/sources.yml:14:17: ";

    private final MysqlDatabase database;
    private LogWorkshop live;

    @TempDir Path folder;

    MysqlLogFaultsContract(MysqlDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(new LiveDatabase.Mysql(database), folder);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v varchar(300))");
        insert(1, 100);
    }

    private void insert(int from, int to) {
        String depth =
                database.kind() == MysqlDatabase.Kind.MARIADB
                        ? "max_recursive_iterations"
                        : "cte_max_recursion_depth";
        database.execute(
                ("SET SESSION %s = 100000; INSERT INTO live.t WITH RECURSIVE n(i) AS (SELECT %d"
                                + " UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i,"
                                + " concat('v', i) FROM n")
                        .formatted(depth, from, to));
    }

    @AfterEach
    void end() {
        live.close();
        database.execute(
                "SET GLOBAL binlog_format = ROW; SET GLOBAL binlog_row_image = FULL; SET GLOBAL"
                        + " binlog_row_metadata = FULL; DROP USER IF EXISTS 'reader'@'%'");
    }

    private Path secret(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    /** What the server would still need after a crash it keeps for a moment. */
    private void purgeTo(String newest) {
        long begun = System.nanoTime();
        do {
            database.execute("PURGE BINARY LOGS TO '" + newest + "'");
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(120));
        } while (database.rows("SHOW BINARY LOGS").size() > 1);
    }

    /** The server keeps what it believes that somebody reads. */
    private void endReaders() {
        String reading =
                "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog%'";
        List<String> ids = database.rows(reading);
        while (!ids.isEmpty()) {
            for (String id : ids) {
                try {
                    database.execute("KILL " + id);
                } catch (IllegalStateException gone) {
                    // It ended by itself.
                }
            }
            ids = database.rows(reading);
        }
    }

    @Test
    void aKeyThatChangesIsToldAndALoadHasEachRowOnce() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute("DELETE FROM live.t WHERE id = 1");
        database.execute("ALTER TABLE live.t RENAME COLUMN id TO number");
        database.execute("UPDATE live.t SET v = 'later' WHERE number = 2");

        assertThat(live.problem().toString())
                .isEqualTo(
                        PLACE
                                + "Rows of live.t at "
                                + database.url()
                                + " were known by id and are by number, so it cannot be said which"
                                + " of those that landed are changed and deleted. What landed"
                                + " stays. `tarn ingest --full --select source:NAME` reads the"
                                + " table again and goes on from there. [SOURCE_GONE]");
        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.t")));
        database.execute("DELETE FROM live.t WHERE number = 3");
        live.land();
        live.assertSame("t", "number, v");
    }

    @Test
    void settingsOfTheServerThatLoseChangesAreAllToldWithWhatToRun() {
        database.execute(
                "SET GLOBAL binlog_format = STATEMENT; SET GLOBAL binlog_row_image = MINIMAL; SET"
                        + " GLOBAL binlog_row_metadata = MINIMAL");
        live.sources(UPSERT, "t");

        assertThat(live.problem().toString())
                .isEqualTo(
                        PLACE
                                + "The server at "
                                + database.url()
                                + " does not write whole changes of rows into its binary log:"
                                + " binlog_format is STATEMENT, binlog_row_image is MINIMAL,"
                                + " binlog_row_metadata is MINIMAL. Run `SET GLOBAL binlog_format ="
                                + " ROW; SET GLOBAL binlog_row_image = FULL; SET GLOBAL"
                                + " binlog_row_metadata = FULL` there, put the same into its"
                                + " configuration, and let applications connect again. Changes from"
                                + " before are told by a load. [SOURCE_UNREADABLE]");
    }

    @Test
    void aLogThatWasThrownAwayIsSaidToBeWithWhatIsLostAndTheTableCanBeReadAgain() {
        live.sources(UPSERT, "t");
        live.land();
        live.close();
        database.execute("UPDATE live.t SET v = 'lost' WHERE id = 1; FLUSH BINARY LOGS");
        database.execute("FLUSH BINARY LOGS");
        String newest = database.rows("SHOW MASTER STATUS").getFirst().split("\\|", -1)[0];
        endReaders();
        purgeTo(newest);
        live.shop().reopen();

        Problem problem = live.problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.toString())
                .matches(
                        "\\Q"
                                + PLACE
                                + "Changes of live.t at "
                                + database.url()
                                + " are lost: the server has thrown away its binary logs before "
                                + newest
                                + " (binlog_expire_logs_seconds is \\E\\d+\\Q). Missing is what was"
                                + " committed since it was loaded, from binlog.\\E\\d+:\\d+\\Q of"
                                + " the log on; the server is at binlog.\\E\\d+:\\d+\\Q. What landed"
                                + " stays. `tarn ingest --full --select source:NAME` reads the"
                                + " table again and goes on from there. [SOURCE_GONE]\\E");
        assertThat(live.rows("select count(*) from bronze.t")).containsExactly("100");

        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.t")));
        live.assertSame("t", "id, v");
    }

    @Test
    void aLogThatHasBegunAnewIsNotTakenForTheOld() {
        live.sources(UPSERT, "t");
        database.execute("FLUSH BINARY LOGS");
        live.land();
        live.close();
        database.execute("RESET MASTER");
        live.shop().reopen();

        assertThat(live.problem().toString())
                .contains("are lost: the server's binary log has begun anew (RESET MASTER")
                .endsWith("[SOURCE_GONE]");
        LogWorkshop.assertGood(live.ingest(true, List.of()));
        live.assertSame("t", "id, v");
    }

    @Test
    void aTableThatWasMadeAnewIsNotMixedWithTheOldAndTheOthersGoOn() {
        database.execute("CREATE TABLE live.other (id int PRIMARY KEY)");
        live.sources(UPSERT, "t", "other");
        live.land();
        database.execute("UPDATE live.t SET v = 'before' WHERE id = 1");
        database.execute("DROP TABLE live.t");
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v varchar(300))");
        database.execute("INSERT INTO live.t VALUES (1, 'new'); INSERT INTO live.other VALUES (1)");

        Problem problem = live.problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.toString())
                .contains("are lost: the table was dropped there (DROP TABLE");
        assertThat(live.rows("select v from bronze.t where id = 1")).containsExactly("before");
        // It may have landed beside the table that could not.
        assertThat(live.ingest(false, List.of("source:live.other")).problems()).isEmpty();
        live.assertSame("other", "id");
        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.t")));
        live.assertSame("t", "id, v");
    }

    @Test
    void aTableThatAnotherTookTheNameOfIsNoticed() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute("CREATE TABLE live.next_t LIKE live.t");
        database.execute("RENAME TABLE live.t TO live.old_t, live.next_t TO live.t");

        assertThat(live.problem().toString())
                .contains(
                        "are lost: the table was renamed, or another one took its name (RENAME"
                                + " TABLE live.t TO live.old_t, live.next_t TO live.t)");
    }

    @Test
    void rowsThatWereChangedByALoggedStatementAreNoticed() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute(
                "SET SESSION binlog_format = STATEMENT; UPDATE live.t SET v = 'x' WHERE id = 1");

        assertThat(live.problem().toString())
                .contains("are lost: rows were changed by a session with binlog_format = STATEMENT")
                .endsWith("[SOURCE_GONE]");
    }

    @Test
    void aTransactionInTwoPhasesIsNotFollowed() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute(
                "XA START 'x'; UPDATE live.t SET v = 'xa' WHERE id = 1; XA END 'x'; XA PREPARE 'x';"
                        + " XA COMMIT 'x'");
        database.execute("UPDATE live.t SET v = 'y' WHERE id = 2");

        assertThat(live.problem().toString())
                .contains("are lost: rows were changed by an XA transaction in two phases")
                .endsWith("[SOURCE_GONE]");
        LogWorkshop.assertGood(live.ingest(true, List.of()));
        live.assertSame("t", "id, v");
    }

    @Test
    void partitionsThatGoWithTheirRowsAreNoticed() {
        database.execute(
                "CREATE TABLE live.p (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION a"
                        + " VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20))");
        database.execute("INSERT INTO live.p VALUES (1), (11)");
        live.sources(UPSERT, "p");
        live.land();
        live.assertSame("p", "id");
        database.execute("ALTER TABLE live.p TRUNCATE PARTITION a");

        assertThat(live.problem().toString()).contains("rows went or came with a partition");
    }

    @Test
    void whoMayNotReadTheLogIsToldWhatToGrant() throws IOException {
        database.execute(
                "CREATE USER 'reader'@'%' IDENTIFIED " + database.password("reader-secret"));
        database.execute("GRANT SELECT ON live.* TO 'reader'@'%'");
        live.sources(
                "user: reader\npassword: file:" + secret("reader-secret") + "\nwrite: upsert", "t");

        boolean isMariadb = database.kind() == MysqlDatabase.Kind.MARIADB;
        Problem problem = live.problem();
        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(problem.toString())
                .contains(
                        "'reader'@'%' may not read the log of "
                                + database.url()
                                + " (Access denied")
                .contains(
                        isMariadb
                                ? "Run `GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'reader'@'%'`"
                                : "Run `GRANT REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES ON *.*"
                                        + " TO 'reader'@'%'`")
                .doesNotContain("reader-secret");

        database.execute(
                "GRANT "
                        + (isMariadb
                                ? "REPLICATION SLAVE, BINLOG MONITOR"
                                : "REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES")
                        + " ON *.* TO 'reader'@'%'");
        live.shop().reopen();
        live.land();
        database.execute("UPDATE live.t SET v = 'w' WHERE id = 1");
        live.land();
        live.assertSame("t", "id, v");
    }

    @Test
    void aWrongPasswordIsDeniedWithoutShowingIt() throws IOException {
        live.sources(
                "user: locked\npassword: file:" + secret("wrong-secret") + "\nwrite: upsert", "t");

        Problem problem = live.problem();
        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(problem.toString())
                .contains("refuses locked: Access denied for user 'locked'@")
                .doesNotContain("wrong-secret");
    }

    @Test
    void settingsThatDoNotGoWithTheLogAreRefused() {
        live.sources("user: root\nserver_id: me\nlog_budget: much", "t");

        assertThat(live.problem().toString())
                .contains("'server_id' cannot be 'me': it is a number that no other replica has.");
    }

    @Test
    void aRowThatHasNoPlaceHereGoesToQuarantineAndTheOthersLand() {
        database.execute("SET GLOBAL sql_mode = ''");
        database.execute("CREATE TABLE live.days (id int PRIMARY KEY, d date)");
        live.sources(UPSERT, "days");
        live.land();
        database.execute("INSERT INTO live.days VALUES (1, '2026-11-21'), (2, '0000-00-00')");
        live.land();

        assertThat(live.rows("select id from bronze.days")).containsExactly("1");
        assertThat(live.rows("select _reason from bronze.days__quarantine"))
                .containsExactly("'d': '0000-00-00' is no DATE");
    }

    @Test
    void aServerThatIsStartedAgainIsReadOn() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute("UPDATE live.t SET v = 'before' WHERE id = 1");
        database.stop();
        assertThat(live.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        database.start();
        database.execute("UPDATE live.t SET v = 'behind' WHERE id = 2");
        live.land();

        live.assertSame("t", "id, v");
        assertThat(live.ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aNetworkThatIsCutLosesNothing() throws IOException {
        insert(101, 20_000);
        try (CutNetwork network = new CutNetwork(database.port())) {
            live.sourcesAt(database.url(network.port()), UPSERT, "t");
            network.cutAfter(100_000);
            assertThat(live.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            network.cutAfter(Long.MAX_VALUE);
            live.land();
            database.execute("UPDATE live.t SET v = repeat('y', 200) WHERE id % 2 = 0");
            network.cutAfter(500_000);
            assertThat(live.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            network.cutAfter(Long.MAX_VALUE);
            live.land();
            live.assertSame("t", "id, md5(v)");
            assertThat(live.ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        }
    }

    @Test
    void aTableThatIsFarBehindOrChangedByForeignKeysIsToldOf() {
        database.execute(
                "CREATE TABLE live.child (id int PRIMARY KEY, t int, CONSTRAINT of_t FOREIGN KEY (t)"
                        + " REFERENCES live.t (id) ON DELETE CASCADE)");
        live.sources(UPSERT + "\nlog_budget: 1", "child");

        var report = live.ingest();

        LogWorkshop.assertGood(report);
        assertThat(report.tasks())
                .anySatisfy(task ->
                        assertThat(String.valueOf(task.message()))
                                .contains(
                                        "live.child has foreign keys that change its rows when others"
                                                + " change (of_t)"));
    }
}
