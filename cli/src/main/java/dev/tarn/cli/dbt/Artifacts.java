package dev.tarn.cli.dbt;

import dev.tarn.app.ColumnFacts;
import dev.tarn.app.Freshness;
import dev.tarn.app.TableReport;
import dev.tarn.cli.output.Json;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.TypeText;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files that dbt leaves in its target folder, for people and for other programs. */
final class Artifacts {
    static final String DBT_VERSION = "1.10.0";

    private static final String SCHEMAS = "https://schemas.getdbt.com/dbt/";
    private static final List<String> SECTIONS =
            List.of("nodes", "sources", "macros", "docs", "exposures", "metrics", "groups");

    private final Path target;
    private final Optional<Path> sourcesFile;
    private final String invocation;
    private final Instant startedAt;
    private final Map<String, String> environment;

    /** What was compiled of analyses, by id. */
    private final Map<String, Analyzed> analyses = new HashMap<>();

    private record Analyzed(String sql, String path) {}

    /**
     * @param environment what is told of the surroundings
     */
    Artifacts(
            Path target,
            Optional<Path> sourcesFile,
            String invocation,
            Instant startedAt,
            Map<String, String> environment) {
        this.target = target;
        this.sourcesFile = sourcesFile;
        this.invocation = invocation;
        this.startedAt = startedAt;
        this.environment = environment;
    }

