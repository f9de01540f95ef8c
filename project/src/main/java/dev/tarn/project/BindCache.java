package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers the columns of queries. A query's columns follow from its text, the columns of what it
 * reads and the engine; the engine comes with the program. Queries of which that is not certain are
 * never put in, nor are failures.
 */
final class BindCache {
    private final Optional<CompileCache> cache;
    private final Map<TableName, CacheKey> shapes = new HashMap<>();

    BindCache(Optional<CompileCache> cache) {
        this.cache = cache;
    }

    /** Takes note of a relation's columns. No query is looked up meanwhile. */
    void define(TableName name, Schema schema) {
        if (cache.isPresent()) {
            shapes.put(name, new CacheOutput().schema(schema).toKey());
        }
    }

    /**
     * Everything the columns of a query depend on; none when something of that is not known.
     *
     * @param extra what it depends on besides, such as the content of a file
     */
    Optional<CacheKey> key(String sql, Set<TableName> reads, String extra) {
        if (cache.isEmpty()) {
            return Optional.empty();
        }
        CacheOutput out = new CacheOutput().text("bind").text(sql).text(extra);
        for (TableName name : new TreeSet<>(reads)) {
            CacheKey shape = shapes.get(name);
            if (shape == null) {
                return Optional.empty();
            }
            out.text(name.schema()).text(name.table()).key(shape);
        }
        return Optional.of(out.toKey());
    }

    Optional<Schema> find(CacheKey key) {
        return cache.flatMap(c -> c.find(key, CacheInput::schema));
    }

    void put(CacheKey key, Schema schema) {
        cache.ifPresent(c -> c.put(key, new CacheOutput().schema(schema)));
    }
}
