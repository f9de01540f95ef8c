package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.job.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A window over a table as a query writes it.
 *
 * @param number how many stand before it
 * @param alias what the query calls it
 * @param input the table or query that its rows come from
 * @param follows the table, where it is followed as a stream
 * @param delay how late its events may come, where it says so
 * @param time the column with the time of events
 * @param size how long a window is; for sessions the gap that ends one, for deduplication the time
 *     in which a key counts once
 * @param slide from the beginning of one window to that of the next
 * @param keys the columns that sessions and doubles are told apart by
 * @param written as it stands in the query
 */
public record WindowCall(
        Kind kind,
        int number,
        String alias,
        SqlText input,
        Optional<Name> follows,
        Optional<Duration> delay,
        Optional<String> time,
        Duration size,
        Duration slide,
        List<String> keys,
        SqlText written) {
    /** What is made of the rows. */
    public enum Kind {
        /** Nothing. */
        ROWS("stream"),
        /** Windows of one length, one after the other. */
        TUMBLE("tumble"),
        /** Windows of one length that begin one after the other, and may overlap. */
        HOP("hop"),
        /** Windows that end when nothing comes for a while. */
        SESSION("session"),
        /** The first row of each key. */
        DEDUPLICATE("deduplicate");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word in queries. */
        public String word() {
            return word;
        }

        static Optional<Kind> of(Token token) {
            for (Kind kind : values()) {
                if (token.is(kind.word)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        /** Whether rows get windows. */
        public boolean isWindow() {
            return this == TUMBLE || this == HOP || this == SESSION;
        }
    }

    public WindowCall {
        keys = List.copyOf(keys);
    }

    /** What has to stay the same for what was kept to be of use, as a text. */
    public String definition() {
        List<String> said = new ArrayList<>();
        follows.ifPresent(f -> said.add(f.toString()));
        time.ifPresent(said::add);
        if (kind == Kind.HOP) {
            said.add(Durations.words(slide));
        }
        if (kind != Kind.ROWS) {
            said.add(Durations.words(size));
        }
        said.addAll(keys);
        return kind.word() + "(" + String.join(", ", said).toLowerCase(Locale.ROOT) + ")";
    }
}
