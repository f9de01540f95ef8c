package dev.tarn.upkeep;

import dev.tarn.model.table.TableDefinition;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far back the states of a table can be read, where the table says it itself. */
public final class HistoryKept {
    /** {@code none}, or a time such as {@code 12h} or {@code 3d}. */
    public static final String PROPERTY = "tarn.history";

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})\\s*(m|h|d)");

    private HistoryKept() {}

    /**
     * Empty where the warehouse decides; zero for none at all.
     *
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} with what the property may be
     */
    public static Optional<Duration> of(TableDefinition definition) {
        return Optional.ofNullable(definition.properties().get(PROPERTY)).map(HistoryKept::parsed);
    }

    private static Duration parsed(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("none")) {
            return Duration.ZERO;
        }
        Matcher time = TIME.matcher(word);
        if (!time.matches()) {
            throw UpkeepErrors.property(PROPERTY, text, "none, or a time such as 30m, 12h or 3d");
        }
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
