package dev.tarn.project;

import dev.tarn.model.graph.Budget;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.FileWriting;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.graph.LandingRules;
import dev.tarn.model.table.PartitionField;
import dev.tarn.project.YamlValue.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code ingest:} block of a source's table. */
final class IngestReader {
    private static final Map<String, Format> FORMATS =
            Map.ofEntries(
                    Map.entry("csv", Format.CSV),
                    Map.entry("tsv", Format.TSV),
                    Map.entry("json", Format.JSON),
                    Map.entry("ndjson", Format.NDJSON),
                    Map.entry("jsonl", Format.NDJSON),
                    Map.entry("parquet", Format.PARQUET),
                    Map.entry("avro", Format.AVRO),
                    Map.entry("orc", Format.ORC),
                    Map.entry("excel", Format.EXCEL),
                    Map.entry("xlsx", Format.EXCEL));
    private static final Map<String, SchemaPolicy> POLICIES =
            Map.of(
                    "evolve", SchemaPolicy.EVOLVE,
                    "quarantine", SchemaPolicy.QUARANTINE,
                    "hold", SchemaPolicy.HOLD);

    /** Settings of tables that no connector has. */
    private static final Set<String> OF_THE_TABLE =
            Set.of("table_properties", "format_version", "change_feed");

    private final Problems problems;

    IngestReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * The block; empty when it lacks what it needs.
     *
     * @param shared what the source says for all of its tables
     */
    Optional<IngestSpec> read(YamlSection own, Optional<YamlValue.Mapping> shared) {
        YamlSection block =
                withoutTableSettings(
                        shared.isEmpty()
                                ? own
                                : own.with(withDefaults(own.mapping(), shared.get())));
        Optional<String> connector = block.text("connector");
        return connector.isEmpty() ? files(block) : Optional.of(connected(block, connector.get()));
    }

    private YamlSection withoutTableSettings(YamlSection block) {
        List<Entry> rest = new ArrayList<>();
        for (Entry entry : block.mapping().entries()) {
            if (OF_THE_TABLE.contains(entry.key())) {
                problems.add(ProjectErrors.ofTheTable(entry.place(), block.what(), entry.key()));
            } else {
                rest.add(entry);
            }
        }
        return block.with(new YamlValue.Mapping(block.place(), rest));
    }

    private static YamlValue.Mapping withDefaults(YamlValue.Mapping own, YamlValue.Mapping shared) {
        List<Entry> entries = new ArrayList<>(own.entries());
        shared.entries().stream().filter(e -> own.find(e.key()).isEmpty()).forEach(entries::add);
        return new YamlValue.Mapping(own.place(), entries);
    }

    private IngestSpec connected(YamlSection block, String connector) {
        IngestSpec spec = plainlyConnected(block, connector);
        checkDeduplication(block, spec.rules(), spec.write());
        return spec;
    }

    private void checkDeduplication(YamlSection block, LandingRules rules, Write write) {
        if (rules.deduplication().isPresent() && write != Write.APPEND) {
            problems.add(
                    ProjectErrors.deduplicated(
                            block.entry("deduplicate").orElseThrow().place(),
                            write.name().toLowerCase(Locale.ROOT).replace('_', '+')));
        }
    }

    private IngestSpec plainlyConnected(YamlSection block, String connector) {
        Optional<SchemaPolicy> policy = oneOf(block, "schema_policy", POLICIES);
        return new IngestSpec(
                        "",
                        Optional.empty(),
                        policy.orElse(SchemaPolicy.EVOLVE),
                        Map.of(),
                        block.textMap("column_types"),
                        partitioning(block),
                        block.place())
                .withConnector(new ConnectorReader(problems).read(block, connector))
                .withRules(new LandingRulesReader(problems).read(block))
                .withBudget(new ConnectorReader(problems).budget(block, false));
    }

    private Optional<IngestSpec> files(YamlSection block) {
        Optional<Entry> location = block.entry("location").or(() -> block.entry("path"));
        if (location.isEmpty()) {
            problems.add(YamlErrors.missingKey(block.place(), block.what(), "location"));
        }
        Optional<String> where = block.text("location").or(() -> block.text("path"));
        Optional<Format> format = oneOf(block, "format", FORMATS);
        Optional<SchemaPolicy> policy = oneOf(block, "schema_policy", POLICIES);
        Map<String, String> options = block.textMap("options");
        Map<String, String> types = block.textMap("column_types");
        List<PartitionField> partitioning = partitioning(block);
        LandingRules rules = new LandingRulesReader(problems).read(block);
        Budget budget = new ConnectorReader(problems).budget(block, true);
        FileWriting writing = new ConnectorReader(problems).ofFiles(block);
        checkDeduplication(block, rules, writing.write());
        block.refuseOthers();
        return where.map(w ->
                new IngestSpec(
                                w,
                                format,
                                policy.orElse(SchemaPolicy.EVOLVE),
                                options,
                                types,
                                partitioning,
                                block.place())
                        .withFileWriting(writing)
                        .withRules(rules)
                        .withBudget(budget));
    }

    private List<PartitionField> partitioning(YamlSection block) {
        List<PartitionField> fields = new ArrayList<>();
        Optional<Entry> entry = block.entry("partition_by");
        for (String text : block.texts("partition_by")) {
            TableLayout.partition(text)
                    .ifPresentOrElse(
                            fields::add,
                            () ->
                                    problems.add(
                                            ProjectErrors.partition(
                                                    entry.orElseThrow().place(), text)));
        }
        return fields;
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
