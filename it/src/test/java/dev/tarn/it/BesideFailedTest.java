package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One source is held or gone: it is told, a run shows it, and other sources go on. */
final class BesideFailedTest {
    @TempDir Path folder;

    private static Workshop files(Path folder) {
        return new Workshop(folder)
                .put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: raw
                            schema: bronze
                            tables:
                              - {name: held, ingest: {location: held, schema_policy: hold}}
                              - {name: free, ingest: {location: free}}
                        """)
                .put("models/onheld.sql", "select id from {{ source('raw', 'held') }}")
                .put("held/1.csv", "id\n1\n")
                .put("free/1.csv", "id\n1\n")
                .reopen();
    }

    private static RunReport ingest(Workshop shop) {
        return shop.tarn()
                .ingest(Ledger.request(false), false, RunListener.SILENT, new Cancellation());
    }

    private static List<RunStatus> runs(Workshop shop) {
        return shop.tarn().runs(10).stream().map(Run::status).toList();
    }

    private static List<ErrorCode> codes(List<Problem> problems) {
        return problems.stream().map(Problem::code).toList();
    }

    @Test
    void filesLandBesideASourceThatIsHeld() {
        try (Workshop shop = files(folder)) {
            Ledger.assertGood(ingest(shop));
            shop.put("held/2.csv", "id,more\n2,x\n").put("free/2.csv", "id\n2\n");
            RunReport report = ingest(shop);

            assertThat(codes(report.problems())).containsExactly(ErrorCode.SOURCE_HELD);
            assertThat(report.problems().getFirst().message())
                    .endsWith("Until then nothing new comes to what is built on it: main.onheld.");
            assertThat(shop.rows("select id from bronze.free order by id"))
                    .containsExactly("1", "2");
            assertThat(shop.rows("select id from bronze.held")).containsExactly("1");
            assertThat(runs(shop))
                    .containsExactly(RunStatus.PUBLISHED, RunStatus.FAILED, RunStatus.PUBLISHED);
        }
    }

    @Test
    void aBuildPublishesNothingButItsRunSaysWhichSourceIsHeld() {
        try (Workshop shop = files(folder)) {
            Ledger.assertGood(shop.build());
            shop.put("held/2.csv", "id,more\n2,x\n").put("free/2.csv", "id\n2\n");
            RunReport report = shop.build();

            assertThat(codes(report.problems())).containsExactly(ErrorCode.SOURCE_HELD);
            assertThat(Workshop.outcome(report))
                    .containsEntry("source raw.held", "FAILED")
                    .containsEntry("model onheld", "SKIPPED");
            assertThat(shop.rows("select id from bronze.free")).containsExactly("1");
            assertThat(runs(shop)).containsExactly(RunStatus.FAILED, RunStatus.PUBLISHED);

            shop.put("models/wants.sql", "select more from {{ source('raw', 'held') }}").reopen();
            assertThatThrownBy(shop::build)
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            refusal ->
                                    assertThat(codes(refusal.problems()))
                                            .containsExactly(
                                                    ErrorCode.SOURCE_HELD,
                                                    ErrorCode.COLUMN_NOT_FOUND));
        }
    }

    @Test
    void aSourceIsLandedAnewBesideOneThatFails() throws IOException {
        try (Workshop shop = ledgers(folder)) {
            Ledger.assertGood(ingest(shop));
            Files.writeString(folder.resolve("one.ledger"), "#id BIGINT\nc\t5\n");
            Files.delete(folder.resolve("two.ledger"));

            RunReport report =
                    shop.tarn()
                            .ingest(
                                    Ledger.request(true),
                                    false,
                                    RunListener.SILENT,
                                    new Cancellation());

            assertThat(codes(report.problems())).containsExactly(ErrorCode.SOURCE_UNREADABLE);
            assertThat(shop.rows("select id from bronze.one")).containsExactly("5");
            assertThat(shop.rows("select id from bronze.two")).containsExactly("1");
        }
    }

    private static Workshop ledgers(Path folder) {
        return new Workshop(folder)
                .put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: ledger
                            schema: bronze
                            tables:
                              - {name: one, ingest: {connector: ledger, path: one.ledger}}
                              - {name: two, ingest: {connector: ledger, path: two.ledger}}
                        """)
                .put("one.ledger", "#id BIGINT\nc\t1\n")
                .put("two.ledger", "#id BIGINT\nc\t1\n")
                .reopen();
    }

    @Test
    void whatIsFollowedGoesOnWithoutASourceThatIsGone() throws Exception {
        BlockingQueue<RunReport> ended = new LinkedBlockingQueue<>();
        Cancellation cancellation = new Cancellation();
        try (Workshop shop = ledgers(folder)) {
            RunListener listener =
                    new RunListener() {
                        @Override
                        public void ended(RunReport report) {
                            ended.add(report);
                        }
                    };
            CompletableFuture<RunReport> following =
                    CompletableFuture.supplyAsync(() ->
                            shop.tarn()
                                    .ingest(Ledger.request(false), true, listener, cancellation));
            awaitRun(ended, RunStatus.PUBLISHED);
            Files.writeString(folder.resolve("one.ledger"), "");
            assertThat(codes(awaitRun(ended, RunStatus.FAILED).problems()))
                    .containsExactly(ErrorCode.SOURCE_GONE);
            Files.writeString(folder.resolve("two.ledger"), "#id BIGINT\nc\t1\nc\t2\n");
            awaitRun(ended, RunStatus.PUBLISHED);
            cancellation.cancel();

            assertThat(codes(following.get(2, TimeUnit.MINUTES).problems()))
                    .containsExactly(ErrorCode.SOURCE_GONE);
            assertThat(shop.rows("select id from bronze.two order by id"))
                    .containsExactly("1", "2");
        }
    }

    private static RunReport awaitRun(BlockingQueue<RunReport> ended, RunStatus status)
            throws InterruptedException {
        while (true) {
            RunReport report = ended.poll(2, TimeUnit.MINUTES);
            assertThat(report).as("a run that is " + status).isNotNull();
            if (report.run().status() == status) {
                return report;
            }
        }
    }
}
