package dev.tarn.project;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Unpacks the files and folders of a gzipped tar archive; links in it are left out. */
final class TarArchive {
    private static final int BLOCK = 512;
    private static final int PACKAGE_BYTES_MAX = 512 * 1024 * 1024;

    private TarArchive() {}

    /**
     * @param folder gets the contents of the archive's only top folder
     * @throws IOException also when an entry wants to be outside of the folder
     */
    static void unpack(InputStream compressed, Path folder) throws IOException {
        try (InputStream in = new GZIPInputStream(compressed)) {
            String longName = null;
            long total = 0;
            while (true) {
                byte[] header = in.readNBytes(BLOCK);
                if (header.length < BLOCK || header[0] == 0) {
                    return;
                }
                long size = number(header, 124, 12);
                total += size;
                if (total > PACKAGE_BYTES_MAX) {
                    throw new IOException("it is larger than a package should be");
                }
                byte[] content = in.readNBytes((int) size);
                if (content.length < size) {
                    throw new EOFException("it ends too early");
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                String name = longName == null ? name(header) : longName;
                longName = null;
                switch (header[156]) {
                    case 'L' -> longName = text(content, 0, content.length);
                    case 'x' -> longName = path(content);
                    case '0', 0 -> write(folder, name, content);
                    default -> {}
                }
            }
        }
    }

    private static void write(Path folder, String name, byte[] content) throws IOException {
        int slash = name.indexOf('/');
        if (slash < 0 || slash == name.length() - 1) {
            return;
        }
        Path file = folder.resolve(name.substring(slash + 1)).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("'" + name + "' leads out of it");
        }
        Files.createDirectories(file.getParent() == null ? folder : file.getParent());
        Files.write(file, content);
    }

    private static String name(byte[] header) {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    /** The path in the records of an extended header: {@code 30 path=some/name}. */
    private static @org.jspecify.annotations.Nullable String path(byte[] records) {
        for (String line : new String(records, StandardCharsets.UTF_8).split("\n")) {
            int key = line.indexOf(" path=");
            if (key > 0) {
                return line.substring(key + " path=".length());
            }
        }
        return null;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private static long number(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("its header is damaged", e);
        }
    }
}
