package dev.tarn.cli.dbt;

import dev.tarn.app.NodeKind;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries of a project of which nothing is made: those that a verb is about. */
final class Analyses {
    private final List<Analysis> selected;
    private final List<String> others;
    private final List<String> othersLeftOut;

    /**
     * An analysis.
     *
     * @param path where its code is written
     */
    record Analysis(NodeId id, String name, String path) {}

    /** The code of one, or what is wrong with it. */
    record Code(Optional<String> sql, Optional<TarnException> error) {
        Optional<String> failure() {
            return error.map(e -> String.valueOf(e.getMessage()));
        }

        String orThrow() {
            return sql.orElseThrow(() -> Objects.requireNonNull(error.orElse(null)));
        }
    }

    private Analyses(List<Analysis> selected, List<String> others, List<String> othersLeftOut) {
        this.selected = selected;
        this.others = others;
        this.othersLeftOut = othersLeftOut;
    }

    /** Those of a project that are meant; all, when no nodes are named. */
    static Analyses of(Project project, Nodes nodes) {
        List<Map<Object, @Nullable Object>> all =
                project.manifest().section("nodes").values().stream()
                        .filter(n -> "analysis".equals(n.get("resource_type")))
                        .toList();
        List<Analysis> selected = new ArrayList<>();
        if (nodes.wants("analysis", true) && nodes.selector.isEmpty()) {
            for (Map<Object, @Nullable Object> facts : all) {
                boolean wanted = nodes.select.isEmpty() || isIn(nodes.select, facts);
                if (wanted && !isIn(nodes.exclude, facts)) {
                    selected.add(analysis(facts));
                }
            }
        }
        return new Analyses(selected, others(nodes.select, all), others(nodes.exclude, all));
    }

    private static List<String> others(
            List<String> texts, List<Map<Object, @Nullable Object>> all) {
        return texts.stream()
                .filter(text -> all.stream().noneMatch(facts -> isOnly(text, facts)))
                .toList();
    }

    private static Analysis analysis(Map<Object, @Nullable Object> facts) {
        return new Analysis(
                new NodeId(String.valueOf(facts.get("unique_id"))),
                String.valueOf(facts.get("name")),
                facts.get("package_name") + "/" + facts.get("original_file_path"));
    }

    boolean isEmpty() {
        return selected.isEmpty();
    }

    /** The nodes that are meant beside them: a word that names an analysis names no other. */
    List<Node> select(Session session, Nodes nodes, Set<NodeKind> standard) {
        if (others.isEmpty() && !nodes.select.isEmpty()) {
            return List.of();
        }
        List<String> said = nodes.select;
        List<String> leftOut = nodes.exclude;
        nodes.select = others;
        nodes.exclude = othersLeftOut;
        try {
            return session.select(nodes, standard);
        } finally {
            nodes.select = said;
            nodes.exclude = leftOut;
        }
    }

    /** Renders them. */
    Map<Analysis, Code> compile(Session session) {
        Map<Analysis, Code> compiled = new LinkedHashMap<>();
        for (Analysis analysis : selected) {
            try {
                String sql = session.tarn().operations().analysis(analysis.id());
                compiled.put(analysis, new Code(Optional.of(sql), Optional.empty()));
            } catch (TarnException e) {
                compiled.put(analysis, new Code(Optional.empty(), Optional.of(e)));
            }
        }
        return compiled;
    }

    /** Whether one of some words of a selection names an analysis. */
    static boolean isIn(List<String> texts, Map<Object, @Nullable Object> facts) {
        return texts.stream()
                .flatMap(text -> List.of(text.strip().split("\\s+")).stream())
                .anyMatch(word ->
                        List.of(word.split(",")).stream().allMatch(term -> names(term, facts)));
    }

    /** Whether a text names this analysis, and can name nothing else. */
    private static boolean isOnly(String text, Map<Object, @Nullable Object> facts) {
        return List.of(text.strip().split("\\s+")).stream()
                .allMatch(word -> names(word, facts) && !word.matches("(package|tag|fqn):.*"));
    }

    private static boolean names(String written, Map<Object, @Nullable Object> facts) {
        String term = written.replaceAll("^(@|[0-9]*\\+)|(\\+[0-9]*)$", "");
        String name = String.valueOf(facts.get("name"));
        String file = String.valueOf(facts.get("original_file_path"));
        String fqn =
                facts.get("fqn") instanceof List<?> parts
                        ? String.join(".", parts.stream().map(String::valueOf).toList())
                        : name;
        int colon = term.indexOf(':');
        String value = term.substring(colon + 1);
        return switch (colon < 0 ? "" : term.substring(0, colon)) {
            case "resource_type" -> value.equals("analysis");
            case "package" -> isLike(value, String.valueOf(facts.get("package_name")));
            case "path" -> isPath(value, file);
            case "file" -> isLike(value, file.substring(file.lastIndexOf('/') + 1));
            case "tag" ->
                    facts.get("tags") instanceof List<?> tags
                            && tags.stream().anyMatch(t -> isLike(value, String.valueOf(t)));
            case "fqn" -> isLike(value, name) || isFqn(value, fqn);
            case "" ->
                    term.contains("/")
                            ? isPath(value, file)
                            : isLike(value, name) || isFqn(value, fqn) || isPath(value, file);
            default -> false;
        };
    }

    private static boolean isFqn(String value, String fqn) {
        return isLike(value, fqn)
                || (fqn.startsWith(value + ".") && !value.isEmpty())
                || isLike(value, fqn.substring(fqn.indexOf('.') + 1));
    }

    private static boolean isPath(String value, String file) {
        String path = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        return isLike(path, file) || file.startsWith(path + "/");
    }

    private static boolean isLike(String pattern, String text) {
        if (!pattern.contains("*") && !pattern.contains("?")) {
            return pattern.equals(text);
        }
        String expression =
                "\\Q" + pattern.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E";
        return text.matches(expression);
    }
}
