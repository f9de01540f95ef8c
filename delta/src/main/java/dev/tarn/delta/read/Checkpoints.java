package dev.tarn.delta.read;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Parquet files through the engine: checkpoints, which turns each row into the JSON that a
 * commit would have written.
 */
final class Checkpoints {
    private static final Set<String> ACTIONS = Set.of("add", "metaData", "protocol", "sidecar");
    private static final Set<String> OF_FILES =
            Set.of("path", "partitionValues", "size", "stats", "deletionVector");

    private final Storage storage;
    private final Engine engine;

    Checkpoints(Storage storage, Engine engine) {
        this.storage = storage;
        this.engine = engine;
    }

    /** Applies all actions of a Parquet file, which may be a part of a checkpoint. */
    void apply(Storage.StoredFile file, Replay replay) {
        String from =
                " FROM read_parquet('"
                        + storage.local(file).toAbsolutePath().toString().replace("'", "''")
                        + "', hive_partitioning = false)";
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            Schema schema = session.describe(SqlText.of("SELECT *" + from));
            try (QueryResult rows = session.query(SqlText.of("SELECT " + action(schema) + from))) {
                while (rows.next()) {
                    if (rows.value(0) instanceof String line) {
                        replay.apply(file.location(), line);
                    }
                }
            }
        } catch (TarnException e) {
            switch (e.code()) {
                case UNSUPPORTED, INTERRUPTED, TIMEOUT, OUT_OF_MEMORY -> throw e;
                default -> throw ReadErrors.unreadable(file.location(), e);
            }
        }
    }

    /** How many rows data files have, from their footers; those that are gone count for nothing. */
    long rows(List<DeltaSnapshot.AddedFile> files) {
        List<String> paths = new ArrayList<>();
        for (DeltaSnapshot.AddedFile file : files) {
            storage.find(file.location())
                    .map(storage::local)
                    .map(p -> p.toAbsolutePath().toString().replace("'", "''"))
                    .ifPresent(p -> paths.add("'" + p + "'"));
        }
        if (paths.isEmpty()) {
            return 0;
        }
        String count =
                "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata([%s])"
                        .formatted(String.join(", ", paths));
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED);
                QueryResult rows = session.query(SqlText.of(count))) {
            return rows.next() && rows.value(0) instanceof Long found ? found : 0;
        }
    }

    private static String action(Schema schema) {
        List<String> parts = new ArrayList<>();
        for (Field column : schema.fields()) {
            if (ACTIONS.contains(column.name()) && column.type() instanceof Type.Struct struct) {
                String value = column.name().equals("add") ? file(struct) : column.name();
                parts.add(
                        "\"%1$s\" := CASE WHEN \"%1$s\" IS NOT NULL THEN %2$s END"
                                .formatted(column.name(), value));
            }
        }
        return "to_json(struct_pack(" + String.join(", ", parts) + "))::VARCHAR";
    }

    /** What is read of a file; statistics may be a text, or columns of the checkpoint. */
    private static String file(Type.Struct add) {
        List<String> parts = new ArrayList<>();
        for (Field field : add.fields()) {
            if (OF_FILES.contains(field.name())) {
                parts.add("\"%1$s\" := \"add\".\"%1$s\"".formatted(field.name()));
            }
        }
        Optional<Field> parsed =
                add.fields().stream()
                        .filter(f -> f.name().equals("stats_parsed"))
                        .filter(f ->
                                f.type() instanceof Type.Struct s
                                        && s.fields().stream()
                                                .anyMatch(p -> p.name().equals("numRecords")))
                        .findFirst();
        if (parsed.isPresent()) {
            String json = "to_json(\"add\".stats_parsed)::VARCHAR";
            boolean written = add.fields().stream().anyMatch(f -> f.name().equals("stats"));
            parts.removeIf(part -> part.startsWith("\"stats\" := "));
            parts.add("\"stats\" := " + (written ? "coalesce(\"add\".stats, " + json + ")" : json));
        }
        return "struct_pack(" + String.join(", ", parts) + ")";
    }
}
