package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.RefName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Somebody follows the log of a PostgreSQL until he is stopped. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogFollowTest {
    private static final String SLOT = "tarn_log_follow";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private final SourceDatabase database;
    private final Cancellation cancellation = new Cancellation();
    private LogWorkshop live;
    private Thread following;

    @TempDir Path folder;

    DatabaseLogFollowTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder, SLOT);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
        database.execute("INSERT INTO live.t SELECT i, 'v' || i FROM generate_series(1, 100) i");
        live.sources("user: postgres\nwrite: upsert", "t");
        following = Thread.ofPlatform().name("following").start(this::follow);
    }

    @AfterEach
    void end() throws InterruptedException {
        cancellation.cancel();
        following.join();
        live.close();
        live.dropSlot();
        database.execute("DROP PUBLICATION IF EXISTS " + SLOT);
    }

    private void follow() {
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
                        true,
                        RunListener.SILENT,
                        cancellation);
    }

    /** Waits until the table is as its source is. */
    private void awaitSame() throws InterruptedException {
        List<String> wanted = database.rows("SELECT count(*), max(v) FROM live.t");
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE) {
            if (isThere() && live.rows("select count(*), max(v) from bronze.t").equals(wanted)) {
                live.assertSame("t", "id, v");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(live.rows("select count(*), max(v) from bronze.t")).isEqualTo(wanted);
    }

    private boolean isThere() {
        return live.shop().tarn().tables(dev.tarn.app.At.MAIN).stream()
                .anyMatch(t -> t.name().toString().equals("bronze.t"));
    }

    @Test
    void changesArriveUntilItIsStopped() throws InterruptedException {
        awaitSame();
        database.execute("UPDATE live.t SET v = 'w' || id WHERE id < 10");
        awaitSame();
        database.execute("DELETE FROM live.t WHERE id > 50");
        awaitSame();
    }

    @Test
    void aServerThatEndsAllConnectionsIsReadOnAfterwards() throws InterruptedException {
        awaitSame();
        database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'tarn' AND pid <> pg_backend_pid()");
        database.execute("UPDATE live.t SET v = 'x' || id WHERE id < 10");
        awaitSame();
    }
}
