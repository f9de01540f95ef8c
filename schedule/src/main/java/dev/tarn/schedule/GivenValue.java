package dev.tarn.schedule;

import dev.tarn.model.TarnException;
import dev.tarn.model.job.JobTask.Gives;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a task hands on, as the type that its job says. */
final class GivenValue {
    private GivenValue() {}

    /**
     * @param foreign applied to texts
     * @throws dev.tarn.model.TarnException {@code DATA_INVALID} for what is not of the type
     */
    static Object of(Gives type, String output, UnaryOperator<String> foreign) {
        String text = output.strip();
        try {
            return switch (type) {
                case TEXT -> foreign.apply(output);
                case INTEGER -> Long.parseLong(text);
                case NUMBER -> number(text);
                case BOOLEAN ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw ScheduleErrors.notGiven(type, text);
                        };
                case TIMESTAMP -> new TimeValue(Instant.parse(text), ZoneOffset.UTC);
                case LIST -> list(output).stream().map(foreign).toList();
            };
        } catch (NumberFormatException | DateTimeParseException e) {
            throw ScheduleErrors.notGiven(type, text);
        }
    }

    private static List<String> list(String text) {
        try {
            return Items.parse(text);
        } catch (TarnException e) {
            throw ScheduleErrors.notGiven(Gives.LIST, text.strip());
        }
    }

    private static double number(String text) {
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    /** One of the type, for a look at templates before anything runs. */
    static Object example(Gives type) {
        return switch (type) {
            case TEXT -> "1";
            case INTEGER -> 1L;
            case NUMBER -> 1.5;
            case BOOLEAN -> true;
            case TIMESTAMP -> new TimeValue(Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC);
            case LIST -> List.of("1");
        };
    }
}
