package dev.tarn.iceberg;

import dev.tarn.model.table.DeletedRows;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SeekableInputStream;

/** Reads deletion vectors: which rows of a file are gone. */
final class Deletes {
    private Deletes() {}

    /** The deletion vector of one data file, if it has one. */
    static Optional<PositionDeleteIndex> load(FileIO io, List<DeleteFile> deletes) {
        return deletes.stream()
                .filter(delete -> delete.format() == FileFormat.PUFFIN)
                .findFirst()
                .map(delete -> vector(io, delete));
    }

    private static PositionDeleteIndex vector(FileIO io, DeleteFile delete) {
        byte[] bytes = new byte[Math.toIntExact(delete.contentSizeInBytes())];
        try (SeekableInputStream in = io.newInputFile(delete.location()).newStream()) {
            in.seek(delete.contentOffset());
            if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                throw new IOException("it ends too early");
            }
            return PositionDeleteIndex.deserialize(bytes, delete);
        } catch (IOException | IllegalArgumentException e) {
            throw IcebergErrors.unreadable(delete.location(), e);
        }
    }

    /** Positions as Iceberg keeps them: a compressed bitmap. */
    record Bitmap(PositionDeleteIndex index) implements DeletedRows {
        @Override
        public boolean contains(long position) {
            return index.isDeleted(position);
        }

        @Override
        public long count() {
            return index.cardinality();
        }

        @Override
        public void forEach(LongConsumer action) {
            index.forEach(action);
        }
    }
}
