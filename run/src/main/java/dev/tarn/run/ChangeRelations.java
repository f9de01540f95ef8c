package dev.tarn.run;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.spi.Relation;
import java.util.Map;

/** Says how the rows that changed in a table are read. */
public interface ChangeRelations {
    /**
     * A query and what it reads.
     *
     * @param rows over the parts
     * @param parts names that nobody else gives
     */
    record Told(Relation rows, Map<TableName, Relation> parts) {
        public Told {
            parts = Map.copyOf(parts);
        }
    }

    /**
     * @param after the publication after which changes are told
     * @param upTo the last one that is told, on the same ref
     */
    Told between(RefName ref, TableName name, long after, long upTo);
}
