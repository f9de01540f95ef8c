package dev.tarn.duckdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.duckdb.DuckDBWritableVector;

/**
 * The memory of a vector of the engine, into which the values of a column are copied as they are.
 * The driver itself takes a lock for each of them. The names of the fields are the driver's own:
 * another version of it may want other ones.
 */
final class VectorMemory {
    private static final VarHandle DATA = field("data");
    private static final VarHandle VALIDITY = field("validity");

    private VectorMemory() {}

    private static VarHandle field(String name) {
        try {
            return MethodHandles.privateLookupIn(DuckDBWritableVector.class, MethodHandles.lookup())
                    .findVarHandle(DuckDBWritableVector.class, name, ByteBuffer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Copies the first values.
     *
     * @param values in the machine's byte order, as wide as the vector's
     * @param valid a bit for each row that has a value, from the lowest one on
     * @param bytes how much of the values
     */
    static void write(DuckDBWritableVector vector, ByteBuffer values, long[] valid, int bytes) {
        ByteBuffer data = (ByteBuffer) DATA.get(vector);
        data.put(0, values, 0, bytes);
        LongBuffer validity = ((ByteBuffer) VALIDITY.get(vector)).asLongBuffer();
        validity.put(0, valid, 0, Math.min(valid.length, validity.capacity()));
    }
}
