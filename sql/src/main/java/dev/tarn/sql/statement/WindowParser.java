package dev.tarn.sql.statement;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.job.Durations;
import dev.tarn.sql.statement.Token.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one window. */
final class WindowParser {
    private final SqlText text;
    private final List<Token> tokens;
    private final int first;
    private final int close;
    private final int number;
    private final WindowCall.Kind kind;

    /**
     * @param first the word
     * @param close the parenthesis that ends it
     */
    WindowParser(SqlText text, List<Token> tokens, int first, int close, int number) {
        this.text = text;
        this.tokens = tokens;
        this.first = first;
        this.close = close;
        this.number = number;
        this.kind = WindowCall.Kind.of(tokens.get(first)).orElseThrow();
    }

    /** The table and what is said about how it is followed. */
    private record Input(
            SqlText text, Optional<Name> follows, Optional<Duration> delay, Optional<Name> named) {}

    WindowCall call(Optional<String> alias) {
        List<int[]> parts = arguments(first + 1, close);
        if (kind == WindowCall.Kind.ROWS) {
            return stream(alias, parts);
        }
        int intervals = kind == WindowCall.Kind.HOP ? 2 : 1;
        boolean takesKeys = kind == WindowCall.Kind.SESSION || kind == WindowCall.Kind.DEDUPLICATE;
        boolean needsKeys = kind == WindowCall.Kind.DEDUPLICATE;
        int least = 2 + intervals + (needsKeys ? 1 : 0);
        if (parts.size() < least || (!takesKeys && parts.size() > least)) {
            throw wrong(first, "%s is written %s.".formatted(word(), form()));
        }
        Input input = input(parts.get(0));
        String time = column(parts.get(1), "the column with the time of the events");
        Duration slide = interval(parts.get(2));
        Duration size = intervals == 2 ? interval(parts.get(3)) : slide;
        if (size.compareTo(slide) < 0) {
            throw wrong(
                    parts.get(3)[0],
                    "The windows of HOP are shorter than the time from one to the next, so some rows would be in none. Give the longer time last: %s."
                            .formatted(form()));
        }
        List<String> keys = new ArrayList<>();
        parts.subList(2 + intervals, parts.size()).forEach(p -> keys.add(column(p, "a column")));
        return new WindowCall(
                kind,
                number,
                alias.or(() -> input.named().map(Name::table)).orElse(kind.word()),
                input.text(),
                input.follows(),
                input.delay(),
                Optional.of(time),
                size,
                slide,
                keys,
                fragment(first, close + 1));
    }

    private WindowCall stream(Optional<String> alias, List<int[]> parts) {
        Name name = parts.isEmpty() ? null : name(parts.get(0)).orElse(null);
        if (name == null || parts.size() > 3) {
            throw wrong(first, "STREAM is written %s.".formatted(form()));
        }
        Optional<String> time = Optional.empty();
        Optional<Duration> delay = Optional.empty();
        for (int[] part : parts.subList(1, parts.size())) {
            if (tokens.get(part[0]).is("interval")) {
                delay = Optional.of(interval(part));
            } else {
                time = Optional.of(column(part, "the column with the time of the events"));
            }
        }
        return new WindowCall(
                kind,
                number,
                alias.orElse(name.table()),
                name.written(),
                Optional.of(name),
                delay,
                time,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                fragment(first, close + 1));
    }

    private Input input(int[] part) {
        if (tokens.get(part[0]).is("stream") && tokens.get(part[0] + 1).is("(")) {
            WindowCall inner =
                    new WindowParser(text, tokens, part[0], part[1] - 1, 0).call(Optional.empty());
            return new Input(inner.input(), inner.follows(), inner.delay(), inner.follows());
        }
        return new Input(
                fragment(part[0], part[1]), Optional.empty(), Optional.empty(), name(part));
    }

    /** Where each argument begins, and the token after it. */
    private List<int[]> arguments(int open, int end) {
        List<int[]> parts = new ArrayList<>();
        int depth = 0;
        int from = open + 1;
        for (int i = open + 1; i <= end; i++) {
            Token token = tokens.get(i);
            boolean last = i == end;
            if (last || (depth == 0 && token.is(","))) {
                if (i == from) {
                    if (last && parts.isEmpty()) {
                        return parts;
                    }
                    throw wrong(i, "%s is written %s.".formatted(word(), form()));
                }
                parts.add(new int[] {from, i});
                from = i + 1;
            } else if (token.is("(")) {
                depth++;
            } else if (token.is(")")) {
                depth--;
            }
        }
        return parts;
    }

    private Optional<Name> name(int[] part) {
        List<String> names = new ArrayList<>();
        for (int i = part[0]; i < part[1]; i++) {
            boolean odd = (i - part[0]) % 2 == 1;
            if (odd ? !tokens.get(i).is(".") : !tokens.get(i).isName()) {
                return Optional.empty();
            }
            if (!odd) {
                names.add(tokens.get(i).name());
            }
        }
        return (part[1] - part[0]) % 2 == 0
                ? Optional.empty()
                : Optional.of(new Name(names, fragment(part[0], part[1])));
    }

    private String column(int[] part, String what) {
        if (part[1] - part[0] != 1 || !tokens.get(part[0]).isName()) {
            throw wrong(
                    part[0],
                    "%s takes %s here, not '%s'. It is written %s."
                            .formatted(word(), what, fragment(part[0], part[1]).sql(), form()));
        }
        return tokens.get(part[0]).name();
    }

    private Duration interval(int[] part) {
        return interval(tokens, part[0], part[1])
                .filter(d -> !d.isZero())
                .orElseThrow(() ->
                        wrong(
                                part[0],
                                "%s takes a fixed length of time here, such as interval '5 minutes', not '%s'. Months and years have no fixed length, and what a column or a function says is not known beforehand."
                                        .formatted(word(), fragment(part[0], part[1]).sql())));
    }

    /** {@code interval '5 minutes'}, {@code interval '5' minute} or {@code interval 5 minutes}. */
    static Optional<Duration> interval(List<Token> tokens, int from, int to) {
        if (to - from < 2 || to - from > 3 || !tokens.get(from).is("interval")) {
            return Optional.empty();
        }
        Token amount = tokens.get(from + 1);
        if (amount.kind() != Kind.TEXT && amount.kind() != Kind.NUMBER) {
            return Optional.empty();
        }
        String unit = to - from == 3 ? " " + tokens.get(from + 2).text() : "";
        return Durations.parse((amount.value() + unit).toLowerCase(Locale.ROOT));
    }

    private SqlText fragment(int from, int to) {
        return new Cursor(text, tokens, from, to).fragment(from, to);
    }

    private String word() {
        return kind.word().toUpperCase(Locale.ROOT);
    }

    private String form() {
        return switch (kind) {
            case ROWS -> "stream(table[, time[, interval '10 minutes']])";
            case TUMBLE -> "tumble(table, time, interval '5 minutes')";
            case HOP -> "hop(table, time, interval '1 minute', interval '5 minutes')";
            case SESSION -> "session(table, time, interval '30 minutes'[, key, …])";
            case DEDUPLICATE -> "deduplicate(table, time, interval '1 hour', key[, …])";
        };
    }

    private TarnException wrong(int token, String message) {
        return SyntaxErrors.told(ErrorCode.SQL_INVALID, text, tokens.get(token).start(), message);
    }
}
