package dev.tarn.schedule;

import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what tasks of a run wait for, and what would release them. */
final class Waiting {
    private final JobRun run;
    private final Map<String, Integer> taken;
    private final List<ServerBeat> servers;
    private final Map<String, Integer> slots;
    private final Function<String, Optional<Breaker>> rests;
    private final Instant now;

    /**
     * @param taken how many slots of each pool are taken
     * @param slots how many each pool has
     * @param rests the rest of a pool that failed too often
     */
    Waiting(
            JobRun run,
            Map<String, Integer> taken,
            List<ServerBeat> servers,
            Map<String, Integer> slots,
            Function<String, Optional<Breaker>> rests,
            Instant now) {
        this.run = run;
        this.taken = taken;
        this.servers = servers;
        this.slots = slots;
        this.rests = rests;
        this.now = now;
    }

    /**
     * @param parts of the task, if it is done for each item of a list
     */
    Optional<String> of(JobTask task, TaskRun state, List<TaskRun> parts) {
        return switch (state.status()) {
            case WAITING ->
                    Optional.of(
                            "%s, until %s"
                                    .formatted(
                                            task.after().stream()
                                                    .map(TaskName::value)
                                                    .collect(Collectors.joining(", ")),
                                            task.rule().words()));
            case HELD ->
                    Optional.of(
                            "a decision: %s; `tarn job approve %s %s` releases it"
                                    .formatted(state.message().orElse(""), run.id(), state.task()));
            case READY -> Optional.of(whyNotBegun(task, state));
            case EXPANDED ->
                    Optional.of(
                            "its parts, of which %,d of %,d have ended"
                                    .formatted(
                                            parts.stream().filter(p -> p.status().isEnd()).count(),
                                            parts.size()));
            default -> Optional.empty();
        };
    }

    private String whyNotBegun(JobTask task, TaskRun state) {
        if (state.notBefore().isAfter(now)) {
            return state.code().isPresent()
                    ? "its next try at %s (%d of %d), after %s"
                            .formatted(
                                    state.notBefore().truncatedTo(ChronoUnit.SECONDS),
                                    state.failures(),
                                    task.retry().times(),
                                    state.code().get())
                    : "%s; looks again at %s"
                            .formatted(
                                    state.message().orElse("its time"),
                                    state.notBefore().truncatedTo(ChronoUnit.SECONDS));
        }
        if (servers.stream().noneMatch(s -> isThere(s, now))) {
            return "a server; `tarn serve` releases it";
        }
        Optional<String> pool = state.pool();
        if (pool.isPresent()) {
            Optional<Breaker> rest = rests.apply(pool.get());
            if (rest.isPresent()) {
                return "pool %s, which rests until %s after %d failures in a row"
                        .formatted(
                                pool.get(),
                                rest.get().openUntil().orElseThrow(),
                                rest.get().failures());
            }
            int all = slots.getOrDefault(pool.get(), 1);
            int used = taken.getOrDefault(pool.get(), 0);
            if (used >= all) {
                return "a slot of pool %s: %d of %d are taken".formatted(pool.get(), used, all);
            }
        }
        return "a server with room for it";
    }

    static boolean isThere(ServerBeat server, Instant now) {
        return !server.lost()
                && Duration.between(server.beatAt(), now)
                                .compareTo(Scheduler.Settings.DEFAULT.lease())
                        < 0;
    }
}
