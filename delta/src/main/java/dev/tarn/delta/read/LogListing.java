package dev.tarn.delta.read;

import dev.tarn.spi.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is in a table's {@code _delta_log}. The hint {@code _last_checkpoint} is not looked at: the
 * names of the files say the same and are never wrong.
 *
 * @param commits by version
 * @param checkpoints whole ones, by version
 */
record LogListing(
        String table,
        TreeMap<Long, Storage.StoredFile> commits,
        TreeMap<Long, List<Storage.StoredFile>> checkpoints) {
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT =
            Pattern.compile(
                    "(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10})|\\.[0-9a-fA-F-]{36})?\\.(parquet|json)");

    /** What to read for one version: a checkpoint, if there is one, and the commits after it. */
    record Way(
            long version, List<Storage.StoredFile> checkpoint, List<Storage.StoredFile> commits) {}

    static LogListing of(Storage storage, String table) {
        TreeMap<Long, Storage.StoredFile> commits = new TreeMap<>();
        TreeMap<Long, List<Storage.StoredFile>> single = new TreeMap<>();
        Map<Long, Map<String, List<Storage.StoredFile>>> parts = new HashMap<>();
        String folder = table + "/_delta_log";
        for (Storage.StoredFile file : storage.list(folder)) {
            if (!file.location().startsWith(folder + "/")
                    || file.location().indexOf('/', folder.length() + 1) >= 0) {
                continue;
            }
            String name = file.location().substring(folder.length() + 1);
            Matcher commit = COMMIT.matcher(name);
            Matcher checkpoint = CHECKPOINT.matcher(name);
            if (commit.matches()) {
                commits.put(Long.parseLong(commit.group(1)), file);
            } else if (checkpoint.matches()) {
                long version = Long.parseLong(checkpoint.group(1));
                if (checkpoint.group(2) == null) {
                    single.put(version, List.of(file));
                } else {
                    parts.computeIfAbsent(version, v -> new HashMap<>())
                            .computeIfAbsent(checkpoint.group(3), n -> new ArrayList<>())
                            .add(file);
                }
            }
        }
        parts.forEach((version, bySize) ->
                bySize.forEach((count, files) -> {
                    if (files.size() == Integer.parseInt(count)) {
                        single.putIfAbsent(version, files);
                    }
                }));
        return new LogListing(table, commits, single);
    }

    boolean isEmpty() {
        return commits.isEmpty() && checkpoints.isEmpty();
    }

    long newest() {
        long commit = commits.isEmpty() ? -1 : commits.lastKey();
        return Math.max(commit, checkpoints.isEmpty() ? -1 : checkpoints.lastKey());
    }

    private long oldest() {
        if (commits.containsKey(0L)) {
            return 0;
        }
        return checkpoints.isEmpty() ? newest() : checkpoints.firstKey();
    }

    /** How to come to a version; refuses where commits are missing on the way. */
    Way to(long version) {
        if (isEmpty()) {
            throw ReadErrors.noTable(table);
        }
        if (version > newest()) {
            throw ReadErrors.noVersion(table, version, oldest(), newest());
        }
        Optional<Map.Entry<Long, List<Storage.StoredFile>>> start =
                Optional.ofNullable(checkpoints.floorEntry(version));
        long next = start.map(s -> s.getKey() + 1).orElse(0L);
        if (start.isEmpty() && !commits.containsKey(0L) && !checkpoints.isEmpty()) {
            throw ReadErrors.noVersion(table, version, oldest(), newest());
        }
        List<Storage.StoredFile> way = new ArrayList<>();
        for (long v = next; v <= version; v++) {
            Storage.StoredFile commit = commits.get(v);
            if (commit == null) {
                throw ReadErrors.gap(table, v, newest());
            }
            way.add(commit);
        }
        return new Way(version, start.map(Map.Entry::getValue).orElse(List.of()), way);
    }
}
