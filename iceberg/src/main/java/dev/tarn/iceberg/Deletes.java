package dev.tarn.iceberg;

import dev.tarn.model.table.DeletedRows;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SeekableInputStream;

/** Reads which rows of a file are gone. */
final class Deletes {
    private Deletes() {}

    /** The deleted positions of one data file; empty if no row is deleted. */
    static Optional<PositionDeleteIndex> load(FileIO io, String table, List<DeleteFile> deletes) {
        if (deletes.isEmpty()) {
            return Optional.empty();
        }
        for (DeleteFile delete : deletes) {
            if (delete.content() == FileContent.EQUALITY_DELETES) {
                throw IcebergErrors.equalityDeletes(table, delete.location());
            }
            if (delete.format() != FileFormat.PUFFIN) {
                throw IcebergErrors.positionDeleteFiles(table, delete.location());
            }
        }
        return Optional.of(vector(io, deletes.getFirst()));
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
