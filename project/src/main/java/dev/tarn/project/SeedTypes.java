package dev.tarn.project;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types of a seed's columns: those that are said, else what dbt makes of all values of a
 * column. Nothing is guessed from some of the rows.
 */
final class SeedTypes {
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,60}(\\.\\d{0,60})?|\\.\\d{1,60})([eE][+-]?\\d{1,3})?");
    private static final Pattern DAY = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})");
    private static final Pattern MOMENT =
            Pattern.compile("(\\d{4}-\\d{1,2}-\\d{1,2}) (\\d{1,2}):(\\d{1,2}):(\\d{1,2})");
    private static final Pattern ISO_MOMENT =
            Pattern.compile(
                    "(\\d{4}-\\d{2}-\\d{2})T(\\d{2}):(\\d{2})(?::(\\d{2})([.,]\\d{1,9})?)?"
                            + "(Z|[+-]\\d{2}(:?\\d{2})?)?");

    private final List<Kinds> columns = new ArrayList<>();
    private Optional<Mistake> mistake = Optional.empty();

    /** What makes a file unreadable. */
    record Mistake(int line, String reason) {}

    private SeedTypes(int count) {
        for (int i = 0; i < count; i++) {
            columns.add(new Kinds());
        }
    }

    static SeedTypes of(byte[] file, char delimiter, SeedHeader header) {
        SeedTypes types = new SeedTypes(header.columns().size());
        types.look(new String(file, StandardCharsets.UTF_8), delimiter);
        return types;
    }

    /**
     * A type for each column.
     *
     * @param said types of some columns, under the names they have in the file
     */
    Map<String, String> types(SeedHeader header, Map<String, String> said) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < header.columns().size(); i++) {
            String name = header.columns().get(i);
            String type = said.get(name);
            all.put(name, type == null ? columns.get(i).type() : type);
        }
        return all;
    }

    /** The first place that no reader understands, or each in its own way. */
    Optional<Mistake> mistake() {
        return mistake;
    }

    private void look(String text, char delimiter) {
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        boolean closed = false;
        int column = 0;
        int row = 0;
        int line = 1;
        int began = 1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (quoted && i < text.length()) {
                line += c == '\n' ? 1 : 0;
                if (c != '"') {
                    value.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    value.append('"');
                    i++;
                } else {
                    quoted = false;
                    closed = true;
                }
            } else if (c == '"' && value.isEmpty() && !closed) {
                quoted = true;
                began = line;
            } else if (c == delimiter || c == '\n') {
                boolean blank = column == 0 && value.isEmpty() && !closed;
                if (row > 0 && !(c == '\n' && blank)) {
                    take(column, value.toString(), line);
                    if (c == '\n' && column + 1 < columns.size()) {
                        tooFew(line, column + 1);
                    }
                }
                value.setLength(0);
                closed = false;
                column = c == '\n' ? 0 : column + 1;
                row += c == '\n' ? 1 : 0;
                line += c == '\n' ? 1 : 0;
            } else if (c != '\r') {
                if (closed && c != ' ') {
                    wrong(line, "has text behind a closing quote");
                }
                value.append(c);
            }
        }
        if (quoted) {
            wrong(began, "opens a quote that is never closed");
        }
    }

    private void take(int column, String value, int line) {
        if (column < columns.size()) {
            columns.get(column).take(value.strip());
        } else {
            wrong(line, "has more values than there are columns (%d)".formatted(columns.size()));
        }
    }

    private void tooFew(int line, int values) {
        wrong(
                line,
                "has fewer values (%d) than there are columns (%d)"
                        .formatted(values, columns.size()));
    }

    private void wrong(int line, String reason) {
        mistake = mistake.or(() -> Optional.of(new Mistake(line, reason)));
    }

    /** What the values of one column still may be. */
    private static final class Kinds {
        private boolean number = true;
        private boolean day = true;
        private boolean moment = true;
        private boolean isoMoment = true;
        private boolean truth = true;
        private boolean fraction;
        private BigDecimal largest = BigDecimal.ZERO;

        void take(String value) {
            if (value.isEmpty()) {
                return;
            }
            number = number && NUMBER.matcher(value).matches();
            if (number) {
                BigDecimal exact = new BigDecimal(value);
                fraction |= exact.signum() != 0 && exact.stripTrailingZeros().scale() > 0;
                largest = largest.max(exact.abs());
            }
            day = day && isDay(value);
            moment = moment && isMoment(MOMENT.matcher(value));
            isoMoment = isoMoment && isMoment(ISO_MOMENT.matcher(value));
            String lower = value.toLowerCase(Locale.ROOT);
            truth = truth && (lower.equals("true") || lower.equals("false"));
        }

        String type() {
            if (number) {
                return fraction ? "double" : whole();
            }
            if (day) {
                return "date";
            }
            return moment || isoMoment ? "timestamp" : truth ? "boolean" : "varchar";
        }

        /** As dbt's, or wider where dbt could not load the file. */
        private String whole() {
            if (largest.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
                return "integer";
            }
            if (largest.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return "bigint";
            }
            return largest.precision() - largest.scale() <= 38 ? "decimal(38,0)" : "double";
        }

        private static boolean isDay(String value) {
            Matcher m = DAY.matcher(value);
            if (!m.matches()) {
                return false;
            }
            try {
                LocalDate unused =
                        LocalDate.of(
                                Integer.parseInt(m.group(1)),
                                Integer.parseInt(m.group(2)),
                                Integer.parseInt(m.group(3)));
                return true;
            } catch (DateTimeException e) {
                return false;
            }
        }

        private static boolean isMoment(Matcher m) {
            return m.matches()
                    && isDay(m.group(1))
                    && Integer.parseInt(m.group(2)) < 24
                    && Integer.parseInt(m.group(3)) < 60
                    && (m.group(4) == null || Integer.parseInt(m.group(4)) < 60);
        }
    }
}
