package dev.tarn.app;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import dev.tarn.spi.OpenSource.Lag;
import java.util.List;
import java.util.Optional;

/**
 * A wish to read sources again from an earlier position.
 *
 * @param to where to
 * @param parts the parts of the source to go back with; empty for all
 * @param keepRows whether the rows of the tables stay; else tables and quarantine go back, too
 * @param dryRun whether only to tell what would happen
 */
public record Rewind(
        List<String> select,
        List<String> exclude,
        RefName ref,
        Target to,
        List<String> parts,
        boolean keepRows,
        boolean dryRun) {
    public Rewind {
        select = List.copyOf(select);
        exclude = List.copyOf(exclude);
        parts = List.copyOf(parts);
    }

    /** Where to go back to. */
    public sealed interface Target {
        /** Where they stood at a publication or a time. */
        record State(At at) implements Target {}

        /** The beginning. */
        record Start() implements Target {}

        /** A position in the form of the source's own. */
        record Value(String value) implements Target {}
    }

    /**
     * A part that goes back.
     *
     * @param from where it stands; empty if nowhere
     * @param to where it will stand; empty if nowhere
     */
    public record Moved(TableName table, String part, Optional<String> from, Optional<String> to) {}

    /**
     * A table behind its source.
     *
     * @param rows how many it has, and will have; negative where that is not known
     * @param again what is to be read then
     */
    public record Affected(TableName table, long rows, long rowsThen, Lag again) {}

    /**
     * What happens.
     *
     * @param publication empty for a dry run, and when nothing moves
     */
    public record Result(
            List<Moved> moved, List<Affected> tables, Optional<Publication> publication) {
        public Result {
            moved = List.copyOf(moved);
            tables = List.copyOf(tables);
        }
    }
}
