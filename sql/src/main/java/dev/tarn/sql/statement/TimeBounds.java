package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far apart in time the rows of two streams may be that a query joins: read from conditions of
 * the form {@code b.at between a.at - interval '5 minutes' and a.at + interval '1 hour'}, or the
 * same with {@code <=}, {@code >=}, {@code <} and {@code >}, after ON or WHERE.
 *
 * @param before how much earlier than the first's time that of the second may be
 * @param after how much later it may be
 */
public record TimeBounds(Duration before, Duration after) {
    /** Who a time belongs to, and what is added to it. */
    private record Time(boolean first, Duration plus, int to) {}

    /** Empty if the query does not bound it on both sides. */
    public static Optional<TimeBounds> of(SqlText query, WindowCall first, WindowCall second) {
        Reader reader = new Reader(Tokens.of(query), first, second);
        reader.read();
        return reader.low == null || reader.high == null
                ? Optional.empty()
                : Optional.of(new TimeBounds(reader.low.negated(), reader.high));
    }

    /** Bounds of the second's time less the first's. */
    private static final class Reader {
        private final List<Token> tokens;
        private final WindowCall first;
        private final WindowCall second;
        private @org.jspecify.annotations.Nullable Duration low;
        private @org.jspecify.annotations.Nullable Duration high;

        Reader(List<Token> tokens, WindowCall first, WindowCall second) {
            this.tokens = tokens;
            this.first = first;
            this.second = second;
        }

        void read() {
            for (int i = 0; i < tokens.size(); i++) {
                if (tokens.get(i).is("on") || tokens.get(i).is("where")) {
                    int end = clauseEnd(i + 1);
                    conditions(i + 1, end).forEach(c -> condition(c[0], c[1]));
                }
            }
        }

        private int clauseEnd(int from) {
            int depth = 0;
            for (int i = from; i < tokens.size(); i++) {
                Token token = tokens.get(i);
                if (token.is("(")) {
                    depth++;
                } else if (token.is(")") && --depth < 0) {
                    return i;
                } else if (depth == 0 && (token.is(";") || Keywords.afterTable(token))) {
                    return i;
                }
            }
            return tokens.size();
        }

        /** What stands between the ANDs of a clause; nothing if it has an OR beside them. */
        private List<int[]> conditions(int from, int to) {
            List<int[]> found = new ArrayList<>();
            int depth = 0;
            int start = from;
            boolean between = false;
            for (int i = from; i < to; i++) {
                Token token = tokens.get(i);
                if (token.is("(") || token.is("case")) {
                    depth++;
                } else if (token.is(")") || token.is("end")) {
                    depth--;
                } else if (depth == 0 && token.is("or")) {
                    return List.of();
                } else if (depth == 0 && token.is("between")) {
                    between = true;
                } else if (depth == 0 && token.is("and")) {
                    if (between) {
                        between = false;
                    } else {
                        found.add(new int[] {start, i});
                        start = i + 1;
                    }
                }
            }
            found.add(new int[] {start, to});
            return found;
        }

        private void condition(int from, int to) {
            if (to - from > 2 && tokens.get(from).is("(") && tokens.get(to - 1).is(")")) {
                conditions(from + 1, to - 1).forEach(c -> condition(c[0], c[1]));
                return;
            }
            Optional<Time> left = time(from, to);
            if (left.isEmpty() || left.get().to() >= to) {
                return;
            }
            int at = left.get().to();
            if (tokens.get(at).is("between")) {
                Optional<Time> low = time(at + 1, to);
                if (low.isPresent()
                        && low.get().to() < to
                        && tokens.get(low.get().to()).is("and")) {
                    Optional<Time> high = time(low.get().to() + 1, to);
                    if (high.isPresent() && high.get().to() == to) {
                        notLess(left.get(), low.get());
                        notLess(high.get(), left.get());
                    }
                }
                return;
            }
            Optional<Time> right = time(at + 1, to).filter(t -> t.to() == to);
            if (right.isEmpty()) {
                return;
            }
            switch (tokens.get(at).text()) {
                case ">=", ">" -> notLess(left.get(), right.get());
                case "<=", "<" -> notLess(right.get(), left.get());
                case "=" -> {
                    notLess(left.get(), right.get());
                    notLess(right.get(), left.get());
                }
                default -> {}
            }
        }

        private void notLess(Time more, Time less) {
            if (more.first() == less.first()) {
                return;
            }
            Duration difference = less.plus().minus(more.plus());
            if (less.first()) {
                // second + p >= first + q: the second is at least q - p later.
                low = low == null || difference.compareTo(low) > 0 ? difference : low;
            } else {
                Duration atMost = difference.negated();
                high = high == null || atMost.compareTo(high) < 0 ? atMost : high;
            }
        }

        /** {@code a.at}, perhaps with an interval added or taken off. */
        private Optional<Time> time(int from, int to) {
            if (from + 3 > to || !tokens.get(from).isName() || !tokens.get(from + 1).is(".")) {
                return Optional.empty();
            }
            boolean ofFirst = is(first, from);
            if (!ofFirst && !is(second, from)) {
                return Optional.empty();
            }
            int at = from + 3;
            if (at < to && (tokens.get(at).is("+") || tokens.get(at).is("-"))) {
                for (int end = Math.min(to, at + 4); end > at + 2; end--) {
                    Optional<Duration> plus = WindowParser.interval(tokens, at + 1, end);
                    if (plus.isPresent()) {
                        boolean minus = tokens.get(at).is("-");
                        return Optional.of(
                                new Time(ofFirst, minus ? plus.get().negated() : plus.get(), end));
                    }
                }
                return Optional.empty();
            }
            return Optional.of(new Time(ofFirst, Duration.ZERO, at));
        }

        private boolean is(WindowCall call, int at) {
            return tokens.get(at).name().equalsIgnoreCase(call.alias())
                    && call.time().filter(tokens.get(at + 2).name()::equalsIgnoreCase).isPresent();
        }
    }
}
