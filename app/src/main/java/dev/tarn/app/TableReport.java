package dev.tarn.app;

import dev.tarn.model.PublicationId;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything Tarn knows about a table or view.
 *
 * @param schema columns as a reader sees them
 * @param state files, partitioning and snapshots; empty for views
 * @param sql the query behind a view
 * @param publication what made it visible as it is
 * @param checks the standing verdicts about it
 */
public record TableReport(
        TableListing listing,
        Schema schema,
        Optional<TableState> state,
        Optional<String> sql,
        PublicationId publication,
        Map<String, String> attributes,
        List<Verdict> checks) {
    public TableReport {
        attributes = Map.copyOf(attributes);
        checks = List.copyOf(checks);
    }
}
