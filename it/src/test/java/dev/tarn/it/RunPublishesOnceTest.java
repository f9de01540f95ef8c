package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything a run makes becomes visible at once, or nothing does. */
final class RunPublishesOnceTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("sales");
        shop.put("landing/sales/1.csv", "id,amount\n1,10\n2,20\n");
        shop.put("models/paid.sql", "select id, amount from {{ source('bronze_sales', 'sales') }}");
        shop.put("models/total.sql", "select sum(amount)::bigint as total from {{ ref('paid') }}");
        shop.put(
                "models/checks.yml",
                """
                version: 2
                models:
                  - name: paid
                    columns:
                      - name: id
                        data_tests: [unique]
                """);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    @Test
    void nothingIsVisibleBeforeEverythingIs() {
        List<Integer> tablesSeen = new ArrayList<>();

        RunReport report =
                shop.build(
                        BuildRequest.everything("build"),
                        (node, task) -> tablesSeen.add(shop.tarn().tableNames(At.MAIN).size()));

        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(tablesSeen).hasSizeGreaterThanOrEqualTo(8).containsOnly(0);
        assertThat(shop.tarn().tableNames(At.MAIN)).hasSize(3);
        assertThat(shop.tarn().publications(RefName.MAIN, 10)).hasSize(1);
        assertThat(shop.rows("select total from main.total")).containsExactly("30");
    }

    @Test
    void aFailedCheckPublishesNothingAndItsRunCanBeAsked() {
        shop.build();
        shop.put("landing/sales/2.csv", "id,amount\n2,500\n");

        RunReport failed = shop.build();

        assertThat(failed.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(failed.problems()))
                .matches(
                        "models/checks.yml:\\d+:\\d+: Check unique_paid_id\\S* found 1 failing row\\."
                                + " \\[CHECK_FAILED]");
        assertThat(Workshop.outcome(failed))
                .containsEntry("model paid", "SUCCEEDED")
                .containsEntry("model total", "SKIPPED");
        assertThat(failed.findings())
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.rows()).hasSize(1);
                });
        assertThat(shop.rows("select count(*) from bronze.sales")).containsExactly("2");
        assertThat(shop.rows("select count(*) from main.paid")).containsExactly("2");
        assertThat(shop.rows("select count(*) from main.paid", "run:" + failed.run().id()))
                .containsExactly("3");
        assertThat(shop.rows("select total from main.total", "run:" + failed.run().id()))
                .containsExactly("30");
    }

    @Test
    void aRetryGoesOnFromWhatWasDone() {
        shop.put("landing/sales/2.csv", "id,amount\n2,500\n");
        RunReport failed = shop.build();
        shop.put(
                "models/paid.sql",
                "select id, max(amount) as amount"
                        + " from {{ source('bronze_sales', 'sales') }} group by id");

        RunReport retried =
                shop.build(BuildRequest.everything("retry").withRetryOf(failed.run().id()));

        assertThat(retried.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(retried.run().retryOf()).contains(failed.run().id());
        assertThat(Workshop.outcome(retried))
                .containsEntry("source bronze_sales.sales", "UNCHANGED")
                .containsEntry("model paid", "SUCCEEDED")
                .containsEntry("model total", "SUCCEEDED");
        assertThat(shop.rows("select total from main.total")).containsExactly("510");
        assertThat(shop.rows("select count(*) from bronze.sales")).containsExactly("3");
    }

    @Test
    void whatHasNotChangedIsSkippedUntilEverythingIsWanted() {
        shop.build();

        RunReport again = shop.build();
        shop.put("models/total.sql", "select count(*) as total from {{ ref('paid') }}");
        RunReport edited = shop.build();
        RunReport full = shop.build(Workshop.full());

        assertThat(again.run().status()).isEqualTo(RunStatus.UNCHANGED);
        assertThat(Workshop.outcome(again).values()).containsOnly("UNCHANGED");
        assertThat(Workshop.outcome(edited))
                .containsEntry("model paid", "UNCHANGED")
                .containsEntry("model total", "SUCCEEDED");
        assertThat(Workshop.outcome(full))
                .containsEntry("model paid", "SUCCEEDED")
                .containsEntry("model total", "SUCCEEDED");
        assertThat(shop.rows("select total from main.total")).containsExactly("2");
    }

    @Test
    void aBranchIsBuiltWithoutTouchingMain() {
        shop.build();
        shop.tarn().states().createBranch(new RefName("dev"), At.MAIN);
        shop.put("landing/sales/2.csv", "id,amount\n3,5\n");

        RunReport onBranch = shop.build(Workshop.to("dev"));

        assertThat(onBranch.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(shop.rows("select total from main.total", "dev")).containsExactly("35");
        assertThat(shop.rows("select total from main.total")).containsExactly("30");
        shop.build();
        assertThat(shop.rows("select total from main.total")).containsExactly("35");
    }

    @Test
    void aWarningLetsTheRunGoOn() {
        shop.put("landing/sales/2.csv", "id,amount\n2,500\n");
        shop.put(
                "models/checks.yml",
                """
                version: 2
                models:
                  - name: paid
                    columns:
                      - name: id
                        data_tests:
                          - unique:
                              config:
                                severity: warn
                """);

        RunReport report = shop.build();

        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(report.problems()).isEmpty();
        assertThat(report.findings()).hasSize(1);
    }
}
