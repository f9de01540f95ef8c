package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildOptions;
import dev.tarn.app.BuildRequest;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.Publishing;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The switch to dbt's visibility: each node as soon as it is done. */
final class PublishEachTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("seeds/raw.csv", "id\n1\n2\n");
        shop.put("models/a.sql", "select id from {{ ref('raw') }}");
        shop.put("models/b.sql", "select id from {{ ref('a') }}");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private static BuildRequest each() {
        return BuildRequest.everything("build")
                .with(BuildOptions.NONE.withPublishing(Optional.of(Publishing.EACH)));
    }

    @Test
    void whatIsDoneIsSeenAlthoughATestFailsLater() {
        shop.put(
                "models/m.yml",
                """
                models:
                  - name: a
                    columns: [{name: id, data_tests: [{accepted_values: {values: [1]}}]}]
                """);
        RunReport together = shop.build();
        assertThat(together.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(shop.tarn().tableNames(dev.tarn.app.At.MAIN)).isEmpty();

        RunReport report = shop.build(each());
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.outcome(report))
                .containsEntry("model a", "SUCCEEDED")
                .containsEntry("model b", "SKIPPED");
        assertThat(shop.rows("select id from main.a order by id")).containsExactly("1", "2");
        assertThat(shop.tarn().tableNames(dev.tarn.app.At.MAIN))
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("main.raw", "main.a");
    }

    @Test
    void theSettingOfTheProjectCountsToo() {
        shop.put("tarn.yml", "run:\n  publish: each\n");
        shop.put("models/c.sql", "select error('no') as id from {{ ref('b') }}");
        RunReport report = shop.build();
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(shop.rows("select count(*) from main.b")).containsExactly("2");
    }

    @Test
    void aNodeIsThereBeforeTheNextOneBegins() {
        List<String> seen = new ArrayList<>();
        RunReport report =
                shop.build(
                        each(),
                        (node, task) -> {
                            if (node.name().equals("b") && task.status() == TaskStatus.RUNNING) {
                                seen.addAll(shop.rows("select count(*) from main.a"));
                            }
                        });
        assertThat(Workshop.told(report.problems())).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(seen).containsExactly("2");
    }

    @Test
    void statementsAroundNodesAndRunsAreStepsToo() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: "1.0"
                on-run-start: ["create or replace table main.log (w varchar)"]
                on-run-end: ["insert into main.log values ('end')"]
                models: {shop: {+materialized: table, +post-hook: "insert into main.log values ('{{ this.identifier }}')"}}
                """);
        shop.put("models/c.sql", "select error('no') as id from {{ ref('b') }}");
        shop.build(each());
        assertThat(shop.rows("select w from main.log order by w")).containsExactly("a", "b", "end");
        shop.put("models/c.sql", "select id from {{ ref('b') }}");
        RunReport report = shop.build(each());
        assertThat(Workshop.told(report.problems())).isEmpty();
        assertThat(shop.rows("select w from main.log order by w"))
                .containsExactly("a", "b", "c", "end");
    }

    @Test
    void nothingChangedIsStillNoPublication() {
        shop.build(each());
        int before = shop.tarn().publications(RefName.MAIN, 100).size();
        RunReport report = shop.build(each());
        assertThat(report.run().status()).isEqualTo(RunStatus.UNCHANGED);
        assertThat(shop.tarn().publications(RefName.MAIN, 100)).hasSize(before);
    }
}
