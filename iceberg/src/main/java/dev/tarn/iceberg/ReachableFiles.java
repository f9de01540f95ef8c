package dev.tarn.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/** Lists every file that a state needs: what is not on such a list may be cleaned up. */
final class ReachableFiles {
    private ReachableFiles() {}

    /**
     * @param known files that are on such a list already, with all that they lead to
     */
    static List<String> of(TableMetadata table, Set<String> known, FileIO io) {
        Collection<String> locations = new TreeSet<>();
        locations.add(table.metadataFileLocation());
        table.statisticsFiles().forEach(s -> locations.add(s.path()));
        table.partitionStatisticsFiles().forEach(s -> locations.add(s.path()));
        Map<String, ManifestFile> manifests = new LinkedHashMap<>();
        for (Snapshot snapshot : table.snapshots()) {
            String list = snapshot.manifestListLocation();
            if (list != null && known.contains(list)) {
                continue;
            }
            if (list != null) {
                locations.add(list);
            }
            snapshot.allManifests(io).stream()
                    .filter(m -> !known.contains(m.path()))
                    .forEach(m -> manifests.put(m.path(), m));
        }
        locations.addAll(manifests.keySet());
        Parallel.map(List.copyOf(manifests.values()), m -> named(m, table, io))
                .forEach(locations::addAll);
        return List.copyOf(locations);
    }

    private static List<String> named(ManifestFile manifest, TableMetadata table, FileIO io) {
        List<String> locations = new ArrayList<>();
        try (ManifestReader<? extends ContentFile<?>> reader =
                manifest.content() == ManifestContent.DATA
                        ? ManifestFiles.read(manifest, io, table.specsById())
                        : ManifestFiles.readDeleteManifest(manifest, io, table.specsById())) {
            reader.forEach(file -> locations.add(file.location()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return locations;
    }
}
