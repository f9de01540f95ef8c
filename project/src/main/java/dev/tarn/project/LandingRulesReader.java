package dev.tarn.project;

import dev.tarn.model.graph.LandingRules;
import dev.tarn.model.graph.LandingRules.Deduplication;
import dev.tarn.model.graph.LandingRules.EventTime;
import dev.tarn.model.graph.LandingRules.Expectation;
import dev.tarn.model.graph.LandingRules.Otherwise;
import dev.tarn.model.graph.LandingRules.Scope;
import dev.tarn.model.table.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what an {@code ingest:} block says of rows before they land. */
final class LandingRulesReader {
    private static final List<String> KINDS =
            List.of("not_null", "unique", "accepted_values", "rows", "batch");
    private static final Map<String, Otherwise> OTHERWISE =
            Map.of(
                    "quarantine", Otherwise.QUARANTINE,
                    "hold", Otherwise.HOLD,
                    "warn", Otherwise.WARN);

    private final Problems problems;
    private final ConnectorReader values;

    LandingRulesReader(Problems problems) {
        this.problems = problems;
        this.values = new ConnectorReader(problems);
    }

    LandingRules read(YamlSection block) {
        List<Expectation> expectations = new ArrayList<>();
        for (YamlSection item : block.sections("expect", "An expectation")) {
            expectations.addAll(expectations(item));
        }
        return new LandingRules(
                expectations,
                block.section("deduplicate").map(this::deduplication),
                block.section("event_time").flatMap(this::eventTime));
    }

    private List<Expectation> expectations(YamlSection item) {
        item.accept(KINDS);
        List<String> kinds = KINDS.stream().filter(k -> item.entry(k).isPresent()).toList();
        Optional<Otherwise> said = otherwise(item);
        Optional<String> name = item.text("name");
        List<Expectation> read = new ArrayList<>();
        if (kinds.size() != 1) {
            problems.add(ProjectErrors.expectationKinds(item.place(), KINDS));
        } else {
            read.addAll(of(kinds.getFirst(), item, name, said));
        }
        item.refuseOthers();
        return read;
    }

    private List<Expectation> of(
            String kind, YamlSection item, Optional<String> name, Optional<Otherwise> said) {
        Otherwise rows = said.orElse(Otherwise.QUARANTINE);
        return switch (kind) {
            case "not_null" ->
                    item.texts("not_null").stream()
                            .map(c ->
                                    new Expectation(
                                            name.orElse("'" + c + "' is not null"),
                                            Scope.ROW,
                                            Type.quoted(c) + " is not null",
                                            rows))
                            .toList();
            case "unique" -> {
                List<String> columns = item.texts("unique");
                String list = columns.stream().map(Type::quoted).collect(Collectors.joining(", "));
                yield batch(
                        item,
                        "count(*) = count(distinct (%s))".formatted(list),
                        name.orElse("'" + String.join("', '", columns) + "' once a batch"),
                        said);
            }
            case "accepted_values" -> accepted(item, name, rows);
            case "rows" ->
                    item.text("rows").stream()
                            .map(sql -> new Expectation(name.orElse(sql), Scope.ROW, sql, rows))
                            .toList();
            default ->
                    item.text("batch").stream()
                            .flatMap(sql -> batch(item, sql, name.orElse(sql), said).stream())
                            .toList();
        };
    }

    private List<Expectation> accepted(YamlSection item, Optional<String> name, Otherwise rows) {
        List<Expectation> read = new ArrayList<>();
        Optional<YamlSection> columns = item.section("accepted_values");
        if (columns.isPresent()) {
            for (var column : columns.get().mapping().entries()) {
                List<String> words = columns.get().texts(column.key());
                String list =
                        words.stream()
                                .map(w -> "'" + w.replace("'", "''") + "'")
                                .collect(Collectors.joining(", "));
                read.add(
                        new Expectation(
                                name.orElse(
                                        "'%s' is one of %s"
                                                .formatted(column.key(), String.join(", ", words))),
                                Scope.ROW,
                                "cast(%s as varchar) in (%s)"
                                        .formatted(Type.quoted(column.key()), list),
                                rows));
            }
        }
        return read;
    }

    private List<Expectation> batch(
            YamlSection item, String condition, String name, Optional<Otherwise> said) {
        Otherwise otherwise = said.orElse(Otherwise.HOLD);
        if (otherwise == Otherwise.QUARANTINE) {
            problems.add(
                    ProjectErrors.ingestValue(
                            item.entry("otherwise").orElseThrow().place(),
                            "'otherwise' of a batch",
                            "quarantine",
                            "hold or warn"));
        }
        return List.of(new Expectation(name, Scope.BATCH, condition, otherwise));
    }

    private Optional<Otherwise> otherwise(YamlSection item) {
        Optional<String> word = item.text("otherwise");
        if (word.isEmpty()) {
            return Optional.empty();
        }
        Otherwise found = OTHERWISE.get(word.get().toLowerCase(Locale.ROOT));
        if (found == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            item.entry("otherwise").orElseThrow().place(),
                            item.what() + " 'otherwise'",
                            word.get(),
                            OTHERWISE.keySet()));
        }
        return Optional.ofNullable(found);
    }

    private Deduplication deduplication(YamlSection section) {
        List<String> key = section.texts("key");
        if (key.isEmpty()) {
            problems.add(YamlErrors.missingKey(section.place(), section.what(), "key"));
        }
        Optional<Duration> within = values.duration(section, "within");
        section.refuseOthers();
        return new Deduplication(key, within);
    }

    private Optional<EventTime> eventTime(YamlSection section) {
        Optional<String> column = section.required("column");
        Duration lateness = values.duration(section, "lateness").orElse(Duration.ZERO);
        section.refuseOthers();
        return column.map(c -> new EventTime(c, lateness));
    }
}
