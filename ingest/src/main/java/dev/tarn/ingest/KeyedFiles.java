package dev.tarn.ingest;

import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.LandingRules.Deduplication;
import dev.tarn.model.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files whose rows change others: each of them has to have the columns that name a row. */
final class KeyedFiles {
    private KeyedFiles() {}

    /**
     * The same files; those that lack the key go to quarantine as a whole, since rows without one
     * would take each other's place.
     *
     * @throws dev.tarn.model.TarnException when nothing has ever had the key
     */
    static List<ScannedFile> withKey(
            IngestSpec spec, Optional<Schema> tableNow, List<ScannedFile> scanned) {
        if (spec.write() == Write.APPEND) {
            return scanned;
        }
        List<ScannedFile> kept = new ArrayList<>();
        SeenColumns seen = new SeenColumns();
        for (ScannedFile file : scanned) {
            SeenColumns columns = columns(file);
            seen.addAll(columns);
            Optional<String> missing = spec.key().stream().filter(k -> !columns.has(k)).findFirst();
            kept.add(
                    missing.isPresent() && !columns.names().isEmpty()
                            ? new ScannedFile.Refused(
                                    file.planned(),
                                    "has no column '%s', which names a row"
                                            .formatted(missing.get()))
                            : file);
        }
        for (String name : spec.key()) {
            boolean known = tableNow.flatMap(t -> t.find(name)).isPresent() || seen.has(name);
            if (!known && !seen.names().isEmpty()) {
                throw IngestErrors.notAColumn(spec.place(), name, seen.names());
            }
        }
        return kept;
    }

    /** Sees to it that the columns that rows are told apart and put in order by are there. */
    static void requireColumns(IngestSpec spec, SchemaDecision decision) {
        if (decision.data().isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>();
        spec.cursor().ifPresent(names::add);
        spec.rules().deduplication().map(Deduplication::key).ifPresent(names::addAll);
        for (String name : names) {
            if (decision.columns().find(name).isEmpty()) {
                throw IngestErrors.notAColumn(spec.place(), name, decision.columns().names());
            }
        }
    }

    private static SeenColumns columns(ScannedFile file) {
        SeenColumns columns = new SeenColumns();
        switch (file) {
            case ScannedFile.Text text -> columns.addAll(text.seen());
            case ScannedFile.Parquet parquet -> columns.add(FileIngest.named(parquet.schema()));
            case ScannedFile.Rows rows -> columns.add(FileIngest.named(rows.schema()));
            case ScannedFile.Refused refused -> {}
        }
        return columns;
    }
}
