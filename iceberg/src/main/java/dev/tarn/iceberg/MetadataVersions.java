package dev.tarn.iceberg;

import dev.tarn.model.TarnException;
import dev.tarn.spi.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadataParser;

/**
 * The metadata files in a table's folder, by their versions: {@code 00003-….metadata.json} as
 * catalogs name them, {@code v3.metadata.json} as file systems do, compressed or not.
 */
final class MetadataVersions {
    private static final Pattern NAME =
            Pattern.compile("v?(\\d{1,18})(?:-.*)?(?:\\.gz)?\\.metadata\\.json(?:\\.gz)?");
    private static final int MOST_TRIED = 20;
    private static final long UNNUMBERED = -1;

    private final Storage storage;

    MetadataVersions(Storage storage) {
        this.storage = storage;
    }

    private record Version(long number, Storage.StoredFile file) {}

    /**
     * The metadata file that is the table now.
     *
     * @param location a table's folder, its metadata folder, or a metadata file
     * @return empty if there is none
     */
    Optional<String> newest(String location) {
        String place = StorageFileIo.normalized(location).replaceAll("/+$", "");
        if (nameOf(place).matches(".+\\.metadata\\.json(\\.gz)?")) {
            return storage.find(place).map(Storage.StoredFile::location);
        }
        String folder = place.endsWith("/metadata") ? place : place + "/metadata";
        List<Version> versions = versions(folder);
        Optional<Long> hint = hint(folder);
        return versions.stream()
                .filter(v -> hint.isEmpty() || v.number() == hint.get())
                .findFirst()
                .or(() -> versions.stream().findFirst())
                .map(v -> v.file().location());
    }

    /** The newest older version that can be read; empty text if there is none. */
    String lastGood(String broken) {
        String place = StorageFileIo.normalized(broken);
        int slash = place.lastIndexOf('/');
        Matcher name = NAME.matcher(nameOf(place));
        if (slash < 0 || !name.matches()) {
            return "";
        }
        long number = Long.parseLong(name.group(1));
        StorageFileIo io = new StorageFileIo(storage);
        return versions(place.substring(0, slash)).stream()
                .filter(v -> v.number() <= number && !v.file().location().equals(place))
                .limit(MOST_TRIED)
                .map(v -> v.file().location())
                .filter(location -> isGood(io, location))
                .findFirst()
                .orElse("");
    }

    private static boolean isGood(StorageFileIo io, String location) {
        try {
            TableMetadataParser.read(io.newInputFile(location));
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Newest first. */
    private List<Version> versions(String folder) {
        return storage.list(folder).stream()
                .flatMap(file -> version(file).stream())
                .sorted(
                        Comparator.comparingLong(Version::number)
                                .thenComparing(v -> v.file().modified())
                                .reversed())
                .toList();
    }

    private static Optional<Version> version(Storage.StoredFile file) {
        Matcher name = NAME.matcher(nameOf(file.location()));
        if (name.matches()) {
            return Optional.of(new Version(Long.parseLong(name.group(1)), file));
        }
        boolean unnumbered = nameOf(file.location()).matches(".+\\.metadata\\.json(\\.gz)?");
        return unnumbered ? Optional.of(new Version(UNNUMBERED, file)) : Optional.empty();
    }

    /** What file-system catalogs say the version is. */
    private Optional<Long> hint(String folder) {
        String file = folder + "/version-hint.text";
        if (storage.find(file).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = storage.open(file)) {
            String text = new String(in.readNBytes(64), StandardCharsets.UTF_8).strip();
            return text.matches("\\d{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
        } catch (IOException | TarnException e) {
            return Optional.empty();
        }
    }

    private static String nameOf(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
