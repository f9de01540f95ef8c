package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.MaintainReport;
import dev.tarn.app.MaintainRequest;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables look after themselves, and nobody else notices. */
final class UpkeepTest {
    private static final TableName PAYMENTS = new TableName("bronze", "payments");

    @TempDir Path folder;

    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("payments");
        shop.put(
                "models/totals.sql",
                "select sum(cents) as cents from {{ source('bronze_payments', 'payments') }}");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private RunReport land(int n) {
        shop.put("landing/payments/%04d.csv".formatted(n), "id,cents\n%d,1\n".formatted(n));
        return shop.build();
    }

    private long files() {
        return shop.tarn()
                .table(PAYMENTS, At.MAIN)
                .state()
                .orElseThrow()
                .current()
                .orElseThrow()
                .totalFiles();
    }

    private MaintainReport maintain() {
        return shop.tarn()
                .maintain(
                        new MaintainRequest(
                                RefName.MAIN,
                                List.of(),
                                Duration.ofMinutes(1),
                                Long.MAX_VALUE,
                                true),
                        done -> {},
                        () -> false);
    }

    @Test
    void smallBuildsDoNotLeaveAFileEach() {
        int builds = Integer.getInteger("tarn.upkeep.builds", 60);
        long most = 0;
        for (int i = 0; i < builds; i++) {
            RunReport report = land(i);
            assertThat(report.run().status()).as("build %d", i).isEqualTo(RunStatus.PUBLISHED);
            most = Math.max(most, files());
        }

        assertThat(shop.rows("select count(*), count(distinct id) from bronze.payments"))
                .containsExactly(builds + "|" + builds);
        assertThat(shop.rows("select cents from main.totals")).containsExactly("" + builds);
        assertThat(most).as("files at most").isLessThan(26);
        System.out.printf("UpkeepTest: %d builds, never more than %d files%n", builds, most);
    }

    @Test
    void whatReadsACompactedTableIsNotBuiltAgain() {
        for (int i = 0; i < 3; i++) {
            land(i);
        }

        MaintainReport report = maintain();

        assertThat(report.tables())
                .extracting(t -> t.table() + " " + t.outcome())
                .contains("bronze.payments " + Outcome.DONE);
        assertThat(files()).isEqualTo(1);
        RunReport again = shop.build();
        assertThat(again.run().status()).isEqualTo(RunStatus.UNCHANGED);
        assertThat(shop.rows("select cents from main.totals")).containsExactly("3");
    }

    @Test
    void aTableThatWantsToBeLeftAloneIs() {
        shop.put("tarn.yml", "upkeep:\n  mode: off\n");
        for (int i = 0; i < 12; i++) {
            land(i);
        }

        assertThat(files()).isEqualTo(12);
    }

    @Test
    void theHistoryEndsWhereItsTimeDoes() {
        land(0);
        shop.tarn().states().createTag(new RefName("first"), At.MAIN);
        land(1);
        land(2);
        assertThat(maintain().versions()).isZero();
        shop.put(
                        "tarn.yml",
                        "upkeep: {history: 1ms, snapshot_age: 1ms, snapshots_kept: 1, orphan_age: 1ms}\n")
                .reopen();

        MaintainReport report = maintain();

        assertThat(report.versions()).isPositive();
        assertThat(report.cleaned().orElseThrow().removed()).isNotEmpty();
        assertThat(shop.rows("select count(*) from bronze.payments")).containsExactly("3");
        assertThat(shop.rows("select count(*) from bronze.payments", "first")).containsExactly("1");
        Assertions.assertThatThrownBy(
                        () -> shop.rows("select count(*) from bronze.payments", "main@7"))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining("is no longer kept; the oldest publication that can be read");
    }

    @Test
    void aFailedBuildCanStillBeRetriedAfterUpkeep() {
        land(0);
        shop.put("models/bad.sql", "select 1 / 0 as x, error('no') as y");
        RunReport failed = shop.build();
        assertThat(failed.run().status()).isEqualTo(RunStatus.FAILED);

        maintain();

        assertThat(shop.tarn().lastFailed()).map(r -> r.id()).contains(failed.run().id());
    }
}
