package dev.tarn.mqtt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which topics are read: levels between slashes, {@code +} for any one level, {@code #} at the end
 * for all below, and {@code {name}} for any one level that becomes a column.
 */
record TopicFilter(String text, List<String> levels) {
    private static final Pattern NAME = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]*}");
    private static final int LONGEST = 65_535;

    TopicFilter {
        levels = List.copyOf(levels);
    }

    static TopicFilter of(String text) {
        return new TopicFilter(text, List.of(text.split("/", -1)));
    }

    /** What is wrong with it; empty if nothing is. */
    Optional<String> problem() {
        if (text.length() > LONGEST || text.indexOf('\0') >= 0) {
            return Optional.of("a topic of up to 65,535 characters without a zero");
        }
        if (text.startsWith("$share/")) {
            return Optional.of(
                    "a filter of this source alone: what a shared one brings may go to others");
        }
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean whole = level.equals("+") || level.equals("#") || isName(level);
            if (!whole && level.matches(".*[+#{}].*")) {
                return Optional.of("levels of which '+', '#' and '{name}' each are a whole one");
            }
            if (level.equals("#") && i < levels.size() - 1) {
                return Optional.of("a filter with '#' at its end only");
            }
        }
        return names().contains(MessageRows.VALUE)
                ? Optional.of("a filter without {value}, which is the column of what messages say")
                : Optional.empty();
    }

    private static boolean isName(String level) {
        return NAME.matcher(level).matches();
    }

    /** As a broker is asked for it. */
    String asked() {
        return String.join("/", levels.stream().map(l -> isName(l) ? "+" : l).toList());
    }

    /** The columns it has. */
    List<String> names() {
        return levels.stream()
                .filter(TopicFilter::isName)
                .map(l -> l.substring(1, l.length() - 1))
                .toList();
    }

    /** The levels of a topic by the names of their columns; empty if it is none of these. */
    Optional<Map<String, String>> match(String topic) {
        List<String> given = List.of(topic.split("/", -1));
        Map<String, String> found = new LinkedHashMap<>();
        List<String> wanted = new ArrayList<>(levels);
        boolean below = wanted.getLast().equals("#");
        if (below) {
            wanted.removeLast();
        }
        if (below ? given.size() < wanted.size() : given.size() != wanted.size()) {
            return Optional.empty();
        }
        for (int i = 0; i < wanted.size(); i++) {
            String level = wanted.get(i);
            if (isName(level)) {
                found.put(level.substring(1, level.length() - 1), given.get(i));
            } else if (!level.equals("+") && !level.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