    private Map<String, @Nullable Object> metadata(String schema, Instant now) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("dbt_schema_version", SCHEMAS + schema + ".json");
        metadata.put("dbt_version", DBT_VERSION);
        metadata.put("generated_at", time(now));
        metadata.put("invocation_id", invocation);
        metadata.put("invocation_started_at", time(startedAt));
        metadata.put("env", environment);
        return metadata;
    }

    static String time(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.MICROS));
    }

    /** {@code manifest.json} and {@code semantic_manifest.json}; code of nodes as far as known. */
    void manifest(Project project, Collection<Node> compiled, Instant now) {
        manifest(project, compiled, Map.of(), now);
    }

    /** By it other programs know a project again; it hides nothing. */
    private static String projectId(String name) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, with what is known of the columns of models. */
    void manifest(
            Project project,
            Collection<Node> compiled,
            Map<NodeId, List<ColumnFacts>> columns,
            Instant now) {
        Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
        Map<String, @Nullable Object> metadata = metadata("manifest/v12", now);
        metadata.put("project_name", project.name());
        metadata.put("project_id", projectId(project.name()));
        metadata.put("user_id", null);
        metadata.put("send_anonymous_usage_stats", false);
        metadata.put("adapter_type", "duckdb");
        Map<String, @Nullable Object> quoting = new LinkedHashMap<>();
        List.of("database", "schema", "identifier").forEach(part -> quoting.put(part, true));
        quoting.put("column", null);
        metadata.put("quoting", quoting);
        manifest.put("metadata", metadata);
        for (String section : SECTIONS) {
            manifest.put(section, section(project, section, compiled));
        }
        ManifestShape.addColumns(manifest.get("nodes"), columns);
        manifest.put("selectors", project.manifest().section("selectors"));
        Map<String, List<Object>> disabled = new LinkedHashMap<>();
        section(project, "disabled", List.of())
                .forEach((key, n) ->
                        disabled.computeIfAbsent(
                                        String.valueOf(n.get("unique_id")), i -> new ArrayList<>())
                                .add(n));
        manifest.put("disabled", disabled);
        Map<String, List<String>> parents = parents(project);
        manifest.put("parent_map", parents);
        manifest.put("child_map", children(parents));
        manifest.put("group_map", groups(project));
        for (String section : List.of("saved_queries", "semantic_models", "unit_tests")) {
            manifest.put(section, section(project, section, compiled));
        }
        if (!project.manifest().section("functions").isEmpty()) {
            manifest.put("functions", section(project, "functions", compiled));
        }
        write("manifest.json", manifest);
        write(
                "semantic_manifest.json",
                Objects.requireNonNullElse(
                        project.manifest().section("semantic_manifest").get("semantic_manifest"),
                        Map.of()));
    }

    private Map<String, Map<Object, @Nullable Object>> section(
            Project project, String section, Collection<Node> compiled) {
        Map<String, Node> byId = new LinkedHashMap<>();
        compiled.forEach(n -> byId.put(n.id().value(), n));
        Map<String, Map<Object, @Nullable Object>> things = new LinkedHashMap<>();
        project.manifest()
                .section(section)
                .forEach((id, facts) -> {
                    Map<Object, @Nullable Object> told =
                            ManifestShape.of(id, facts, project.root());
                    if (told.containsKey("created_at")) {
                        told.put("created_at", startedAt.toEpochMilli() / 1000.0);
                    }
                    Node node = byId.get(id);
                    if (node != null && !id.startsWith("unit_test.")) {
                        code(node).ifPresent(sql -> compiled(told, sql, path(node, facts)));
                    }
                    Analyzed analyzed = analyses.get(id);
                    if (analyzed != null) {
                        compiled(told, analyzed.sql(), analyzed.path());
                    }
                    things.put(id, told);
                });
        return things;
    }

    private static void compiled(Map<Object, @Nullable Object> told, String sql, String path) {
        told.put("compiled", true);
        told.put("compiled_code", sql);
        told.put("extra_ctes_injected", true);
        told.put("extra_ctes", List.of());
        told.put("compiled_path", "target/compiled/" + path);
    }

    static Optional<String> code(Node node) {
        return switch (node) {
            case Node.Model model -> Optional.of(model.sql().sql());
            case Node.Check check -> Optional.of(check.sql().sql());
            case Node.Source source -> Optional.empty();
            case Node.Seed seed -> Optional.empty();
        };
    }

    private static Map<String, List<String>> parents(Project project) {
        Map<String, List<String>> parents = new TreeMap<>();
        for (String section :
                List.of(
                        "nodes",
                        "sources",
                        "exposures",
                        "metrics",
                        "saved_queries",
                        "semantic_models",
                        "unit_tests",
                        "functions")) {
            project.manifest()
                    .section(section)
                    .forEach((id, facts) -> parents.put(id, dependencies(facts)));
        }
        return parents;
    }

    private static List<String> dependencies(Map<?, ?> facts) {
        List<String> ids = new ArrayList<>();
        if (facts.get("depends_on") instanceof Map<?, ?> d && d.get("nodes") instanceof List<?> n) {
            n.forEach(i -> ids.add(String.valueOf(i)));
        }
        return ids;
    }

    private static Map<String, List<String>> children(Map<String, List<String>> parents) {
        Map<String, List<String>> children = new TreeMap<>();
        parents.keySet().forEach(id -> children.put(id, new ArrayList<>()));
        parents.forEach((id, above) ->
                above.forEach(p -> children.computeIfAbsent(p, k -> new ArrayList<>()).add(id)));
        return children;
    }

    private static Map<String, List<String>> groups(Project project) {
        Map<String, List<String>> groups = new TreeMap<>();
        project.manifest()
                .section("groups")
                .values()
                .forEach(g -> groups.put(String.valueOf(g.get("name")), new ArrayList<>()));
        for (String section : List.of("nodes", "saved_queries", "semantic_models", "metrics")) {
            project.manifest()
                    .section(section)
                    .forEach((id, facts) -> {
                        if (facts.get("group") != null) {
                            groups.computeIfAbsent(
                                            String.valueOf(facts.get("group")),
                                            k -> new ArrayList<>())
                                    .add(id);
                        }
                    });
        }
        return groups;
    }

    /** {@code run_results.json}. */
    void runResults(
            List<Map<String, @Nullable Object>> results,
            Map<String, @Nullable Object> args,
            double elapsed,
            Instant now) {
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("metadata", metadata("run-results/v6", now));
        file.put("results", results);
        file.put("elapsed_time", elapsed);
        file.put("args", args);
        write("run_results.json", file);
    }

    /** {@code sources.json}. */
    void sources(List<Freshness.Finding> findings, double elapsed, Instant now) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Freshness.Finding finding : findings) {
            // As in dbt, what could not be looked at is not there.
            if (finding.status() != Freshness.Status.RUNTIME_ERROR) {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("unique_id", finding.source().id().value());
                Instant loaded = finding.loadedAt().orElse(Freshness.NEVER);
                one.put("max_loaded_at", PythonTimes.text(loaded));
                one.put("snapshotted_at", PythonTimes.text(finding.lookedAt()));
                one.put(
                        "max_loaded_at_time_ago_in_s",
                        java.time.Duration.between(loaded, finding.lookedAt()).toMillis() / 1000.0);
                one.put("status", finding.status().name().toLowerCase(Locale.ROOT));
                one.put("criteria", finding.criteria());
                one.put("adapter_response", Map.of());
                one.put("timing", List.of());
                one.put("thread_id", "Thread-1 (worker)");
                one.put("execution_time", 0.0);
                all.add(one);
            }
        }
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("metadata", metadata("sources/v3", now));
        file.put("results", all);
        file.put("elapsed_time", elapsed);
        if (sourcesFile.isPresent()) {
            write(sourcesFile.get(), file);
        } else {
            write("sources.json", file);
        }
    }

    /** {@code catalog.json}: what is really there. */
    void catalog(Project project, Map<Node, TableReport> tables, Instant now) {
        Map<String, Object> nodes = new LinkedHashMap<>();
        Map<String, Object> sources = new LinkedHashMap<>();
        tables.forEach((node, report) ->
                (node instanceof Node.Source ? sources : nodes)
                        .put(node.id().value(), catalogEntry(project, node, report)));
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("metadata", metadata("catalog/v1", now));
        file.put("nodes", nodes);
        file.put("sources", sources);
        file.put("errors", null);
        write("catalog.json", file);
    }

    private static Map<String, @Nullable Object> catalogEntry(
            Project project, Node node, TableReport report) {
        Object config = project.manifest().node(node.id()).get("config");
        Object asked = config instanceof Map<?, ?> all ? all.get("persist_docs") : null;
        Map<?, ?> comments = asked instanceof Map<?, ?> kinds ? kinds : Map.of();

        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("type", report.listing().kind().equals("view") ? "VIEW" : "BASE TABLE");
        metadata.put("schema", report.listing().name().schema());
        metadata.put("name", report.listing().name().table());
        metadata.put("database", "tarn");
        metadata.put(
                "comment",
                Boolean.TRUE.equals(comments.get("relation"))
                                && !node.common().description().isBlank()
                        ? node.common().description()
                        : null);
        metadata.put("owner", node.common().owner().orElse(null));
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        int index = 1;
        for (Field field : report.schema().fields()) {
            Map<String, @Nullable Object> column = new LinkedHashMap<>();
            column.put("type", TypeText.of(field.type()));
            column.put("index", index++);
            column.put("name", field.name());
            boolean told = Boolean.TRUE.equals(comments.get("columns"));
            column.put("comment", told ? field.doc().orElse(null) : null);
            columns.put(field.name(), column);
        }
        Map<String, @Nullable Object> stats = new LinkedHashMap<>();
        stats.put(
                "has_stats",
                stat(
                        "has_stats",
                        "Has Stats?",
                        report.state().isPresent(),
                        "Indicates whether there are statistics for this table"));
        if (report.state().isPresent()) {
            stats.put(
                    "row_count", stat("row_count", "Rows", report.listing().rows(), "Rows in it"));
            stats.put(
                    "bytes", stat("bytes", "Bytes", report.listing().bytes(), "Size of its files"));
        }
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("metadata", metadata);
        entry.put("columns", columns);
        entry.put("stats", stats);
        entry.put("unique_id", node.id().value());
        return entry;
    }

    private static Map<String, @Nullable Object> stat(
            String id, String label, Object value, String description) {
        Map<String, @Nullable Object> stat = new LinkedHashMap<>();
        stat.put("id", id);
        stat.put("label", label);
        stat.put("value", value);
        stat.put("include", !id.equals("has_stats"));
        stat.put("description", description);
        return stat;
    }

    /** The code of nodes below {@code compiled} and {@code run}. */
    void code(Project project, Collection<Node> nodes, boolean run) {
        for (Node node : nodes) {
            Optional<String> sql = code(node);
            if (sql.isEmpty()) {
                continue;
            }
            String path = path(node, project.manifest().node(node.id()));
            text("compiled/" + path, sql.get());
            if (run) {
                text("run/" + path, executed(node, sql.get()));
            }
        }
    }

    /** Writes the code of an analysis, and tells it in the manifest that is written next. */
    void analysis(Analyses.Analysis analysis, String sql) {
        analyses.put(analysis.id().value(), new Analyzed(sql, analysis.path()));
        text("compiled/" + analysis.path(), sql);
    }

    /** Where the code of a node is written, below {@code compiled} and {@code run}. */
    static String path(Node node, Map<?, ?> facts) {
        String file = String.valueOf(facts.get("original_file_path"));
        String folder = node.common().packageName() + "/" + file;
        if (!isYaml(file)) {
            return folder;
        }
        // Many nodes of one YAML file: each has a file of its own in a folder of that name.
        String own = String.valueOf(facts.get("path"));
        return folder + "/" + (isYaml(own) ? node.name() + ".sql" : own);
    }

    private static boolean isYaml(String file) {
        return file.endsWith(".yml") || file.endsWith(".yaml");
    }

    private static String executed(Node node, String sql) {
        return node instanceof Node.Model model
                ? "create or replace %s %s as (\n%s\n)"
                        .formatted(
                                model.materialization().word().equals("view") ? "view" : "table",
                                model.relation(),
                                sql)
                : sql;
    }

    private void text(String name, String text) {
        try {
            Path file = target.resolve(name);
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whole or not at all. */
    private void write(String name, Object value) {
        write(target.resolve(name), value);
    }

    private void write(Path file, Object value) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Path part = file.resolveSibling(file.getFileName() + "." + invocation);
            try (PrintStream out =
                    new PrintStream(
                            new java.io.BufferedOutputStream(Files.newOutputStream(part)),
                            false,
                            StandardCharsets.UTF_8)) {
                Json.print(value, out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
