package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.ExternalSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The databases that a profile attaches. The warehouse is one database, so their schemas are
 * schemas of it, with the database's name in front; any other name of a database means nothing.
 */
final class Databases {
    /** Under what a target tells of them. */
    static final String KEY = "attach";

    /** Under what a target tells of the profile's own file. */
    static final String PATH = "path";

    private final Map<String, Attached> attached = new LinkedHashMap<>();

    /**
     * A database that a profile attaches.
     *
     * @param path a file; relative to the project or absolute
     * @param type such as {@code duckdb}
     */
    record Attached(String alias, String path, String type) {
        Map<Object, @Nullable Object> asMap() {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            map.put("alias", alias);
            map.put("path", path);
            map.put("type", type);
            return map;
        }
    }

    /** Those of a target, as {@code profiles.yml} gave them. */
    static Databases of(Map<Object, @Nullable Object> target) {
        Databases databases = new Databases();
        if (target.get(KEY) instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> map) {
                    String alias = String.valueOf(map.get("alias"));
                    databases.attached.put(
                            alias.toLowerCase(Locale.ROOT),
                            new Attached(
                                    alias,
                                    String.valueOf(map.get("path")),
                                    String.valueOf(map.get("type"))));
                }
            }
        }
        return databases;
    }

    /**
     * What the database is called where the profile's file is one: as the file, without its ending.
     */
    static Optional<String> home(Map<Object, @Nullable Object> target) {
        return target.get(PATH) instanceof String path
                ? Optional.of(named(path))
                : Optional.empty();
    }

    /** What a database is called that has no name but its file's. */
    static String named(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return path.equals(":memory:") ? "memory" : file.replaceFirst("[.][^.]*$", "");
    }

    static List<Object> facts(List<Attached> attached) {
        List<Object> facts = new ArrayList<>();
        attached.forEach(a -> facts.add(a.asMap()));
        return facts;
    }

    private Optional<Attached> find(@Nullable Object name) {
        return name == null
                ? Optional.empty()
                : Optional.ofNullable(attached.get(name.toString().toLowerCase(Locale.ROOT)));
    }

    /** What templates are told a database is called. */
    String name(@Nullable Object wanted) {
        return find(wanted).map(Attached::alias).orElse(RelationValue.DATABASE);
    }

    /** The warehouse's schema that stands for one of a database. */
    String schema(@Nullable Object database, String schema) {
        return find(database).map(a -> a.alias() + "_" + schema).orElse(schema);
    }

    /** Where the rows of a table of an attached database are; empty for the warehouse's own. */
    Optional<ExternalSpec> rows(
            @Nullable Object database, String schema, String table, Place place) {
        return find(database)
                .map(a ->
                        ExternalSpec.attached(
                                SqlNames.always(schema) + "." + SqlNames.always(table),
                                a.path(),
                                a.type(),
                                place));
    }
}
