package dev.tarn.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Storage.StoredFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of one log. A version is one file that exists or does not; whoever makes it first has
 * made it. That is all the locking there is.
 */
final class DeltaLog {
    static final String FOLDER = "_delta_log";

    /** Where rows are that a version changed, for readers of change feeds. */
    static final String CHANGES_FOLDER = "_change_data";

    private static final String HINT = "_last_checkpoint";
    private static final String CHECKPOINT = ".checkpoint.parquet";
    private static final Pattern NUMBERED = Pattern.compile("(\\d{20})\\.(json|checkpoint\\..*)");
    private static final Pattern CHANGES = Pattern.compile("cdc-(\\d{20})-.*\\.parquet");

    private final Storage storage;
    private final String folder;
    private final String changes;

    /**
     * @param home the folder that readers open
     */
    DeltaLog(Storage storage, String home) {
        this.storage = storage;
        this.folder = home + "/" + FOLDER;
        this.changes = home + "/" + CHANGES_FOLDER;
    }

    /**
     * Where a log ends.
     *
     * @param version the newest one
     * @param told what it stands for; empty if somebody else wrote it
     */
    record End(long version, Optional<Told> told) {}

    /** The newest version; empty if there is no log. */
    Optional<End> end() {
        OptionalLong newest = newest();
        return newest.isPresent()
                ? Optional.of(new End(newest.getAsLong(), told(newest.getAsLong())))
                : Optional.empty();
    }

    /** From the newest checkpoint on versions follow each other; without one the folder tells. */
    private OptionalLong newest() {
        OptionalLong checkpoint = checkpoint();
        if (checkpoint.isEmpty()) {
            return files().stream().mapToLong(DeltaLog::version).max();
        }
        long version = checkpoint.getAsLong();
        while (storage.find(commit(version + 1)).isPresent()) {
            version++;
        }
        return OptionalLong.of(version);
    }

    private Optional<Told> told(long version) {
        String location = commit(version);
        if (storage.find(location).isEmpty()) {
            return Optional.empty();
        }
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(storage.open(location), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            return first == null ? Optional.empty() : Told.of(version, first);
        } catch (IOException e) {
            throw DeltaErrors.unreadable(location, e);
        }
    }

    /**
     * Writes a version, unless somebody has it already.
     *
     * @return whether it was written now
     */
    boolean write(long version, List<ObjectNode> actions) {
        return create(commit(version), lines(actions));
    }

    static byte[] lines(List<ObjectNode> actions) {
        StringBuilder text = new StringBuilder();
        actions.forEach(action -> text.append(Json.text(action)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private boolean create(String location, byte[] content) {
        try {
            try (OutputStream out = storage.create(location)) {
                out.write(content);
            }
            return true;
        } catch (TarnException refused) {
            if (refused.code() == ErrorCode.STORAGE_DENIED && storage.find(location).isPresent()) {
                return false;
            }
            throw refused;
        } catch (IOException e) {
            throw DeltaErrors.notWritten(location, e);
        }
    }

    /** The version of the newest checkpoint that readers are told of. */
    OptionalLong checkpoint() {
        String location = folder + "/" + HINT;
        if (storage.find(location).isEmpty()) {
            return OptionalLong.empty();
        }
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(storage.open(location), StandardCharsets.UTF_8))) {
            String text = lines.readLine();
            long version = text == null ? -1 : Json.parse(text).path("version").asLong(-1);
            return version < 0 ? OptionalLong.empty() : OptionalLong.of(version);
        } catch (TarnException | JsonProcessingException e) {
            // It is being replaced right now; the folder tells as much.
            return OptionalLong.empty();
        } catch (IOException e) {
            throw DeltaErrors.unreadable(location, e);
        }
    }

    /** Puts a checkpoint in place and tells readers of it. */
    void checkpoint(long version, Path parquet, long actions) {
        String location = "%s/%020d%s".formatted(folder, version, CHECKPOINT);
        try {
            storage.moveIn(parquet, location);
        } catch (TarnException refused) {
            if (refused.code() != ErrorCode.STORAGE_DENIED || storage.find(location).isEmpty()) {
                throw refused;
            }
        }
        ObjectNode hint = Json.object();
        hint.put("version", version);
        hint.put("size", actions);
        storage.delete(folder + "/" + HINT);
        create(folder + "/" + HINT, Json.text(hint).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Takes the whole log away, the newest version first: whoever reads meanwhile sees a state that
     * was published once.
     */
    void remove() {
        storage.delete(folder + "/" + HINT);
        files().stream()
                .sorted(Comparator.comparingLong(DeltaLog::version).reversed())
                .forEach(file -> storage.delete(file.location()));
        storage.list(changes).forEach(file -> storage.delete(file.location()));
    }

    /** Puts a file of changed rows in place for a version that is about to be written. */
    String changes(long version, Path parquet) {
        String location = "%s/cdc-%020d-%s.parquet".formatted(changes, version, UUID.randomUUID());
        storage.moveIn(parquet, location);
        return location;
    }

    /** Removes a file of changed rows that no version names. */
    void withdraw(String changed) {
        storage.delete(changed);
    }

    /**
     * Removes what is older than a time and not needed to read any state from that time on: such
     * states are read from the last checkpoint before it.
     */
    int forget(Instant olderThan) {
        OptionalLong newest = checkpoint();
        if (newest.isEmpty()) {
            return 0;
        }
        List<StoredFile> all = files();
        OptionalLong first =
                all.stream()
                        .filter(file -> file.location().endsWith(CHECKPOINT))
                        .filter(file -> file.modified().isBefore(olderThan))
                        .mapToLong(DeltaLog::version)
                        .filter(version -> version <= newest.getAsLong())
                        .max();
        if (first.isEmpty()) {
            return 0;
        }
        List<StoredFile> old = new ArrayList<>();
        all.stream().filter(file -> version(file) < first.getAsLong()).forEach(old::add);
        storage.list(changes).stream()
                .filter(file -> number(CHANGES, file) >= 0)
                .filter(file -> number(CHANGES, file) < first.getAsLong())
                .forEach(old::add);
        old.forEach(file -> storage.delete(file.location()));
        return old.size();
    }

    private List<StoredFile> files() {
        return storage.list(folder).stream().filter(file -> version(file) >= 0).toList();
    }

    private static long version(StoredFile file) {
        return number(NUMBERED, file);
    }

    private static long number(Pattern name, StoredFile file) {
        String location = file.location();
        Matcher matcher = name.matcher(location.substring(location.lastIndexOf('/') + 1));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private String commit(long version) {
        return "%s/%020d.json".formatted(folder, version);
    }
}
