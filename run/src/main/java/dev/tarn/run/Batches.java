package dev.tarn.run;

import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the periods of a model ended that is built period by period.
 *
 * @param failed also those that were not tried
 */
public record Batches(List<Batch> done, List<Batch> failed) {
    /** What a table of which periods are missing says of itself. */
    static final String FAILED = "failed_batches";

    private static final String PART = "PARTIAL SUCCESS ";

    public Batches {
        done = List.copyOf(done);
        failed = List.copyOf(failed);
    }

    /** A period: from its start up to its end, that excluded. */
    public record Batch(Instant start, Instant end) {
        @Override
        public String toString() {
            return start + "/" + end;
        }
    }

    /** Whether a task built some of its periods, and others not. */
    public static boolean inPart(Task task) {
        return task.status() == TaskStatus.FAILED
                && task.message().filter(m -> m.startsWith(PART)).isPresent();
    }

    /** That, in a few words. */
    String told() {
        return PART + "(%d/%d)".formatted(done.size(), done.size() + failed.size());
    }

    /** The periods that failed, as a table remembers them. */
    String remembered() {
        return failed.stream().map(Batch::toString).collect(Collectors.joining(","));
    }

    /** The periods that a table lacks. */
    static List<Batch> missing(Optional<Versioned> table) {
        return table.map(v -> v.entry().attributes().get(FAILED)).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(text -> text.split("/", -1))
                .map(parts -> new Batch(Instant.parse(parts[0]), Instant.parse(parts[1])))
                .toList();
    }
}
