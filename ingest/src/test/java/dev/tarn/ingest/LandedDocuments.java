package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of documents.
 *
 * @param types of the columns that were asked for and are there
 */
record LandedDocuments(
        List<String> types, List<String> rows, List<String> quarantine, List<String> refused) {
    private static final Schema BATCH =
            new Schema(
                    List.of(
                            Field.of("_offset", Primitive.BIGINT),
                            Field.of("value", Primitive.VARCHAR)));
    private static final TableName TOLD = new TableName("tarn_ingest", "told");

    /** What a batch is for. */
    record Ground(
            SchemaPolicy policy,
            Map<String, Type> declared,
            Optional<Schema> table,
            List<Schema> members) {
        static final Ground NEW =
                new Ground(SchemaPolicy.EVOLVE, Map.of(), Optional.empty(), List.of());
    }

    /**
     * Lands documents.
     *
     * @param names of the members that are looked at
     * @param documents each tells the document of a row
     */
    static LandedDocuments of(
            Path folder, Ground ground, List<String> names, List<Consumer<RowSink>> documents) {
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            List<String> refused = new ArrayList<>();
            Documents batch =
                    new Documents(
                            BATCH,
                            "value",
                            Optional.of(new RowPlace(List.of(), "_offset")),
                            ground.declared(),
                            ground.table(),
                            ground::members);
            try (RowSink sink =
                    batch.sink(
                            session.sink(TOLD, BATCH),
                            (part, number, reason, raw) ->
                                    refused.add(number + " " + reason + " <" + raw + ">"))) {
                for (int i = 0; i < documents.size(); i++) {
                    sink.integer(i);
                    documents.get(i).accept(sink);
                    sink.endRow();
                }
                assertThat(sink.rows()).isEqualTo(documents.size() - refused.size());
            }
            return of(session, ground, names, batch, refused);
        }
    }

    private static LandedDocuments of(
            EngineSession session,
            Ground ground,
            List<String> names,
            Documents batch,
            List<String> refused) {
        IngestSpec spec =
                new IngestSpec(
                        "",
                        Optional.empty(),
                        ground.policy(),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        new Place("models/sources.yml", 3, 5));
        SchemaDecision decision =
                SchemaDecision.of(
                        spec,
                        "raw.orders",
                        ground.table(),
                        batch.seen(ground.members()),
                        ground.declared());
        Branch branch = batch.branch(TOLD.toString(), 0, decision, ground.members());
        String now = "TIMESTAMPTZ '2026-01-01T00:00:00Z'";
        List<String> found =
                names.stream().filter(n -> decision.columns().find(n).isPresent()).toList();
        String columns =
                Stream.concat(Stream.of("_row"), found.stream())
                        .map(n -> "CAST(" + n + " AS VARCHAR)")
                        .collect(Collectors.joining(", "));
        String quarantine = branch.quarantine(decision, now);
        return new LandedDocuments(
                found.stream()
                        .map(n -> decision.columns().find(n).orElseThrow().type().sql())
                        .toList(),
                read(
                        session,
                        "SELECT "
                                + columns
                                + " FROM ("
                                + branch.rows(decision, now)
                                + ") ORDER BY _row"),
                quarantine.isEmpty()
                        ? List.of()
                        : read(
                                session,
                                "SELECT _row, _column, _reason, _raw FROM ("
                                        + quarantine
                                        + ") ORDER BY _row"),
                refused);
    }

    private static List<String> read(EngineSession session, String sql) {
        List<String> rows = new ArrayList<>();
        try (QueryResult result = session.query(SqlText.of(sql))) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 0; i < result.schema().fields().size(); i++) {
                    row.add(String.valueOf(result.value(i)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }
}
