package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.Values;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code adapter} knows of files, after dbt on DuckDB. */
final class FileFunctions {
    private static final Set<String> IN_QUOTES = Set.of("delimiter", "quote", "escape", "null");

    private FileFunctions() {}

    /** A method by its name, or {@link Missing#VALUE}. */
    static Object find(String name, NodeContext context) {
        return switch (name) {
            case "location_exists" -> (PyCallable) a -> exists(a, context);
            case "external_write_options" -> (PyCallable) FileFunctions::writeOptions;
            case "external_read_location" -> (PyCallable) FileFunctions::readLocation;
            case "get_seed_file_path" -> (PyCallable) FileFunctions::seedPath;
            case "store_relation" ->
                    (PyCallable)
                            a -> {
                                if (context.executes()) {
                                    throw noPlugins(a.text(0, "plugin_name", "") + "");
                                }
                                return "";
                            };
            default -> Missing.VALUE;
        };
    }

    private static TarnException noPlugins(String name) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                ("Plugin '%s' cannot be given a relation: plugins of dbt on DuckDB are programs for"
                                + " Python, which are not run. Leave out 'plugin' and"
                                + " 'glue_register'; other programs read the tables by `tarn serve`,"
                                + " or the file of a model with materialized='external'.")
                        .formatted(name));
    }

    private static boolean exists(Arguments a, NodeContext context) {
        String location = a.requireText(0, "location");
        if (!context.executes()) {
            return false;
        }
        CompileDatabase database = context.database("adapter.location_exists");
        try {
            database.query("select 1 from " + RawColumns.literal(location) + " where 1 = 0");
            return true;
        } catch (TarnException e) {
            return false;
        }
    }

    /** The options of a COPY, for a place and what a model says of it. */
    private static String writeOptions(Arguments a) {
        String place = a.requireText(0, "write_location");
        Map<Object, @Nullable Object> options = options(a);
        if (!options.containsKey("format")) {
            String end = ending(place);
            options.put(
                    "format",
                    !end.isEmpty() ? end : options.containsKey("delimiter") ? "csv" : "parquet");
        }
        if ("csv".equals(options.get("format"))) {
            options.putIfAbsent("header", 1L);
        }
        if (options.get("partition_by") instanceof String names
                && names.contains(",")
                && !names.startsWith("(")) {
            options.put("partition_by", "(" + names + ")");
        }
        List<String> parts = new ArrayList<>();
        options.forEach((key, value) -> {
            String name = Values.text(key);
            String text = Values.text(value);
            boolean quoted =
                    IN_QUOTES.contains(name.toLowerCase(Locale.ROOT)) && !text.startsWith("'");
            parts.add(name + " " + (quoted ? "'" + text + "'" : text));
        });
        return String.join(", ", parts);
    }

    private static Map<Object, @Nullable Object> options(Arguments a) {
        Map<Object, @Nullable Object> options = new LinkedHashMap<>();
        if (a.require(1, "rendered_options") instanceof Map<?, ?> given) {
            given.forEach(options::put);
        }
        return options;
    }

    /** The ending of a file's name in small letters, without its dot. */
    private static String ending(String place) {
        String file = place.substring(place.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
    }

    /** Where what was written can be read: in folders of partitions, or as it is. */
    private static String readLocation(Arguments a) {
        String place = a.requireText(0, "write_location");
        Map<Object, @Nullable Object> options = options(a);
        Object partitions = options.get("partition_by");
        if (!Values.truthy(partitions) && !Values.truthy(options.get("per_thread_output"))) {
            return place;
        }
        int folders = Values.truthy(partitions) ? Values.text(partitions).split(",").length : 0;
        Object format = options.get("format");
        return place
                + "/*"
                + "/*".repeat(folders)
                + "."
                + (format == null ? "parquet" : Values.text(format));
    }

    private static String seedPath(Arguments a) {
        Object model = a.require(0, "model");
        String file = Values.text(Values.item(model, "original_file_path"));
        Object root = Values.item(model, "root_path");
        if (file.startsWith("/") || root == null || root == Missing.VALUE) {
            return file;
        }
        String folder = Values.text(root);
        return folder.isEmpty() || folder.endsWith("/") ? folder + file : folder + "/" + file;
    }
}
