package dev.tarn.cli.dbt;

import dev.tarn.app.NodeKind;
import dev.tarn.cli.Console;
import dev.tarn.cli.output.Json;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    /** What has no node in the graph, by the section of the manifest it is in. */
    private static final Map<String, String> DECLARED =
            Map.of(
                    "exposure", "exposures",
                    "metric", "metrics",
                    "semantic_model", "semantic_models",
                    "saved_query", "saved_queries");

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
        Project project = session.tarn().project();
        List<Map<Object, @Nullable Object>> found = new ArrayList<>();
        List<Node> selected =
                session.tarn()
                        .select(
                                nodes.select,
                                nodes.exclude,
                                Session.kinds(nodes, EnumSet.allOf(NodeKind.class)),
                                session.buildOptions(nodes));
        selected.forEach(n -> found.add(project.manifest().node(n.id())));
        boolean everything = nodes.select.isEmpty() && nodes.selector.isEmpty();
        if (nodes.wants("analysis", true)) {
            project.manifest().section("nodes").values().stream()
                    .filter(n -> "analysis".equals(n.get("resource_type")))
                    .filter(n -> everything || named(n))
                    .forEach(found::add);
        }
        DECLARED.forEach((type, section) -> {
            if (nodes.wants(type, true)) {
                project.manifest().section(section).values().stream()
                        .filter(n -> everything || named(n))
                        .forEach(found::add);
            }
        });
        if (found.isEmpty()) {
            session.log().line("No nodes selected!");
            return DONE;
        }
        found.forEach(n -> session.log().plain(line(n)));
        if (session.options().writeJson) {
            session.artifacts().manifest(project, List.of(), session.now());
        }
        return DONE;
    }

    /** Whether a term of the selection names it. */
    private boolean named(Map<Object, @Nullable Object> facts) {
        String name = String.valueOf(facts.get("name"));
        String method = facts.get("resource_type") + ":";
        for (String text : nodes.select) {
            for (String term : text.split("[\\s,]+")) {
                String bare = term.replaceAll("^[@+0-9]*\\+|\\+[0-9]*$", "");
                if (bare.equals(name)
                        || bare.equals(method + name)
                        || bare.equals(method + "*")
                        || bare.equals("resource_type:" + facts.get("resource_type"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private String line(Map<Object, @Nullable Object> facts) {
        return switch (output) {
            case "name" -> String.valueOf(facts.get("name"));
            case "path" -> String.valueOf(facts.get("original_file_path"));
            case "json" -> json(facts);
            default -> selector(facts);
        };
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
            case "unit_test" -> "unit_test:%s.%s".formatted(packageName, facts.get("name"));
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
