package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.AsOf;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;

/**
 * Files of rows that nothing leads to. What leads to them is read from the metadata of every table
 * on every ref by Iceberg's own library.
 */
final class StrayFiles {
    private final FileIO io = new ForeignIceberg.LocalIo();
    private final Set<Path> reached = new HashSet<>();

    private StrayFiles() {}

    static List<Path> in(Tarn tarn, Path warehouse) throws IOException {
        StrayFiles files = new StrayFiles();
        for (Ref ref : tarn.refs()) {
            At at = new At(ref.name(), AsOf.head());
            for (TableName table : tarn.tableNames(at)) {
                if (tarn.history(table, ref.name(), 1).getFirst().value().orElseThrow().entry()
                        instanceof Entry.Table there) {
                    files.reach(there.pointer().metadataLocation());
                }
            }
        }
        try (Stream<Path> all = Files.walk(warehouse)) {
            List<Path> there =
                    all.filter(Files::isRegularFile)
                            .map(Path::toAbsolutePath)
                            .filter(f -> f.resolveSibling(".").normalize().endsWith("data"))
                            .sorted()
                            .toList();
            assertThat(there).containsAll(files.reached);
            return there.stream().filter(f -> !files.reached.contains(f)).toList();
        }
    }

    private void reach(String metadata) throws IOException {
        TableMetadata table = new StaticTableOperations(metadata, io).current();
        for (Snapshot snapshot : table.snapshots()) {
            for (ManifestFile manifest : snapshot.allManifests(io)) {
                try (ManifestReader<? extends ContentFile<?>> entries =
                        manifest.content() == ManifestContent.DATA
                                ? ManifestFiles.read(manifest, io, table.specsById())
                                : ManifestFiles.readDeleteManifest(
                                        manifest, io, table.specsById())) {
                    entries.forEach(file -> reached.add(Path.of(file.location())));
                }
            }
        }
    }
}
