package dev.tarn.delta.read;

import dev.tarn.model.TarnException;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.spi.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import org.roaringbitmap.RoaringBitmap;

/** Reads deletion vectors: in the log itself, in files beside the table, in files anywhere. */
final class VectorReader {
    private static final int MAGIC = 1_681_511_377;
    private static final int UUID_DIGITS = 20;
    private static final String DIGITS =
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private final Storage storage;

    VectorReader(Storage storage) {
        this.storage = storage;
    }

    DeletedRows read(String table, DeltaSnapshot.Vector vector) {
        String name = vector.kind().equals("i") ? table + " (inline deletion vector)" : "";
        try {
            byte[] bytes;
            if (vector.kind().equals("i")) {
                bytes = decoded(vector.pathOrData(), vector.bytes());
            } else {
                name = location(table, vector);
                bytes = stored(name, vector);
            }
            return bitmaps(bytes);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw ReadErrors.unreadable(name, e);
        }
    }

    static String location(String table, DeltaSnapshot.Vector vector) {
        if (vector.kind().equals("p")) {
            return DataPaths.resolve(table, vector.pathOrData());
        }
        String text = vector.pathOrData();
        int split = text.length() - UUID_DIGITS;
        if (!vector.kind().equals("u") || split < 0) {
            throw new IllegalArgumentException("deletion vector of kind " + vector.kind());
        }
        ByteBuffer uuid = ByteBuffer.wrap(decoded(text.substring(split), 16));
        String file = "deletion_vector_" + new UUID(uuid.getLong(), uuid.getLong()) + ".bin";
        return table + "/" + (split == 0 ? "" : text.substring(0, split) + "/") + file;
    }

    private byte[] stored(String file, DeltaSnapshot.Vector vector) throws IOException {
        if (storage.find(file).isEmpty()) {
            throw ReadErrors.missing(file);
        }
        try (InputStream in = storage.open(file, vector.offset())) {
            byte[] head = in.readNBytes(Integer.BYTES);
            byte[] bytes = in.readNBytes(vector.bytes());
            byte[] sum = in.readNBytes(Integer.BYTES);
            if (head.length < Integer.BYTES
                    || bytes.length < vector.bytes()
                    || sum.length < Integer.BYTES) {
                throw new IOException("it ends too early");
            }
            if (ByteBuffer.wrap(head).getInt() != vector.bytes()) {
                throw new IOException("the vector has another size than the log says");
            }
            CRC32 crc = new CRC32();
            crc.update(bytes);
            if ((int) crc.getValue() != ByteBuffer.wrap(sum).getInt()) {
                throw new IOException("the vector's checksum is wrong");
            }
            return bytes;
        } catch (TarnException e) {
            throw ReadErrors.unreadable(file, e);
        }
    }

    /** Base 85 as ZeroMQ writes it: five digits for four bytes. */
    private static byte[] decoded(String text, int length) {
        if (text.length() % 5 != 0) {
            throw new IllegalArgumentException("its text has a wrong length");
        }
        ByteBuffer out = ByteBuffer.allocate(text.length() / 5 * 4);
        for (int i = 0; i < text.length(); i += 5) {
            long value = 0;
            for (int j = i; j < i + 5; j++) {
                int digit = DIGITS.indexOf(text.charAt(j));
                if (digit < 0) {
                    throw new IllegalArgumentException("its text has a wrong character");
                }
                value = value * 85 + digit;
            }
            out.putInt((int) value);
        }
        if (out.capacity() < length) {
            throw new IllegalArgumentException("its text is too short");
        }
        byte[] bytes = new byte[length];
        out.flip().get(bytes);
        return bytes;
    }

    private static DeletedRows bitmaps(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (in.getInt() != MAGIC) {
                throw new IOException("it is no deletion vector");
            }
            long count = in.getLong();
            List<RoaringBitmap> maps = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                int key = in.getInt();
                while (maps.size() < key) {
                    maps.add(new RoaringBitmap());
                }
                RoaringBitmap map = new RoaringBitmap();
                map.deserialize(in.slice().order(ByteOrder.LITTLE_ENDIAN));
                in.position(in.position() + map.serializedSizeInBytes());
                maps.add(map);
            }
            return new Bitmaps(maps);
        } catch (RuntimeException e) {
            throw new IOException("its bitmap is damaged", e);
        }
    }

    /** Positions by their upper 32 bits. */
    private record Bitmaps(List<RoaringBitmap> maps) implements DeletedRows {
        @Override
        public boolean contains(long position) {
            int map = (int) (position >>> 32);
            return map < maps.size() && maps.get(map).contains((int) position);
        }

        @Override
        public long count() {
            return maps.stream().mapToLong(RoaringBitmap::getLongCardinality).sum();
        }

        @Override
        public void forEach(LongConsumer action) {
            for (int i = 0; i < maps.size(); i++) {
                long upper = (long) i << 32;
                maps.get(i)
                        .forEach(
                                (org.roaringbitmap.IntConsumer)
                                        low -> action.accept(upper | Integer.toUnsignedLong(low)));
            }
        }
    }
}
