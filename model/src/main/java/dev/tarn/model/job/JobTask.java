package dev.tarn.model.job;

import dev.tarn.model.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One step of a job.
 *
 * @param after the tasks that must have ended before
 * @param rule how they must have ended
 * @param when a template that must give something true, else the task is skipped
 * @param each a list; the task is done once for each of its items
 * @param gives the type of what it hands on; of each part, where it is done for a list
 * @param timeout how long one attempt may take
 * @param pool where it takes a slot while it works
 */
public record JobTask(
        TaskName name,
        Place place,
        TaskKind kind,
        List<TaskName> after,
        StartRule rule,
        Optional<TemplateText> when,
        Optional<Each> each,
        Gives gives,
        RetryRule retry,
        Optional<Duration> timeout,
        Optional<String> pool,
        int priority) {
    public JobTask {
        after = List.copyOf(after);
    }

    /**
     * A list, item by item.
     *
     * @param texts the items, or one text that gives the list when it is filled in
     * @param listed whether each text is an item
     */
    public record Each(List<TemplateText> texts, boolean listed) {
        public Each {
            texts = List.copyOf(texts);
        }
    }

    /** What a task hands on to others. */
    public enum Gives {
        TEXT("a text"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        TIMESTAMP("a point in time such as 2026-01-31T06:00:00Z"),
        LIST("a list: a JSON array, or a line for each item");

        private final String words;

        Gives(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** How the tasks before must have ended. */
    public enum StartRule {
        ALL_SUCCEEDED("all succeeded"),
        ALL_DONE("all ended, however"),
        NONE_FAILED("none failed"),
        ONE_FAILED("one failed"),
        ONE_SUCCEEDED("one succeeded");

        private final String words;

        StartRule(String words) {
            this.words = words;
        }

        /** The rule in words, after "until". */
        public String words() {
            return words;
        }
    }
}
