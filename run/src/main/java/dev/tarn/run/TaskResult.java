package dev.tarn.run;

import dev.tarn.model.run.TaskStatus;
import java.util.Optional;

/**
 * How a task ended that did not fail.
 *
 * @param rows rows made, or failing rows found
 * @param bytes bytes written
 * @param message worth telling besides the numbers
 */
public record TaskResult(TaskStatus status, long rows, long bytes, Optional<String> message) {
    public static TaskResult done(long rows, long bytes) {
        return new TaskResult(TaskStatus.SUCCEEDED, rows, bytes, Optional.empty());
    }

    public static TaskResult unchanged(String why) {
        return new TaskResult(TaskStatus.UNCHANGED, 0, 0, Optional.of(why));
    }

    public TaskResult withMessage(String text) {
        return new TaskResult(status, rows, bytes, Optional.of(text));
    }
}
