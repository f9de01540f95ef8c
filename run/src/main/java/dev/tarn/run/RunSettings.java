package dev.tarn.run;

import dev.tarn.model.graph.Project;
import java.time.Duration;
import java.util.Optional;

/**
 * How runs behave.
 *
 * @param parallelism nodes of one run that execute at the same time; default: as many as the
 *     target's profile says, else two
 * @param heartbeat how often a run says that it lives; default: five seconds
 * @param lostAfter how long a run may be silent before others take it for lost; default: one minute
 * @param keepFailed how long the ref of a run that published nothing can be queried; default: seven
 *     days
 * @param keepFailedCount how many such refs are kept at most, the newest; default: twenty
 * @param sampleRows failing rows that a report shows of each check; default: five
 * @param publishAttempts how often appends are rebased onto what others published; default: ten
 * @param publishing when others see what a run makes; default: together
 */
public record RunSettings(
        Optional<Integer> parallelism,
        Duration heartbeat,
        Duration lostAfter,
        Duration keepFailed,
        int keepFailedCount,
        int sampleRows,
        int publishAttempts,
        Publishing publishing) {
    public static final RunSettings DEFAULT =
            new RunSettings(
                    Optional.empty(),
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1),
                    Duration.ofDays(7),
                    20,
                    5,
                    10,
                    Publishing.TOGETHER);

    private static final int NODES = 2;

    /** How many nodes of the project execute at the same time. */
    public int nodesAtOnce(Project project) {
        return parallelism.or(project.target()::threads).orElse(NODES);
    }

    public RunSettings withParallelism(Optional<Integer> nodes) {
        return new RunSettings(
                nodes,
                heartbeat,
                lostAfter,
                keepFailed,
                keepFailedCount,
                sampleRows,
                publishAttempts,
                publishing);
    }

    public RunSettings withLostAfter(Duration silence) {
        return new RunSettings(
                parallelism,
                heartbeat,
                silence,
                keepFailed,
                keepFailedCount,
                sampleRows,
                publishAttempts,
                publishing);
    }

    public RunSettings withSampleRows(int rows) {
        return new RunSettings(
                parallelism,
                heartbeat,
                lostAfter,
                keepFailed,
                keepFailedCount,
                rows,
                publishAttempts,
                publishing);
    }

    public RunSettings withPublishing(Publishing when) {
        return new RunSettings(
                parallelism,
                heartbeat,
                lostAfter,
                keepFailed,
                keepFailedCount,
                sampleRows,
                publishAttempts,
                when);
    }
}
