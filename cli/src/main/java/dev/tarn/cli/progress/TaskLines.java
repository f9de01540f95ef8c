package dev.tarn.cli.progress;

import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Paint;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** How tasks read: a word and a colour for each status, names without what repeats. */
final class TaskLines {
    private static final Pattern CHECK_DIGITS = Pattern.compile("\\.[0-9a-f]{10}$");

    private TaskLines() {}

    /** A status as a mark, a word and a colour, eight columns wide. */
    static String status(TaskStatus status, Paint paint) {
        String text = "%-9s".formatted(word(status));
        return switch (status) {
            case WAITING, RUNNING, UNCHANGED -> paint.dim(text);
            case SUCCEEDED -> paint.green(text);
            case WARNED -> paint.yellow(text);
            case FAILED -> paint.red(text);
            case SKIPPED, CANCELLED -> paint.yellow(text);
        };
    }

    static String word(TaskStatus status) {
        return switch (status) {
            case WAITING -> "waiting";
            case RUNNING -> "running";
            case SUCCEEDED -> "ok";
            case WARNED -> "warned";
            case UNCHANGED -> "unchanged";
            case FAILED -> "failed";
            case SKIPPED -> "skipped";
            case CANCELLED -> "cancelled";
        };
    }

    /**
     * {@code model orders} for {@code model.shop.orders}, and a check without the digits that keep
     * its id apart from others.
     */
    static String name(String node) {
        String[] parts = node.split("\\.", 3);
        return parts.length == 3
                ? parts[0] + " " + CHECK_DIGITS.matcher(parts[2]).replaceFirst("")
                : node;
    }

    /** {@code 1,234 rows, 2 files, 1.2 s}, as far as it is known and worth telling. */
    static String details(Task task) {
        StringBuilder text = new StringBuilder();
        if (task.rows() > 0) {
            text.append(Amounts.count(task.rows(), "row", "rows"));
        }
        if (task.status() == TaskStatus.SUCCEEDED) {
            task.message()
                    .ifPresent(m -> text.append(text.isEmpty() ? "" : ", ").append(oneLine(m)));
        }
        duration(task)
                .ifPresent(
                        d -> text.append(text.isEmpty() ? "" : ", ").append(Amounts.duration(d)));
        return text.toString();
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    static Optional<Duration> duration(Task task) {
        return task.startedAt()
                .flatMap(start -> task.finishedAt().map(end -> Duration.between(start, end)));
    }
}
