package dev.tarn.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was written for a table outside of the warehouse.
 *
 * @param of the state and the wishes it was written for; empty when nothing was
 * @param files each with its size
 */
record CopyRecord(String of, List<String> files) {
    static CopyRecord read(Path record) throws IOException {
        if (!Files.exists(record)) {
            return new CopyRecord("", List.of());
        }
        List<String> lines = Files.readAllLines(record);
        return lines.isEmpty()
                ? new CopyRecord("", List.of())
                : new CopyRecord(lines.getFirst(), lines.subList(1, lines.size()));
    }

    static void write(Path record, String of, List<Path> files) throws IOException {
        List<String> lines = new ArrayList<>(List.of(of));
        for (Path file : files) {
            lines.add(Files.size(file) + " " + file);
        }
        Files.write(record, lines);
    }

    /** Whether it was written for this, and everything is still there. */
    boolean isOf(String wanted) throws IOException {
        if (!of.equals(wanted)) {
            return false;
        }
        for (String line : files) {
            Path file = path(line);
            if (!Files.isRegularFile(file)
                    || Files.size(file) != Long.parseLong(line.substring(0, line.indexOf(' ')))) {
                return false;
            }
        }
        return true;
    }

    private static Path path(String line) {
        return Path.of(line.substring(line.indexOf(' ') + 1));
    }

    /** Removes the files that were written before and are not among the new ones. */
    void removeOthers(List<Path> now) throws IOException {
        for (String line : files) {
            Path file = path(line);
            if (!now.contains(file)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
