package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskRun;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that tasks hand on in a type. */
final class GivenValueTest {
    @TempDir Path folder;
    private JobLab lab;

    @BeforeEach
    void open() {
        lab = new JobLab(folder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private JobRunId start(String tasks) {
        lab.jobs("jobs:\n  - name: one\n    tasks:\n" + tasks.indent(6));
        lab.server();
        return lab.start("one");
    }

    @Test
    void templatesCountAndCompareThem() {
        JobRunId id =
                start(
                        """
                        - {name: rows, shell: "echo 250 > $TARN_OUTPUT", gives: integer}
                        - {name: share, shell: "echo 0.25 > $TARN_OUTPUT", gives: number}
                        - {name: good, shell: "echo true > $TARN_OUTPUT", gives: boolean}
                        - {name: seen, shell: "echo 2026-01-31T06:00:00Z > $TARN_OUTPUT", gives: timestamp}
                        - {name: shops, shell: "echo '[\\"a\\", \\"b\\"]' > $TARN_OUTPUT", gives: list}
                        - {name: quiet, shell: "true", gives: integer, after: rows, when: "{{ tasks.rows.value > 1000 }}"}
                        - name: told
                          after: [rows, share, good, seen, shops, quiet]
                          run_if: all_done
                          when: "{{ tasks.rows.value > 100 and tasks.good.value }}"
                          sql: "{{ tasks.rows.value + 1 }} {{ tasks.share.value * 2 }} {{ tasks.seen.value.add(hours=1) }} {{ tasks.shops.value | length }} {{ tasks.shops.value[1] }} {{ tasks.quiet.value is none }}"
                        - name: parts
                          after: shops
                          each: "{{ tasks.shops.output }}"
                          gives: integer
                          shell: "echo {{ item_number + 20 }} > $TARN_OUTPUT"
                        - {name: total, after: parts, sql: "{{ tasks.parts.value | sum }}"}
                        """);

        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "told").output())
                .isEqualTo("251 0.5 2026-01-31T07:00:00Z 2 b True");
        assertThat(lab.task(id, "total").output()).isEqualTo("41");
    }

    @Test
    void whatIsNotOfItsTypeFailsTheTaskThatGaveIt() {
        JobRunId id =
                start(
                        """
                        - {name: rows, shell: "echo many > $TARN_OUTPUT", gives: integer}
                        - {name: broken, shell: "echo '[1, 2' > $TARN_OUTPUT", gives: list}
                        - {name: endless, shell: "echo NaN > $TARN_OUTPUT", gives: number}
                        - {name: after, after: rows, nothing: }
                        """);

        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        TaskRun rows = lab.task(id, "rows");
        assertThat(rows.code()).contains(ErrorCode.DATA_INVALID);
        assertThat(rows.message())
                .isEqualTo(
                        Optional.of(
                                "The task handed on 'many', which is not a whole number as 'gives: integer' says. Mend what it writes, or what 'gives' says."));
        assertThat(rows.failures()).isEqualTo(1);
        assertThat(lab.task(id, "broken").message().orElseThrow())
                .startsWith("The task handed on '[1, 2', which is not a list: a JSON array, or");
        assertThat(lab.task(id, "endless").code()).contains(ErrorCode.DATA_INVALID);
        assertThat(lab.task(id, "after").status()).isNotEqualTo(TaskRun.Status.SUCCEEDED);
    }

    @Test
    void namesOfTypedValuesAreKnownBeforeAnythingRuns() {
        lab.jobs(
                """
                jobs:
                  - name: one
                    tasks:
                      - {name: rows, nothing: , gives: integer}
                      - {name: told, after: rows, sql: "{{ tasks.rows.value.strip() }}"}
                """);

        lab.server();

        assertThat(new Templates().check(lab.control.known(new JobName("one")).job()))
                .singleElement()
                .asString()
                .startsWith("jobs/all.yml:5:")
                .contains("strip");
    }
}
