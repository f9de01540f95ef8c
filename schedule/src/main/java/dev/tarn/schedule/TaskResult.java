package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import java.time.Instant;
import java.util.List;

/** How an attempt ended, or why it goes on later. */
sealed interface TaskResult {
    record Succeeded(String output) implements TaskResult {}

    record Skipped(String reason) implements TaskResult {}

    record Failed(ErrorCode code, String message) implements TaskResult {}

    record Cancelled(String reason) implements TaskResult {}

    /** Goes on in parts, one for each item. */
    record Expanded(List<String> items) implements TaskResult {
        public Expanded {
            items = List.copyOf(items);
        }
    }

    /** What it waits for is not there. */
    record NotYet(String reason, Instant again) implements TaskResult {}

    /** A person has to decide. */
    record Held(String question) implements TaskResult {}

    /** Its server closes before it was done; another one begins it anew at once. */
    record GivenBack() implements TaskResult {}
}
