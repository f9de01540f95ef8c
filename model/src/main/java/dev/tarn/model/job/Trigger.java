package dev.tarn.model.job;

import dev.tarn.model.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What starts a job by itself. */
public sealed interface Trigger {
    /** The trigger in a few words. */
    String words();

    /** A trigger that depends on nothing but time. */
    sealed interface Timed extends Trigger permits OnCron, Every {
        /** The first time after another at which it is due; empty if there is none. */
        Optional<Instant> next(Instant after);

        /** The last time at or before another at which it was due; empty if there is none. */
        Optional<Instant> last(Instant atOrBefore);
    }

    record OnCron(Cron cron) implements Timed {
        @Override
        public String words() {
            return "cron %s (%s)".formatted(cron.text(), cron.zone());
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return cron.next(after);
        }

        @Override
        public Optional<Instant> last(Instant atOrBefore) {
            return cron.last(atOrBefore);
        }
    }

    /** Every so often, counted from a moment. */
    record Every(Duration time, Instant from) implements Timed {
        @Override
        public String words() {
            return "every " + Durations.words(time);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(from.plus(time.multipliedBy(steps(after) + 1)));
        }

        @Override
        public Optional<Instant> last(Instant atOrBefore) {
            return Optional.of(from.plus(time.multipliedBy(steps(atOrBefore))));
        }

        private long steps(Instant now) {
            return Math.floorDiv(Duration.between(from, now).toMillis(), time.toMillis());
        }
    }

    /**
     * A new state of tables becomes visible on {@code main}.
     *
     * @param condition a query that must give true then
     */
    record OnPublished(List<TableName> tables, boolean all, Optional<TemplateText> condition)
            implements Trigger {
        public OnPublished {
            tables = List.copyOf(tables);
        }

        @Override
        public String words() {
            return "when %s %s published%s"
                    .formatted(
                            String.join(
                                    all ? " and " : " or ",
                                    tables.stream().map(TableName::toString).toList()),
                            all && tables.size() > 1 ? "are" : "is",
                            condition
                                    .map(c -> ", if " + c.text().strip().replaceAll("\\s+", " "))
                                    .orElse(""));
        }
    }

    /** A file arrives whose path fits a pattern. */
    record OnFile(String pattern) implements Trigger {
        @Override
        public String words() {
            return "when a file arrives at " + pattern;
        }
    }

    /** A run of another job ends well. */
    record After(JobName job) implements Trigger {
        @Override
        public String words() {
            return "after job " + job;
        }
    }

    /** A table becomes older than it may be; it is started early enough to prevent that. */
    record Fresh(TableName table, Duration within) implements Trigger {
        @Override
        public String words() {
            return "so that %s is never older than %s".formatted(table, Durations.words(within));
        }
    }
}
