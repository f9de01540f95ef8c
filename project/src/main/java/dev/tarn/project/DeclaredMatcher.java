package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.graph.Manifest;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.SelectionTerm.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Matches nodes by what is declared about them, and by what earlier invocations left. */
final class DeclaredMatcher {
    private final Manifest manifest;
    private final Optional<PreviousState> state;

    private final Optional<StateMatcher> comparison;

    /**
     * @param warnings is told which promises were broken since the earlier state
     */
    DeclaredMatcher(Manifest manifest, Optional<PreviousState> state, Consumer<Problem> warnings) {
        this.manifest = manifest;
        this.state = state;
        this.comparison = state.map(s -> new StateMatcher(manifest, s.manifest(), warnings));
    }

    /** Looks at what is not there any more, and so matches nothing. */
    void lookForGone(SelectionTerm term) {
        if (term.method() == Method.STATE) {
            state.ifPresent(s -> comparison.ifPresent(c -> c.lookForGone(term.value(), s.now())));
        }
    }

    /** Whether there is something earlier to compare with. */
    boolean canCompare() {
        return state.isPresent();
    }

    boolean matches(Node node, SelectionTerm term) {
        NodeId id = node.id();
        String value = term.value();
        return switch (term.method()) {
            case CONFIG -> isConfigured(id, term);
            case ACCESS -> says(id, "access", value);
            case GROUP -> says(id, "group", value);
            case VERSION -> version(id, value);
            case UNIT_TEST ->
                    node instanceof Node.Check c
                            && c.isUnit()
                            && Stream.of(node.name(), String.valueOf(manifest.node(id).get("name")))
                                    .flatMap(n ->
                                            Stream.of(n, node.common().packageName() + "." + n))
                                    .anyMatch(n -> SelectionMatcher.like(n, value));
            case STATE -> compared(id, value);
            case RESULT -> hadResult(id, value);
            case SOURCE_STATUS -> sourceStatus(id, value);
            default -> false;
        };
    }

    private boolean says(NodeId id, String key, String value) {
        Map<Object, @Nullable Object> facts = manifest.node(id);
        Object said = facts.get(key);
        return said != null && SelectionMatcher.like(said.toString(), value);
    }

    private boolean version(NodeId id, String value) {
        Map<Object, @Nullable Object> facts = manifest.node(id);
        Object version = facts.get("version");
        Object latest = facts.get("latest_version");
        if (value.equals("none")) {
            return version == null && id.value().startsWith("model.");
        }
        if (version == null || latest == null) {
            return false;
        }
        int order = compare(version, latest);
        return switch (value) {
            case "latest" -> order == 0;
            case "prerelease" -> order > 0;
            case "old" -> order < 0;
            default -> false;
        };
    }

    private static int compare(Object a, Object b) {
        return a instanceof Number x && b instanceof Number y
                ? Double.compare(x.doubleValue(), y.doubleValue())
                : a.toString().compareTo(b.toString());
    }

    /** Whether it is as a word such as {@code modified} says, compared with an earlier state. */
    boolean compared(NodeId id, String word) {
        return comparison.map(c -> c.matches(id, word)).orElse(false);
    }

    /** What is said of nodes in a place that a selection can name. */
    Set<String> words(Method method) {
        String key = method == Method.GROUP ? "group" : "access";
        Set<String> words = new LinkedHashSet<>();
        for (Map<Object, @Nullable Object> facts : manifest.section("nodes").values()) {
            if (facts.get(key) != null) {
                words.add(String.valueOf(facts.get(key)));
            }
        }
        return words;
    }

    /** Whether a setting is as a term says. */
    boolean isConfigured(NodeId id, SelectionTerm term) {
        return fitsAt(manifest.config(id), term.detail(), term.value());
    }

    /** Whether an earlier invocation ended so with it. */
    boolean hadResult(NodeId id, String status) {
        return state.map(s -> status.equals(s.statuses().get(id.value()))).orElse(false);
    }

    private static boolean fitsAt(Map<?, ?> config, String path, String value) {
        Object at = config;
        for (String part : path.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return fits(at, value);
    }

    private static boolean fits(@Nullable Object found, String value) {
        return switch (found) {
            case null -> false;
            case List<?> list -> list.stream().anyMatch(i -> fits(i, value));
            case Map<?, ?> map -> map.containsKey(value);
            case Boolean flag -> flag.toString().equalsIgnoreCase(value);
            default -> SelectionMatcher.like(found.toString(), value);
        };
    }

    private boolean sourceStatus(NodeId id, String value) {
        if (state.isEmpty() || !id.value().startsWith("source.")) {
            return false;
        }
        String status = state.get().statuses().get(id.value());
        return value.equals(status)
                || (value.equals("fresher") && state.get().isFresher(id.value()));
    }

    static List<String> dependencies(Map<?, ?> facts) {
        List<String> ids = new ArrayList<>();
        if (facts.get("depends_on") instanceof Map<?, ?> d && d.get("nodes") instanceof List<?> n) {
            n.forEach(i -> ids.add(String.valueOf(i)));
        }
        return ids;
    }
}
