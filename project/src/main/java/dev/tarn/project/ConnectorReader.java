package dev.tarn.project;

import dev.tarn.model.graph.Budget;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Flush;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.FileWriting;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what an {@code ingest:} block says of a connector. */
final class ConnectorReader {
    /** What every connector has; the other keys are the connector's own settings. */
    static final List<String> SHARED =
            List.of(
                    "connector",
                    "mode",
                    "cursor",
                    "lag",
                    "write",
                    "key",
                    "flush",
                    "rate_limit",
                    "budget",
                    "schema_policy",
                    "column_types",
                    "partition_by",
                    "expect",
                    "deduplicate",
                    "event_time");

    private static final Map<String, Mode> MODES =
            Map.of(
                    "snapshot", Mode.SNAPSHOT,
                    "incremental", Mode.INCREMENTAL,
                    "cdc", Mode.LOG,
                    "log", Mode.LOG);
    private static final Map<String, Write> WRITES =
            Map.of(
                    "append", Write.APPEND,
                    "upsert", Write.UPSERT,
                    "delete+insert", Write.DELETE_INSERT,
                    "scd1", Write.SCD1,
                    "scd2", Write.SCD2);
    private static final Pattern DURATION =
            Pattern.compile("(\\d+)\\s*(ms|s|m|h|d|seconds?|minutes?|hours?|days?)?");
    private static final int MOST_CONNECTIONS = 1000;
    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(k|m|g)?i?b?");

    private final Problems problems;

    ConnectorReader(Problems problems) {
        this.problems = problems;
    }

    ConnectorSpec read(YamlSection block, String connector) {
        Map<String, String> settings = new TreeMap<>();
        for (Entry entry : block.mapping().entries()) {
            if (!SHARED.contains(entry.key())) {
                setting(settings, entry.key(), entry.value());
            }
        }
        Optional<String> cursor = block.text("cursor");
        Optional<Mode> mode = oneOf(block, "mode", MODES);
        List<String> key = block.texts("key");
        Optional<Write> write = oneOf(block, "write", WRITES);
        Duration lag = duration(block, "lag").orElse(Duration.ZERO);
        return new ConnectorSpec(
                connector,
                settings,
                mode.or(() -> cursor.map(c -> Mode.INCREMENTAL)),
                cursor,
                lag,
                write.orElse(key.isEmpty() ? Write.APPEND : Write.UPSERT),
                key,
                flush(block),
                number(block, "rate_limit"));
    }

    /** How rows of files change their table. */
    FileWriting ofFiles(YamlSection block) {
        Optional<Mode> mode = oneOf(block, "mode", MODES);
        List<String> key = block.texts("key");
        Optional<String> cursor = block.text("cursor");
        Optional<Write> said = oneOf(block, "write", WRITES);
        Write write = said.orElse(key.isEmpty() ? Write.APPEND : Write.UPSERT);
        boolean mirror = mode.equals(Optional.of(Mode.SNAPSHOT));
        if (mode.isPresent() && !mirror) {
            wrong(
                    block,
                    "mode",
                    block.text("mode").orElseThrow(),
                    "snapshot, or left out: then each file lands once");
        }
        for (String other : List.of("key", "write", "cursor", "deduplicate")) {
            if (mirror && block.entry(other).isPresent()) {
                problems.add(
                        ProjectErrors.notWithSnapshots(
                                block.entry(other).orElseThrow().place(), other));
            }
        }
        if (!mirror && key.isEmpty() && (write != Write.APPEND || cursor.isPresent())) {
            problems.add(
                    ProjectErrors.needsKey(
                            block.entry(write == Write.APPEND ? "cursor" : "write")
                                    .orElseThrow()
                                    .place(),
                            write == Write.APPEND ? "cursor" : "write"));
        }
        return new FileWriting(mirror, write, key, cursor);
    }

    /** Lists are joined by commas; the keys of mappings follow a dot. */
    static void setting(Map<String, String> settings, String key, YamlValue value) {
        switch (value) {
            case Scalar scalar -> {
                if (!scalar.isNull()) {
                    settings.put(key, scalar.text());
                }
            }
            case Sequence sequence ->
                    settings.put(
                            key,
                            String.join(
                                    ",",
                                    sequence.items().stream()
                                            .map(i -> String.valueOf(i.plain()))
                                            .toList()));
            case Mapping mapping ->
                    mapping.entries()
                            .forEach(e -> setting(settings, key + "." + e.key(), e.value()));
        }
    }

