package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.model.RefName;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody follows the log of a database until he is stopped. */
abstract class LogFollowContract {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private final LiveDatabase database;
    private final String user;
    private final Cancellation cancellation = new Cancellation();
    private CutNetwork network;
    private LogWorkshop live;
    private volatile String ended = "";
    private Thread following;

    @TempDir Path folder;

    LogFollowContract(LiveDatabase database, String user) {
        this.database = database;
        this.user = user;
    }

    /** Ends what others are connected by. */
    abstract void endConnections();

    /** Ends the server as a crash would, and starts it again. */
    abstract void restart();

    /** The server soon leaves those who do not answer. */
    void beImpatient() {}

    @BeforeEach
    void begin() throws IOException {
        network = new CutNetwork(database.port());
        live = new LogWorkshop(database, folder);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
        StringJoiner rows = new StringJoiner(", ");
        for (int i = 1; i <= 100; i++) {
            rows.add("(%d, 'v%d')".formatted(i, i));
        }
        database.execute("INSERT INTO live.t VALUES " + rows);
        live.sourcesAt(
                database.url(network.port()), "user: " + user + "\nwrite: upsert\ntimeout: 3", "t");
        following = Thread.ofPlatform().name("following").start(this::follow);
    }

    @AfterEach
    void end() throws InterruptedException, IOException {
        cancellation.cancel();
        following.join();
        live.close();
        network.close();
        live.dropSlot();
    }

    private void follow() {
        RunReport report =
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
        ended = report.problems().toString();
    }

    /** Waits until the table is as its source is. */
    private void awaitSame() throws InterruptedException {
        List<String> wanted = database.rows("SELECT count(*), max(v) FROM live.t");
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE && ended.isEmpty()) {
            if (isSame(wanted)) {
                live.assertSame("t", "id, v");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(live.rows("select count(*), max(v) from bronze.t"))
                .as("ended with: %s", ended)
                .isEqualTo(wanted);
    }

    private boolean isSame(List<String> wanted) {
        return isThere() && live.rows("select count(*), max(v) from bronze.t").equals(wanted);
    }

    private boolean isThere() {
        return live.shop().tarn().tables(dev.tarn.app.At.MAIN).stream()
                .anyMatch(t -> t.name().toString().equals("bronze.t"));
    }

    @Test
    void changesArriveUntilItIsStopped() throws InterruptedException {
        awaitSame();
        database.execute("UPDATE live.t SET v = concat('w', id) WHERE id < 10");
        awaitSame();
        database.execute("DELETE FROM live.t WHERE id > 50");
        awaitSame();
    }

    @Test
    void aServerThatEndsAllConnectionsIsReadOnAfterwards() throws InterruptedException {
        awaitSame();
        endConnections();
        database.execute("UPDATE live.t SET v = concat('x', id) WHERE id < 10");
        awaitSame();
    }

    @Test
    void aServerThatIsStartedAgainIsReadOnAfterwards() throws InterruptedException {
        awaitSame();
        database.execute("UPDATE live.t SET v = concat('y', id) WHERE id < 10");
        restart();
        database.execute("UPDATE live.t SET v = concat('z', id) WHERE id < 5");
        awaitSame();
    }

    /** Neither end hears of it: not we, and not the server, which still holds us for connected. */
    @Test
    void connectionsThatAreOpenAndDeadAreLeftForNewOnes() throws InterruptedException {
        beImpatient();
        awaitSame();
        database.execute("UPDATE live.t SET v = concat('x', id) WHERE id < 10");
        awaitSame();
        network.lose();
        database.execute("UPDATE live.t SET v = concat('y', id) WHERE id < 20");
        database.execute("DELETE FROM live.t WHERE id > 90");
        awaitSame();
        database.execute("INSERT INTO live.t VALUES (1000, 'z')");
        awaitSame();
    }

    /** The silence begins in the middle of a transaction that is being told. */
    @Test
    void aTransactionThatStopsHalfWayIsToldAgain() throws InterruptedException {
        beImpatient();
        awaitSame();
        network.after(network.passed() + 200_000, network::lose);
        database.execute("UPDATE live.t SET v = repeat(concat('w', id), 3000)");
        awaitSame();
        database.execute("DELETE FROM live.t WHERE id > 90");
        awaitSame();
    }
}
