package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import dev.tarn.cli.output.Json;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what a project has: nodes, exposures, metrics. */
final class ListVerb extends Verb {
    private static final List<String> OUTPUTS = List.of("json", "name", "path", "selector");
    private static final List<String> KEYS =
            List.of(
                    "alias",
                    "name",
                    "package_name",
                    "depends_on",
                    "tags",
                    "config",
                    "resource_type",
                    "source_name",
                    "original_file_path",
                    "unique_id");

    /** Sections of the manifest with what has no node in the graph. */
    private static final List<String> DECLARED =
            List.of("exposures", "metrics", "semantic_models", "saved_queries");

    private static final Set<String> MODELS = Set.of("-m", "--model", "--models");
    private static final Set<String> SELECT = Set.of("-s", "--select");

    @Spec @Nullable CommandSpec spec;

    @Mixin Nodes nodes = new Nodes();

    @Option(names = "--output")
    String output = "selector";

    @Option(names = "--output-keys", arity = "1..*")
    List<String> keys = List.of();

    ListVerb(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        if (!OUTPUTS.contains(output)) {
            throw DbtErrors.output(output, String.join(", ", OUTPUTS));
        }
        boolean models = asksForModels();
        session.tarn().prepare(CodeVerb.request("list", false, session.buildOptions(nodes)));
        Project project = session.tarn().project();
        List<Map<Object, @Nullable Object>> found = new ArrayList<>();
        session.tarn()
                .selectIds(nodes.select, nodes.exclude, session.buildOptions(nodes))
                .forEach(id -> found.add(facts(project, id)));
        session.refuseWarnings();
        found.removeIf(n ->
                models
                        ? !"model".equals(n.get("resource_type"))
                        : !isMeant(String.valueOf(n.get("resource_type"))));
        found.sort(Comparator.comparing(n -> String.valueOf(n.get("unique_id"))));
        if (found.isEmpty()) {
            session.log().warn("[WARNING]: No nodes selected!");
            return session.warnErrors().fails(WarnErrors.NOTHING) ? WRONG : DONE;
        }
        found.forEach(n -> session.log().plain(line(n)));
        if (session.options().writeJson) {
            session.artifacts().manifest(project, List.of(), session.now());
        }
        return DONE;
    }

    /** Only here {@code --models} is more than another word for {@code --select}. */
    private boolean asksForModels() {
        List<String> given =
                Objects.requireNonNull(spec).commandLine().getParseResult().originalArgs();
        boolean models = given.stream().anyMatch(MODELS::contains);
        if (models && !nodes.resourceTypes.isEmpty()) {
            throw DbtErrors.notTogether("--models", "--resource-type");
        }
        if (models && given.stream().anyMatch(SELECT::contains)) {
            throw DbtErrors.notTogether("--models", "--select");
        }
        return models;
    }

    private static Map<Object, @Nullable Object> facts(Project project, NodeId id) {
        for (String section : DECLARED) {
            Map<Object, @Nullable Object> facts =
                    project.manifest().section(section).get(id.value());
            if (facts != null) {
                return facts;
            }
        }
        return project.manifest().node(id);
    }

    /** Analyses are listed for those who ask for them. */
    private boolean isMeant(String type) {
        return nodes.wants(type, !type.equals("analysis"));
    }

    private String line(Map<Object, @Nullable Object> facts) {
        return switch (output) {
            case "name" -> name(facts);
            case "path" -> String.valueOf(facts.get("original_file_path"));
            case "json" -> json(facts);
            default -> selector(facts);
        };
    }

    private static String name(Map<Object, @Nullable Object> facts) {
        String name = String.valueOf(facts.get("name"));
        if ("source".equals(facts.get("resource_type"))) {
            return facts.get("source_name") + "." + name;
        }
        boolean versioned =
                facts.get("version") != null && "model".equals(facts.get("resource_type"));
        return versioned ? name + ".v" + facts.get("version") : name;
    }

    private static String selector(Map<Object, @Nullable Object> facts) {
        String type = String.valueOf(facts.get("resource_type"));
        String packageName = String.valueOf(facts.get("package_name"));
        return switch (type) {
            case "source" ->
                    "source:%s.%s.%s"
                            .formatted(packageName, facts.get("source_name"), facts.get("name"));
            case "exposure", "metric", "semantic_model", "saved_query" ->
                    "%s:%s.%s".formatted(type, packageName, facts.get("name"));
            case "unit_test" ->
                    "unit_test:%s.%s%s"
                            .formatted(
                                    packageName,
                                    facts.get("name"),
                                    facts.get("version") == null
                                            ? ""
                                            : "_v" + facts.get("version"));
            default ->
                    facts.get("fqn") instanceof List<?> fqn
                            ? String.join(".", fqn.stream().map(String::valueOf).toList())
                            : String.valueOf(facts.get("name"));
        };
    }

    private String json(Map<Object, @Nullable Object> facts) {
        List<String> wanted = new ArrayList<>();
        keys.forEach(k -> wanted.addAll(List.of(k.split("[\\s,]+"))));
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        for (String key : wanted.isEmpty() ? KEYS : wanted) {
            Object value = facts;
            for (String part : key.split("\\.", -1)) {
                value = value instanceof Map<?, ?> map ? map.get(part) : null;
            }
            boolean there = facts.containsKey(key) || value != null;
            if (there) {
                told.put(key, value);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Json.printLine(told, out);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }
}