    private Flush flush(YamlSection block) {
        Optional<YamlSection> section = block.section("flush");
        if (section.isEmpty()) {
            return Flush.STANDARD;
        }
        Flush flush =
                new Flush(
                        number(section.get(), "rows").orElse(Flush.STANDARD.rows()),
                        size(section.get(), "bytes").orElse(Flush.STANDARD.bytes()),
                        duration(section.get(), "every").orElse(Flush.STANDARD.every()));
        section.get().refuseOthers();
        return flush;
    }

    /**
     * What reading may cost the source.
     *
     * @param files whether files are read, whose rows cost the source nothing
     */
    Budget budget(YamlSection block, boolean files) {
        Optional<YamlSection> section = block.section("budget");
        if (section.isEmpty()) {
            return Budget.UNLIMITED;
        }
        YamlSection budget = section.get();
        if (files) {
            budget.entry("rows")
                    .ifPresent(e -> problems.add(ProjectErrors.budgetOfFiles(e.place())));
        }
        OptionalLong connections = number(budget, "connections");
        if (connections.isPresent() && connections.getAsLong() > MOST_CONNECTIONS) {
            wrong(
                    budget,
                    "connections",
                    String.valueOf(connections.getAsLong()),
                    "a whole number up to " + MOST_CONNECTIONS);
        }
        Budget read =
                new Budget(
                        number(budget, "rows"),
                        size(budget, "bytes").map(OptionalLong::of).orElse(OptionalLong.empty()),
                        connections.isPresent()
                                ? OptionalInt.of(
                                        (int) Math.min(MOST_CONNECTIONS, connections.getAsLong()))
                                : OptionalInt.empty());
        budget.refuseOthers();
        return read;
    }

    private OptionalLong number(YamlSection block, String key) {
        Optional<String> text = block.text(key);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = text.get().replace("_", "");
        if (digits.matches("[1-9]\\d{0,17}")) {
            return OptionalLong.of(Long.parseLong(digits));
        }
        wrong(block, key, text.get(), "a whole number above 0");
        return OptionalLong.empty();
    }

    private Optional<Long> size(YamlSection block, String key) {
        Optional<String> text = block.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = SIZE.matcher(text.get().toLowerCase(Locale.ROOT).strip());
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            wrong(block, key, text.get(), "a size such as 64MB");
            return Optional.empty();
        }
        int shift =
                switch (matcher.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    case null, default -> 0;
                };
        return Optional.of(Math.max(1, Long.parseLong(matcher.group(1)) << shift));
    }

    Optional<Duration> duration(YamlSection block, String key) {
        Optional<String> text = block.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = DURATION.matcher(text.get().toLowerCase(Locale.ROOT).strip());
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            wrong(block, key, text.get(), "a time such as 5 minutes");
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return Optional.of(
                unit.equals("ms")
                        ? Duration.ofMillis(count)
                        : switch (unit.charAt(0)) {
                            case 'm' -> Duration.ofMinutes(count);
                            case 'h' -> Duration.ofHours(count);
                            case 'd' -> Duration.ofDays(count);
                            default -> Duration.ofSeconds(count);
                        });
    }

    private void wrong(YamlSection block, String key, String found, String wanted) {
        problems.add(
                ProjectErrors.ingestValue(
                        block.entry(key).orElseThrow().place(),
                        block.what() + " '" + key + "'",
                        found,
                        wanted));
    }

    private <T> Optional<T> oneOf(YamlSection block, String key, Map<String, T> words) {
        Optional<String> word = block.text(key);
        if (word.isEmpty()) {
            return Optional.empty();
        }
        T value = words.get(word.get().toLowerCase(Locale.ROOT));
        if (value == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            block.entry(key).orElseThrow().place(),
                            block.what() + " '" + key + "'",
                            word.get(),
                            words.keySet()));
        }
        return Optional.ofNullable(value);
    }
}
