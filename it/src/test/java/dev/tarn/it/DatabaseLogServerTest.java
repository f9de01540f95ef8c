package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.run.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a PostgreSQL does while its log is read: it ends, falls silent, changes its tables. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogServerTest {
    private static final String SLOT = "tarn_log_server";
    private static final String UPSERT = "user: postgres\nwrite: upsert";

    private final SourceDatabase database;
    private LogWorkshop live;

    @TempDir Path folder;

    DatabaseLogServerTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder, SLOT);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
        database.execute("INSERT INTO live.t SELECT i, 'v' || i FROM generate_series(1, 100) i");
    }

    @AfterEach
    void end() {
        live.close();
        live.dropSlot();
        database.execute("DROP PUBLICATION IF EXISTS " + SLOT);
        database.execute("DROP SCHEMA IF EXISTS live CASCADE");
    }

    @Test
    void aServerThatIsStartedAgainIsReadOn() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute("UPDATE live.t SET v = 'before' WHERE id = 1");
        database.restart();
        database.execute("UPDATE live.t SET v = 'behind' WHERE id = 2");
        live.ingest();
        live.ingest();

        live.assertSame("t", "id, v");
        assertThat(live.ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aServerThatDoesNotWriteChangesIntoItsLogIsRefused() {
        database.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT"
                        + " active");
        database.restart(options -> options.replace("wal_level=logical", "wal_level=replica"));
        try {
            live.sources(UPSERT, "t");

            assertThat(live.problem().toString())
                    .isEqualTo(
                            "models/sources.yml:14:17: The server at "
                                    + database.url()
                                    + " does not write changes of rows into its log: wal_level is"
                                    + " 'replica'. Run `ALTER SYSTEM SET wal_level = logical` there"
                                    + " and restart it. [SOURCE_UNREADABLE]");
        } finally {
            live.close();
            database.restart(options -> options.replace("wal_level=replica", "wal_level=logical"));
        }
        live.shop().reopen();
        live.land();
        live.assertSame("t", "id, v");
    }

    @Test
    void aServerThatFallsSilentIsUnavailableAndNothingIsLost() throws IOException {
        try (CutNetwork network = new CutNetwork(database.port())) {
            live.sourcesAt(
                    "postgresql://localhost:" + network.port() + "/postgres",
                    UPSERT + "\ntimeout: 2",
                    "t");
            live.land();
            database.execute("UPDATE live.t SET v = 'untold' WHERE id = 1");
            network.silence();

            assertThat(live.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);

            network.speakAgain();
            live.land();
            live.assertSame("t", "id, v");
        }
    }

    @Test
    void aTableInPartitionsIsFollowedAsOne() {
        database.execute(
                "CREATE TABLE live.p (id int, v text, PRIMARY KEY (id)) PARTITION BY RANGE (id)");
        database.execute("CREATE TABLE live.p1 PARTITION OF live.p FOR VALUES FROM (0) TO (10)");
        database.execute("CREATE TABLE live.p2 PARTITION OF live.p FOR VALUES FROM (10) TO (20)");
        database.execute("INSERT INTO live.p SELECT i, 'v' || i FROM generate_series(1, 19) i");
        live.sources(UPSERT, "p");
        live.land();
        live.assertSame("p", "id, v");

        database.execute("UPDATE live.p SET v = 'w' WHERE id IN (3, 13)");
        database.execute("DELETE FROM live.p WHERE id IN (4, 14)");
        database.execute("UPDATE live.p SET id = 14 WHERE id = 5");
        database.execute("CREATE TABLE live.p3 PARTITION OF live.p FOR VALUES FROM (20) TO (30)");
        database.execute("INSERT INTO live.p VALUES (25, 'late')");
        live.land();

        live.assertSame("p", "id, v");
    }

    @Test
    void columnsThatChangedWhileNobodyReadArriveInTheirOrder() {
        live.sources(UPSERT, "t");
        live.land();
        live.close();
        database.execute("UPDATE live.t SET v = 'before' WHERE id = 1");
        database.execute("ALTER TABLE live.t ADD COLUMN n int DEFAULT 7");
        database.execute("UPDATE live.t SET n = 8 WHERE id = 2");
        database.execute("ALTER TABLE live.t ALTER COLUMN n TYPE bigint");
        database.execute("UPDATE live.t SET n = 9000000000 WHERE id = 3");
        live.shop().reopen();
        live.land();

        assertThat(live.rows("select id, v, n from bronze.t where id < 4 order by id"))
                .containsExactly("1|before|null", "2|v2|8", "3|v3|9000000000");
    }
}
