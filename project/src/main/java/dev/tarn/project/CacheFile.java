package dev.tarn.project;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a {@link CompileCache}. It is replaced as a whole, so that whoever reads sees one
 * version or another, and only its owner may read it, for it holds compiled SQL.
 */
final class CacheFile {
    private static final Logger log = LoggerFactory.getLogger(CacheFile.class);
    private static final String FORM = "tarn compile cache 1";

    /** How many times in a row a result may go unused when the file is written. */
    private static final int UNUSED_MAX = 8;

    private static final int SUM_BYTES = 8;

    private final Path path;
    private final String program;

    /** A result as it lies in the bytes of the file. */
    record Kept(byte[] file, int from, int length, int unused) {
        CacheInput open() {
            return new CacheInput(file, from, length);
        }
    }

    CacheFile(Path path, String program) {
        this.path = path;
        this.program = program;
    }

    Map<CacheKey, Kept> read() {
        try {
            return Files.isRegularFile(path) ? read(Files.readAllBytes(path)) : Map.of();
        } catch (IOException | CacheInput.Broken e) {
            log.info("The compile cache {} is of no use: {}", path, e.toString());
            return Map.of();
        }
    }

    private Map<CacheKey, Kept> read(byte[] bytes) {
        int content = bytes.length - SUM_BYTES;
        if (content < 0
                || new CacheInput(bytes, content, SUM_BYTES).fixed() != sum(bytes, content)) {
            throw new CacheInput.Broken("It is damaged");
        }
        CacheInput in = new CacheInput(bytes, 0, content);
        if (!in.text().equals(FORM) || !in.text().equals(program)) {
            throw new CacheInput.Broken("Another version of the program wrote it");
        }
        int count = in.count();
        Map<CacheKey, Kept> kept = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            CacheKey key = in.key();
            int unused = in.raw();
            int length = in.count();
            kept.put(key, new Kept(bytes, in.position(), length, unused));
            in.skip(length);
        }
        return kept;
    }

    private static long sum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    void write(Map<CacheKey, Kept> kept, Set<CacheKey> used, Map<CacheKey, byte[]> added) {
        Map<CacheKey, Kept> all = new HashMap<>();
        kept.forEach((key, value) -> {
            int unused = used.contains(key) ? 0 : value.unused() + 1;
            if (unused <= UNUSED_MAX) {
                all.put(key, new Kept(value.file(), value.from(), value.length(), unused));
            }
        });
        added.forEach((key, bytes) -> all.put(key, new Kept(bytes, 0, bytes.length, 0)));
        CacheOutput out = new CacheOutput().text(FORM).text(program).number(all.size());
        all.forEach((key, value) ->
                out.key(key)
                        .raw(value.unused())
                        .number(value.length())
                        .raw(value.file(), value.from(), value.length()));
        byte[] content = out.toBytes();
        byte[] sum = new CacheOutput().fixed(sum(content, content.length)).toBytes();
        try {
            replace(content, sum);
        } catch (IOException e) {
            log.info("The compile cache {} could not be written: {}", path, e.toString());
        }
    }

    private void replace(byte[] content, byte[] sum) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "compile", ".part", ownerOnly());
        try {
            try (OutputStream stream = Files.newOutputStream(part)) {
                stream.write(content);
                stream.write(sum);
            }
            try {
                Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
