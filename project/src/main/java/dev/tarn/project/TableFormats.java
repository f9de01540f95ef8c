package dev.tarn.project;

import dev.tarn.model.Place;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a project says about the formats a table can be read in, as properties of the table: {@code
 * formats}, {@code format_version}, {@code change_feed}, {@code transient}, and {@code
 * table_properties} as they are.
 */
final class TableFormats {
    private static final List<String> FORMATS = List.of("iceberg", "delta");
    private static final List<String> VERSIONS = List.of("2", "3");
    private static final List<String> TRUTHS = List.of("true", "false");

    private TableFormats() {}

    /**
     * @param place of the node, for what has no place of its own
     */
    static Map<String, String> properties(Settings settings, Place place, Problems problems) {
        Map<String, String> properties = settings.textMap("table_properties", problems);
        List<String> formats =
                settings.texts("formats", problems).stream()
                        .flatMap(text -> List.of(text.split(",")).stream())
                        .map(text -> text.strip().toLowerCase(Locale.ROOT))
                        .toList();
        if (!formats.isEmpty()) {
            Place at = settings.place("formats", place);
            for (String format : formats) {
                requireOneOf(FORMATS, "formats", format, at, problems);
            }
            properties.put("tarn.formats", String.join(",", formats));
        }
        one(settings, "format_version", VERSIONS, "format-version", place, properties, problems);
        one(settings, "change_feed", TRUTHS, "tarn.change-feed", place, properties, problems);
        withoutHistory(settings, place, properties, problems);
        return Collections.unmodifiableMap(properties);
    }

    /** A transient table keeps no history, unless its properties say how much it keeps. */
    private static void withoutHistory(
            Settings settings, Place place, Map<String, String> properties, Problems problems) {
        settings.text("transient", problems)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .ifPresent(text -> {
                    Place at = settings.place("transient", place);
                    requireOneOf(TRUTHS, "transient", text, at, problems);
                    if (text.equals("true")) {
                        properties.putIfAbsent("tarn.history", "none");
                    }
                });
    }

    private static void one(
            Settings settings,
            String key,
            List<String> words,
            String property,
            Place place,
            Map<String, String> properties,
            Problems problems) {
        settings.text(key, problems)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .ifPresent(text -> {
                    requireOneOf(words, key, text, settings.place(key, place), problems);
                    properties.put(property, text);
                });
    }

    private static void requireOneOf(
            List<String> words, String key, String found, Place place, Problems problems) {
        if (!words.contains(found)) {
            problems.add(YamlErrors.notOneOf(place, "Setting '" + key + "'", found, words));
        }
    }
}
