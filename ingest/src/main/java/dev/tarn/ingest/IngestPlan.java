package dev.tarn.ingest;

import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.spi.Storage.StoredFile;
import java.util.List;
import java.util.Optional;

/**
 * What a source would land now.
 *
 * @param files new ones, and ones that were refused before and have changed since, by location
 * @param unchanged how many files have landed before as they are
 * @param changed files that changed after they landed: they are reported and left alone
 * @param gone positions of files that are not there any more; only where everything lands anew, and
 *     these do not
 */
public record IngestPlan(
        Node.Source source,
        List<PlannedFile> files,
        int unchanged,
        List<StoredFile> changed,
        List<Versioned> gone) {
    public IngestPlan {
        files = List.copyOf(files);
        changed = List.copyOf(changed);
        gone = List.copyOf(gone);
    }

    /** Whether there is nothing to land. */
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /**
     * One file to land.
     *
     * @param name what the file is called in {@code _file} and in its position: relative to the
     *     project when it lies in it
     * @param position the entry that will say that it landed
     * @param seen what that entry says now
     */
    public record PlannedFile(
            StoredFile file, String name, EntryKey position, Optional<Versioned> seen) {}
}
