package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What somebody wants looked after, and how much it may cost.
 *
 * @param tables empty for all of the ref
 * @param whole whether the warehouse is looked after too: its history, and files nobody refers to
 */
public record MaintainRequest(
        RefName ref, List<TableName> tables, Duration time, long bytes, boolean whole) {
    public MaintainRequest {
        tables = List.copyOf(tables);
    }

    /** A length of time as somebody types it, such as {@code 5m}. */
    public static Duration time(String option, String text) {
        return parsed(option, text, SettingsReader::duration);
    }

    /** An amount of data as somebody types it, such as {@code 10GB}. */
    public static long bytes(String option, String text) {
        return parsed(option, text, SettingsReader::size);
    }

    private static <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TarnException(ErrorCode.USAGE, option + " " + e.getMessage());
        }
    }
}
