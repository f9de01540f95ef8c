package dev.tarn.project;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Results of earlier compiles under keys that sum up everything they depend on, so that what did
 * not change is not worked out again. Kept in one file between processes; a file that is damaged,
 * or that another version of the program wrote, counts as none. Safe for use by many threads.
 */
public final class CompileCache {
    private final Optional<CacheFile> file;
    private final Map<CacheKey, CacheFile.Kept> kept;
    private final ConcurrentMap<CacheKey, byte[]> added = new ConcurrentHashMap<>();
    private final Set<CacheKey> used = ConcurrentHashMap.newKeySet();
    private int saved;

    private CompileCache(Optional<CacheFile> file, Map<CacheKey, CacheFile.Kept> kept) {
        this.file = file;
        this.kept = kept;
    }

    /** Remembers nothing beyond itself. */
    public static CompileCache none() {
        return new CompileCache(Optional.empty(), Map.of());
    }

    /**
     * Reads what is remembered; nothing, when there is no file or it is of no use.
     *
     * @param program what tells this version of the program, its libraries included, from others
     */
    public static CompileCache open(java.nio.file.Path file, String program) {
        CacheFile stored = new CacheFile(file, program);
        return new CompileCache(Optional.of(stored), stored.read());
    }

    /** A remembered result; a text that cannot be read counts as none. */
    <T> Optional<T> find(CacheKey key, Function<CacheInput, T> reader) {
        byte[] fresh = added.get(key);
        CacheFile.Kept old = fresh == null ? kept.get(key) : null;
        if (fresh == null && old == null) {
            return Optional.empty();
        }
        try {
            T value =
                    reader.apply(old == null ? new CacheInput(fresh, 0, fresh.length) : old.open());
            used.add(key);
            return Optional.of(value);
        } catch (CacheInput.Broken e) {
            return Optional.empty();
        }
    }

    void put(CacheKey key, CacheOutput value) {
        if (value.complete()) {
            added.put(key, value.toBytes());
        }
    }

    /**
     * Writes down what is new, for the next process. Results that several compiles in a row had no
     * use for are dropped. Failing to write is no failure: the next compile only takes longer.
     */
    public synchronized void save() {
        if (file.isPresent() && added.size() > saved) {
            saved = added.size();
            file.get().write(kept, used, added);
        }
    }
}
