package dev.tarn.app;

import java.util.List;
import java.util.Optional;

/**
 * Where columns come from, and where they go.
 *
 * @param subjects the columns that were asked about
 */
public record LineageReport(List<Subject> subjects) {
    public LineageReport {
        subjects = List.copyOf(subjects);
    }

    /** Which way to look. */
    public enum Direction {
        UPSTREAM,
        DOWNSTREAM
    }

    /**
     * One column.
     *
     * @param table the table or view; the model's name where it has none
     * @param unknown why it is not known what it comes from
     */
    public record Subject(
            String table,
            String column,
            Optional<String> unknown,
            List<Step> upstream,
            List<Step> downstream) {
        public Subject {
            upstream = List.copyOf(upstream);
            downstream = List.copyOf(downstream);
        }
    }

    /**
     * A column that another comes from, or goes into.
     *
     * @param column empty when it is about which rows there are
     * @param how what is done with the value on this step
     * @param unknown why it is not known what this column comes from
     * @param repeated whether its own steps were told before and are left out here
     */
    public record Step(
            String table,
            String column,
            How how,
            Optional<String> unknown,
            boolean repeated,
            List<Step> steps) {
        public Step {
            steps = List.copyOf(steps);
        }
    }

    /** What is done with a value. */
    public enum How {
        AS_IT_IS("as it is"),
        COMPUTED("computed"),
        DECIDES_ROWS("decides which rows");

        private final String words;

        How(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
