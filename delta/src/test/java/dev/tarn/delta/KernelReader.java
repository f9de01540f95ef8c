package dev.tarn.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Delta's own reader. */
final class KernelReader {
    private final Engine engine = DefaultEngine.create(new Configuration());

    Snapshot newest(String home) {
        return TableManager.loadSnapshot("file://" + home).build(engine);
    }

    Snapshot at(String home, long version) {
        return TableManager.loadSnapshot("file://" + home).atVersion(version).build(engine);
    }

    Snapshot asOf(String home, Instant time) {
        return TableManager.loadSnapshot("file://" + home)
                .atTimestamp(time.toEpochMilli(), newest(home))
                .build(engine);
    }

    /** The rows as text, sorted. */
    List<String> rows(Snapshot snapshot) throws IOException {
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(engine);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        List<String> rows = new ArrayList<>();
        for (Row file : files(scan)) {
            FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
            var data =
                    engine.getParquetHandler()
                            .readParquetFiles(
                                    Utils.singletonCloseableIterator(status),
                                    physical,
                                    Optional.empty())
                            .map(result -> result.getData());
            try (CloseableIterator<FilteredColumnarBatch> batches =
                    Scan.transformPhysicalData(engine, state, file, data)) {
                while (batches.hasNext()) {
                    try (CloseableIterator<Row> batch = batches.next().getRows()) {
                        while (batch.hasNext()) {
                            rows.add(text(batch.next()));
                        }
                    }
                }
            }
        }
        return rows.stream().sorted().toList();
    }

    /** How many files are left for a condition. */
    int planned(Snapshot snapshot, Predicate condition) throws IOException {
        return files(snapshot.getScanBuilder().withFilter(condition).build()).size();
    }

    private List<Row> files(Scan scan) throws IOException {
        List<Row> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        files.add(rows.next());
                    }
                }
            }
        }
        return files;
    }

    private static String text(Row row) {
        List<String> values = new ArrayList<>();
        StructType types = row.getSchema();
        for (int i = 0; i < types.length(); i++) {
            values.add(row.isNullAt(i) ? "null" : text(types.at(i).getDataType(), row, i));
        }
        return String.join("|", values);
    }

    private static String text(DataType type, Row row, int i) {
        if (type instanceof StructType) {
            return "{" + text(row.getStruct(i)) + "}";
        }
        if (type instanceof ArrayType list) {
            return list(list, row.getArray(i));
        }
        if (type instanceof MapType map) {
            return map(map, row.getMap(i));
        }
        Object value;
        if (type instanceof BooleanType) {
            value = row.getBoolean(i);
        } else if (type instanceof IntegerType) {
            value = row.getInt(i);
        } else if (type instanceof LongType) {
            value = row.getLong(i);
        } else if (type instanceof FloatType) {
            value = row.getFloat(i);
        } else if (type instanceof DoubleType) {
            value = row.getDouble(i);
        } else if (type instanceof DateType) {
            value = LocalDate.ofEpochDay(row.getInt(i));
        } else if (type instanceof TimestampType) {
            value = instant(row.getLong(i));
        } else if (type instanceof TimestampNTZType) {
            value = LocalDateTime.ofInstant(instant(row.getLong(i)), ZoneOffset.UTC);
        } else if (type instanceof DecimalType) {
            value = row.getDecimal(i).toPlainString();
        } else if (type instanceof BinaryType) {
            value = HexFormat.of().formatHex(row.getBinary(i));
        } else if (type instanceof StringType) {
            value = row.getString(i);
        } else {
            throw new AssertionError("No text for " + type);
        }
        return value.toString();
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static String list(ArrayType type, ArrayValue list) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < list.getSize(); i++) {
            values.add(text(type.getElementType(), list.getElements(), i));
        }
        return values.toString();
    }

    private static String map(MapType type, MapValue map) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < map.getSize(); i++) {
            values.put(
                    text(type.getKeyType(), map.getKeys(), i),
                    text(type.getValueType(), map.getValues(), i));
        }
        return values.toString();
    }

    private static String text(DataType type, ColumnVector vector, int i) {
        if (vector.isNullAt(i)) {
            return "null";
        }
        if (type instanceof StructType struct) {
            List<String> parts = new ArrayList<>();
            for (int c = 0; c < struct.length(); c++) {
                parts.add(text(struct.at(c).getDataType(), vector.getChild(c), i));
            }
            return "{" + String.join("|", parts) + "}";
        }
        if (type instanceof StringType) {
            return vector.getString(i);
        }
        if (type instanceof DoubleType) {
            return Double.toString(vector.getDouble(i));
        }
        if (type instanceof IntegerType) {
            return Integer.toString(vector.getInt(i));
        }
        throw new AssertionError("No text for " + type);
    }
}
