package dev.tarn.delta;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the log says of a table besides its files: which features a reader must know, and the
 * columns. A table is never partitioned in Delta, whose partitions are plain columns and fixed for
 * ever: the statistics of files that were written by partition leave out the same files.
 */
final class Description {
    /** Counts the ways in which this program has written logs; another one is written out anew. */
    static final String LAYOUT = "1";

    static final String ROW_ID = "_row_id";
    static final String ROW_VERSION = "_last_updated_sequence_number";
    private static final String CHANGE_FEED = "tarn.change-feed";

    private static final String FOR_EVER = "interval 36500 days";

    /** No program but this one knows how to write it, so that others read the log only. */
    private static final String READ_ONLY = "tarnMirror";

    private final TableName name;
    private final String home;
    private final TableState state;
    private final Columns columns;
    private final List<Field> fields;

    Description(TableName name, String home, TableState state, List<Schema> schemas) {
        this.name = name;
        this.home = home;
        this.state = state;
        this.columns = Columns.of(schemas);
        this.fields = DeltaTypes.told(state.definition().schema(), columns);
    }

    Columns columns() {
        return columns;
    }

    List<Field> fields() {
        return fields;
    }

    boolean tracksRows() {
        return state.formatVersion() >= 3
                && fields.stream()
                        .noneMatch(f -> f.name().equals(ROW_ID) || f.name().equals(ROW_VERSION));
    }

    ObjectNode protocol() {
        List<String> reading = new ArrayList<>(List.of("columnMapping", "deletionVectors"));
        if (DeltaTypes.uses(fields, columns, Type.Primitive.TIMESTAMP)) {
            reading.add("timestampNtz");
        }
        if (DeltaTypes.uses(fields, columns, Type.Primitive.VARIANT)) {
            reading.add("variantType");
        }
        if (DeltaTypes.widened(fields, columns)) {
            reading.add("typeWidening");
        }
        List<String> writing = new ArrayList<>(reading);
        writing.addAll(List.of("domainMetadata", "inCommitTimestamp", READ_ONLY));
        if (tracksRows()) {
            writing.add("rowTracking");
        }
        if (hasChangeFeed()) {
            writing.add("changeDataFeed");
        }
        ObjectNode protocol = Json.object();
        ObjectNode inner = protocol.putObject("protocol");
        inner.put("minReaderVersion", 3);
        inner.put("minWriterVersion", 7);
        texts(inner.putArray("readerFeatures"), reading);
        texts(inner.putArray("writerFeatures"), writing);
        return protocol;
    }

    ObjectNode metaData() {
        ObjectNode action = Json.object();
        ObjectNode inner = action.putObject("metaData");
        String identity = state.uuid() + " " + home;
        inner.put(
                "id", UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString());
        inner.put("name", name.toString());
        ObjectNode format = inner.putObject("format");
        format.put("provider", "parquet");
        format.putObject("options");
        inner.put("schemaString", Json.text(DeltaTypes.struct(fields, columns)));
        inner.putArray("partitionColumns");
        ObjectNode configuration = inner.putObject("configuration");
        configuration.put("delta.columnMapping.mode", "id");
        configuration.put("delta.columnMapping.maxColumnId", Integer.toString(columns.maxId()));
        configuration.put("delta.enableDeletionVectors", "true");
        configuration.put("delta.enableInCommitTimestamps", "true");
        // How long files stay is decided by the table's record; what is in the log can be asked
        // for.
        configuration.put("delta.deletedFileRetentionDuration", FOR_EVER);
        configuration.put("delta.logRetentionDuration", FOR_EVER);
        if (tracksRows()) {
            configuration.put("delta.enableRowTracking", "true");
            configuration.put("delta.rowTracking.materializedRowIdColumnName", ROW_ID);
            configuration.put(
                    "delta.rowTracking.materializedRowCommitVersionColumnName", ROW_VERSION);
        }
        if (DeltaTypes.widened(fields, columns)) {
            configuration.put("delta.enableTypeWidening", "true");
        }
        if (hasChangeFeed()) {
            configuration.put("delta.enableChangeDataFeed", "true");
        }
        return action;
    }

    /** Whether readers may ask which rows each version changed. */
    boolean hasChangeFeed() {
        return "true".equals(state.definition().properties().get(CHANGE_FEED));
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
