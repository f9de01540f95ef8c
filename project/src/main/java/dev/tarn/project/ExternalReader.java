package dev.tarn.project;

import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.project.YamlValue.Entry;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the {@code external:} block of a source's table. Packages use blocks of this name for
 * things of their own, so one without both {@code location} and {@code format} is not ours.
 */
final class ExternalReader {
    private static final Set<String> FORMATS =
            Set.of("delta", "hudi", "iceberg", "parquet", "avro", "csv", "json", "orc");

    private final Problems problems;

    ExternalReader(Problems problems) {
        this.problems = problems;
    }

    Optional<ExternalSpec> read(YamlSection block) {
        Optional<String> location = block.text("location");
        Optional<String> format = block.text("format").map(text -> text.toLowerCase(Locale.ROOT));
        if (location.isEmpty() || format.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> zone = block.text("time_zone");
        block.accept(List.of("options", "partitions", "table_properties", "auto_create_table"));
        block.refuseOthers();
        if (!FORMATS.contains(format.get())) {
            problems.add(
                    YamlErrors.notOneOf(
                            block.entry("format").map(Entry::place).orElse(block.place()),
                            block.what() + " 'format'",
                            format.get(),
                            FORMATS));
            return Optional.empty();
        }
        if (zone.isPresent() && !isZone(zone.get())) {
            problems.add(
                    ProjectErrors.timeZone(
                            block.entry("time_zone").map(Entry::place).orElse(block.place()),
                            zone.get()));
        }
        return Optional.of(new ExternalSpec(location.get(), format, zone, block.place()));
    }

    private static boolean isZone(String name) {
        try {
            ZoneId.of(name);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
