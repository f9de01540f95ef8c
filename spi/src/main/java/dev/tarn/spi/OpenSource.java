package dev.tarn.spi;

import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.table.Schema;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to what one source's table is filled from. It remembers nothing that matters: where
 * reading stands is what {@link #next} is told, and after a failure the same call gives the same
 * rows again. Used by one thread at a time, except {@link #cancel}.
 *
 * <p>Where reading stands is a text for each <em>part</em> of the source, in a form of the
 * connector's own: a database table may have one part, a topic one for each partition, a large
 * first load one for each range of keys.
 */
public interface OpenSource extends AutoCloseable {
    /**
     * The columns that the table gets from rows as they are now; empty when only the rows can tell.
     */
    Optional<Schema> columns();

    /**
     * The columns that name a row, as the source knows them; empty when it does not. What is said
     * in the source's block goes before.
     */
    default List<String> key() {
        return List.of();
    }

    /**
     * The rows behind positions; empty when there are none now. Waits for them no longer than the
     * limits allow.
     *
     * @param positions by part, as they were published last; empty at the first time
     * @param limits where a batch ends; it may go over them as far as its positions need
     * @throws dev.tarn.model.TarnException {@code SOURCE_UNAVAILABLE}, {@code SOURCE_DENIED},
     *     {@code SOURCE_UNREADABLE}; {@code SOURCE_GONE} when the source has dropped what comes
     *     behind the positions, with what exactly is lost
     */
    Optional<Batch> next(Map<String, String> positions, Limits limits);

    /**
     * Tells the source what has been published, for others to look at. Nothing depends on it: it
     * may fail or never be called.
     */
    default void published(Map<String, String> positions) {}

    /**
     * Tells what all sources of this connector have published on the main branch, those too that
     * are not open: what comes before all of these positions nobody needs any more, so the source
     * may drop what it kept for us. Until then it has to keep it.
     */
    default void released(Collection<Map<String, String>> positions) {}

    /** What somebody should know who looks after the source, such as that its disk fills. */
    default Optional<String> warning() {
        return Optional.empty();
    }

    /** How far behind the source the positions are. May ask the source. */
    default Lag lag(Map<String, String> positions) {
        return Lag.UNKNOWN;
    }

    /**
     * Ends whatever it is waiting for, with {@code INTERRUPTED}, and whatever is asked of it
     * afterwards. Any thread may call it.
     */
    void cancel();

    @Override
    void close();

    /**
     * Where a batch ends.
     *
     * @param every how long a batch stays open when its rows come one after the other
     * @param linger whether somebody follows the source: then rows are waited for when there are
     *     none; else what comes after the source was opened need not be read
     */
    record Limits(long rows, long bytes, Duration every, boolean linger) {
        public static Limits of(ConnectorSpec.Flush flush, boolean linger) {
            return new Limits(flush.rows(), flush.bytes(), flush.every(), linger);
        }
    }

    /**
     * What is still to be read; negative where that is not known.
     *
     * @param of the newest row that has been read
     */
    record Lag(long rows, long bytes, @Nullable Duration of) {
        public static final Lag UNKNOWN = new Lag(-1, -1, null);
    }

    /** Rows that land together. Their positions are known once all portions have been read. */
    interface Batch extends AutoCloseable {
        /** The columns that portions tell, in their order. */
        Schema columns();

        /**
         * The column whose texts are JSON objects, one a row, that become columns beside the others
         * as those of a JSON file do.
         */
        default Optional<String> document() {
            return Optional.empty();
        }

        /**
         * What is known of the members of documents that have been read, in any order, such as the
         * schemas that a registry has for them. Asked for once all portions have been read.
         */
        default List<Schema> members() {
            return List.of();
        }

        /** Where each row says from which part of the source it is, and its number there. */
        default Optional<RowPlace> place() {
            return Optional.empty();
        }

        /**
         * How rows tell changes of others that came before, in their order; such a batch has one
         * portion. Empty where each row is one of its own.
         */
        default Optional<Changes> changes() {
            return Optional.empty();
        }

        /**
         * Names the load that the rows belong to, if they are part of one: then they are gathered
         * beside the table, until {@link Outcome#complete} puts them in its place. Another name
         * starts another load. Changes are applied to what has been gathered.
         */
        default Optional<String> load() {
            return Optional.empty();
        }

        /** Whether more is there behind it already. Asked for once it has been read. */
        default boolean more() {
            return false;
        }

        /** What can be read at the same time, each by one thread to a sink of its own. */
        List<Portion> portions();

        @Override
        void close();
    }

    /**
     * Columns that say where a row is from.
     *
     * @param part columns whose values, with {@code /} between them, are the part
     * @param number the column with the number in the part
     */
    record RowPlace(List<String> part, String number) {
        public RowPlace {
            part = List.copyOf(part);
        }
    }

    /**
     * Columns that say what a row does to others. Where the table is to have the current state or
     * the versions of rows, rows with the same key follow each other as they were told, and these
     * {@code kind} and {@code untold} are no columns of the table; where rows are added, they are.
     *
     * <p>Who changes the key of a row tells that the old one was deleted and a new one inserted.
     *
     * @param kind a column of texts: {@code c} for a row that is new, {@code r} for one that was
     *     read, {@code u} for one that changed, {@code d} for one that was deleted, of which only
     *     the key need be told, {@code t} when all rows before it are gone; rows with anything else
     *     say nothing of the table's rows
     * @param untold a column of JSON lists with the names of columns that the change does not tell:
     *     they keep the value they have; null for none
     * @param at a column of times: when the change was made, from when on a version is valid
     * @param about columns that are about the change and not about the row, such as its place in a
     *     log: a version is not a new one for their sake
     */
    record Changes(String kind, Optional<String> untold, Optional<String> at, List<String> about) {
        public static final String INSERT = "c";
        public static final String READ = "r";
        public static final String UPDATE = "u";
        public static final String DELETE = "d";
        public static final String TRUNCATE = "t";

        public Changes {
            about = List.copyOf(about);
        }
    }

    /** Some rows of a batch. */
    interface Portion {
        /** Tells all of its rows. */
        Outcome read(RowSink rows, Refusals refusals);
    }

    /**
     * What was read.
     *
     * @param positions of the parts that have moved; empty ones are to be forgotten
     * @param bytes that came from the source, about
     * @param complete whether the load that the batch belongs to is whole with it
     */
    record Outcome(Map<String, Optional<String>> positions, long bytes, boolean complete) {
        public Outcome {
            positions = Map.copyOf(positions);
        }
    }

    /** Takes what the connector itself cannot turn into rows; it goes to quarantine. */
    interface Refusals {
        /**
         * @param part of the source, and the number in it
         * @param raw what came, as far as it can be shown
         */
        void refuse(String part, long number, String reason, String raw);

        /**
         * The same with what is known of it all the same, so that it can be landed once somebody
         * has corrected it.
         *
         * @param beside a JSON object of columns
         */
        default void refuse(String part, long number, String reason, String raw, String beside) {
            refuse(part, number, reason, raw);
        }
    }
}
