package dev.tarn.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Bodies as clients of Arrow write them. */
public final class ArrowStreams {
    private ArrowStreams() {}

    /** Two rows with a column of each kind; in the second everything but {@code id} is null. */
    public static byte[] ofAllKinds() throws IOException {
        try (RootAllocator memory = new RootAllocator()) {
            IntVector id = new IntVector("id", memory);
            id.setSafe(0, 1);
            id.setSafe(1, 2);
            BitVector truth = new BitVector("truth", memory);
            truth.setSafe(0, 1);
            UInt8Vector unsigned = new UInt8Vector("unsigned", memory);
            unsigned.setSafe(0, -1L);
            Float8Vector number = new Float8Vector("number", memory);
            number.setSafe(0, Double.NaN);
            VarCharVector text = new VarCharVector("text", memory);
            text.setSafe(0, "007 ü".getBytes(StandardCharsets.UTF_8));
            VarBinaryVector bytes = new VarBinaryVector("bytes", memory);
            bytes.setSafe(0, new byte[] {1, 2});
            DateDayVector day = new DateDayVector("day", memory);
            day.setSafe(0, 20_000);
            DecimalVector amount = new DecimalVector("amount", memory, 20, 2);
            amount.setSafe(0, new BigDecimal("123456789012345678.90"));
            TimeStampNanoVector local = new TimeStampNanoVector("local", memory);
            local.setSafe(0, 1_700_000_000_123_456_789L);
            TimeStampMicroTZVector at =
                    new TimeStampMicroTZVector(
                            "at",
                            FieldType.nullable(
                                    new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Europe/Berlin")),
                            memory);
            at.setSafe(0, 1_700_000_000_123_456L);
            return written(
                    2, List.of(id, truth, unsigned, number, text, bytes, day, amount, local, at));
        }
    }

    /** Rows with an {@code id}, and one more column. */
    public static byte[] withColumn(String name, int rows) throws IOException {
        try (RootAllocator memory = new RootAllocator()) {
            IntVector id = new IntVector("id", memory);
            BigIntVector more = new BigIntVector(name, memory);
            for (int i = 0; i < rows; i++) {
                id.setSafe(i, i);
                more.setSafe(i, i);
            }
            return written(rows, List.of(id, more));
        }
    }

    /** A column of a type that is not read. */
    static byte[] withInterval() throws IOException {
        try (RootAllocator memory = new RootAllocator()) {
            IntervalYearVector months = new IntervalYearVector("months", memory);
            months.setSafe(0, 1);
            return written(1, List.of(months));
        }
    }

    private static byte[] written(int rows, List<FieldVector> columns) throws IOException {
        columns.forEach(c -> c.setValueCount(rows));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = new VectorSchemaRoot(columns);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
            root.setRowCount(rows);
            writer.start();
            writer.writeBatch();
            writer.end();
        }
        return out.toByteArray();
    }
}
