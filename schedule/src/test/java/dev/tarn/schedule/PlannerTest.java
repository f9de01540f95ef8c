package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlannerTest {
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

    private void hourly(String more) {
        lab.jobs(
                """
                jobs:
                  - name: hourly
                    schedule: "0 * * * *"
                    runs_at_a_time: 1000
                    %s
                    tasks: [{name: x, nothing: }]
                """
                        .formatted(more));
    }

    private List<String> dues() {
        return lab.runs("hourly").stream().map(r -> r.dueAt().toString()).sorted().toList();
    }

    @Test
    void eachTimeGetsOneRunHoweverOftenSomebodyLooks() {
        hourly("");
        lab.plan();
        assertThat(dues()).isEmpty();
        lab.at("2026-11-21T13:00:00Z");
        lab.plan();
        lab.plan();
        lab.at("2026-11-21T13:59:59Z");
        lab.plan();
        assertThat(dues()).containsExactly("2026-11-21T13:00:00Z");
        JobRun run = lab.runs("hourly").getFirst();
        assertThat(run.interval().start()).isEqualTo("2026-11-21T12:00:00Z");
        assertThat(run.interval().end()).isEqualTo("2026-11-21T13:00:00Z");
    }

    @Test
    void whatWasMissedIsCaughtUpAsTheJobWantsIt() {
        hourly("catch_up: all");
        lab.plan();
        lab.at("2026-11-21T15:30:00Z");
        lab.plan();
        assertThat(dues())
                .containsExactly(
                        "2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z", "2026-11-21T15:00:00Z");
    }

    @Test
    void onlyTheNewestIsMadeUpForUnlessMoreIsWanted() {
        hourly("");
        lab.plan();
        lab.at("2026-11-21T15:30:00Z");
        lab.plan();
        assertThat(dues()).containsExactly("2026-11-21T15:00:00Z");
    }

    @Test
    void nothingIsMadeUpForWhereThatIsNotWanted() {
        hourly("catch_up: none");
        lab.plan();
        lab.at("2026-11-21T15:30:00Z");
        lab.plan();
        assertThat(dues()).isEmpty();
        lab.at("2026-11-21T16:00:10Z");
        lab.plan();
        assertThat(dues()).containsExactly("2026-11-21T16:00:00Z");
    }

    @Test
    void aClockThatIsSetBackFiresNothingTwice() {
        hourly("");
        lab.plan();
        lab.at("2026-11-21T13:00:00Z");
        lab.plan();
        lab.at("2026-11-21T12:30:00Z");
        lab.plan();
        lab.at("2026-11-21T13:10:00Z");
        lab.plan();
        lab.at("2026-11-21T14:00:00Z");
        lab.plan();
        assertThat(dues()).containsExactly("2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z");
    }

    @Test
    void aClockThatWasInAnotherYearForAWhileDoesNotStopAJobForAYear() {
        hourly("");
        lab.plan();
        lab.at("2027-11-21T13:00:00Z");
        lab.plan();
        lab.at("2026-11-21T12:10:00Z");
        lab.plan();
        lab.at("2026-11-21T13:00:00Z");
        lab.plan();
        assertThat(dues()).containsExactly("2026-11-21T13:00:00Z", "2027-11-21T13:00:00Z");
    }

    @Test
    void aPausedJobMakesUpForItWhenItIsResumed() {
        hourly("catch_up: all");
        lab.plan();
        lab.control.pause(new JobName("hourly"), "ann");
        lab.at("2026-11-21T14:30:00Z");
        lab.plan();
        assertThat(dues()).isEmpty();
        lab.control.resume(new JobName("hourly"));
        lab.plan();
        assertThat(dues()).containsExactly("2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z");
    }

    @Test
    void startAndEndBoundAJob() {
        hourly("start: 2026-11-21 09:00\n    end: 2026-11-21 11:30\n    catch_up: all");
        lab.plan();
        assertThat(dues())
                .containsExactly(
                        "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z", "2026-11-21T11:00:00Z");
    }

    @Test
    void catchingUpWaitsForWhatIsQueued() {
        hourly("start: 2025-01-01\n    catch_up: all");
        lab.jobs(
                """
                jobs:
                  - name: hourly
                    schedule: "0 * * * *"
                    start: 2025-01-01
                    catch_up: all
                    tasks: [{name: x, nothing: }]
                """);
        for (int i = 0; i < 5; i++) {
            lab.plan();
        }
        assertThat(lab.runs("hourly")).hasSizeBetween(100, 102);
    }
}
