package dev.tarn.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.ChangedFiles;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The rows that a version changed, in files beside those of the table. Without them a reader of the
 * change feed takes an updated row for one that went and one that came; so they are written for
 * versions that update rows, and for no others.
 */
final class ChangeFiles {
    private static final TableName GONE = new TableName("changes", "gone");
    private static final TableName COME = new TableName("changes", "come");
    private static final TableName TOLD = new TableName("changes", "told");
    private static final String KIND = "_change_type";

    /** No column has this id, and none is looked for by it. */
    private static final int KIND_ID = 2_147_483_440;

    private final DeltaConfig config;

    ChangeFiles(DeltaConfig config) {
        this.config = config;
    }

    /**
     * Writes them; what was written and is not told after all is for the caller to withdraw.
     *
     * @param fields the columns that the log tells of
     * @return empty when no row was updated, when rows cannot be told apart, and when their columns
     *     changed with them
     */
    List<Written> write(
            DeltaLog log,
            long version,
            TablePointer before,
            TablePointer after,
            List<Field> fields) {
        ChangedFiles files =
                ChangedFiles.between(config.tables(), Optional.of(before), Optional.of(after));
        if (files.identity() != ChangedFiles.Identity.ROW_IDS
                || !files.gone().schema().equals(files.come().schema())) {
            return List.of();
        }
        Path folder = config.staging().resolve("delta-" + UUID.randomUUID());
        try (EngineSession session = config.engine().open(Engine.SessionOptions.TRUSTED)) {
            session.define(GONE, files.gone());
            session.define(COME, files.come());
            session.stage(TOLD, changes(fields));
            return updatesRows(session)
                    ? moved(log, version, session.write(all(), target(fields, folder)))
                    : List.of();
        } finally {
            delete(folder);
        }
    }

    /**
     * A file of changed rows.
     *
     * @param location where it is now
     */
    record Written(String location, long bytes) {
        ObjectNode action(String home) {
            ObjectNode action = Json.object();
            ObjectNode cdc = action.putObject("cdc");
            cdc.put("path", Locations.relative(home, location));
            cdc.putObject("partitionValues");
            cdc.put("size", bytes);
            cdc.put("dataChange", false);
            return action;
        }
    }

    /** What went and what came, each with what became of it; rows that only moved are left out. */
    private static SqlText changes(List<Field> fields) {
        return SqlText.of(
                """
                select %1$s, case when c.__there then 'update_preimage' else 'delete' end as _change_type
                from (select *, true as __there from changes.gone) as g
                left join (select *, true as __there from changes.come) as c
                    on g.__tarn_row_id = c.__tarn_row_id
                where c.__there is null or g.__tarn_last_updated is distinct from c.__tarn_last_updated
                union all
                select %2$s, case when g.__there then 'update_postimage' else 'insert' end
                from (select *, true as __there from changes.come) as c
                left join (select *, true as __there from changes.gone) as g
                    on g.__tarn_row_id = c.__tarn_row_id
                where g.__there is null or g.__tarn_last_updated is distinct from c.__tarn_last_updated
                """
                        .formatted(columns(fields, "g"), columns(fields, "c")));
    }

    private static SqlText all() {
        return SqlText.of("select * from " + TOLD);
    }

    private static boolean updatesRows(EngineSession session) {
        try (var found =
                session.query(
                        SqlText.of(
                                "select 1 from %s where %s = 'update_postimage' limit 1"
                                        .formatted(TOLD, KIND)))) {
            return found.next();
        }
    }

    private static String columns(List<Field> fields, String side) {
        return fields.stream()
                .map(f -> side + "." + Type.quoted(f.name()))
                .collect(Collectors.joining(", "));
    }

    private static WriteTarget target(List<Field> fields, Path folder) {
        List<Field> all = new ArrayList<>(fields);
        all.add(
                new Field(
                        KIND_ID,
                        KIND,
                        Type.Primitive.VARCHAR,
                        false,
                        Optional.empty(),
                        Optional.empty()));
        return new WriteTarget(new Schema(all), List.of(), List.of(), folder, Long.MAX_VALUE / 2);
    }

    private static List<Written> moved(DeltaLog log, long version, List<WrittenFile> files) {
        return files.stream()
                .map(file -> new Written(log.changes(version, file.path()), file.bytes()))
                .toList();
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // A forgotten staged folder is swept like those of killed processes.
            folder.toFile().deleteOnExit();
        }
    }
}
