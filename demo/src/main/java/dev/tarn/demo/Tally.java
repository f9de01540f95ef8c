package dev.tarn.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts while one kind of file is written. */
final class Tally {
    private long distinct;
    private long updates;
    private long duplicates;
    private long late;
    private long bad;
    private int files;
    private long bytes;

    void distinctRow() {
        distinct++;
    }

    void updateRow() {
        updates++;
    }

    void duplicateRow() {
        duplicates++;
    }

    void lateRow() {
        late++;
    }

    void badRow() {
        bad++;
    }

    /** A file that is complete. */
    void file(Path file) throws IOException {
        files++;
        bytes += Files.size(file);
    }

    DemoSummary.Counts counts() {
        return new DemoSummary.Counts(distinct, updates, duplicates, late, bad, files, bytes);
    }
}
