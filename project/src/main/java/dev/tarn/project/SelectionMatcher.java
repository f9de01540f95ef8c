package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the nodes that the terms of a selection mean. */
final class SelectionMatcher {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[\\]]");

    private final Project project;
    private final Map<NodeId, List<NodeId>> readers = new HashMap<>();
    private final DeclaredMatcher declared;
    private final DeclaredThings things;

    SelectionMatcher(Project project, Optional<PreviousState> state, Consumer<Problem> warnings) {
        this.project = project;
        this.declared = new DeclaredMatcher(project.manifest(), state, warnings);
        this.things = new DeclaredThings(project.manifest(), declared);
        for (Node node : project.nodes().values()) {
            for (NodeId parent : node.dependsOn()) {
                readers.computeIfAbsent(parent, p -> new ArrayList<>()).add(node.id());
            }
            for (NodeId metric : things.metricsOf(node.id())) {
                readers.computeIfAbsent(metric, p -> new ArrayList<>()).add(node.id());
            }
        }
        for (NodeId thing : things.ids()) {
            for (NodeId parent : things.parents(thing)) {
                readers.computeIfAbsent(parent, p -> new ArrayList<>()).add(thing);
            }
        }
    }

    /** Everything that can be meant: nodes, then what is declared about them. */
    Collection<NodeId> all() {
        List<NodeId> all = new ArrayList<>(project.nodes().keySet());
        all.addAll(things.ids());
        return all;
    }

    /** The nodes a term means, with those its operators add. */
    Set<NodeId> expand(SelectionTerm term) {
        if (term.compares() && !declared.canCompare()) {
            throw SelectionErrors.nothingToCompare(term.text());
        }
        declared.lookForGone(term);
        Set<NodeId> found = new LinkedHashSet<>();
        for (Node node : project.nodes().values()) {
            if (matches(node, term)) {
                found.add(node.id());
            }
        }
        found.addAll(things.matching(term, project.name()));
        Set<NodeId> all = new LinkedHashSet<>(found);
        if (term.childrensParents()) {
            Set<NodeId> below = walk(found, Integer.MAX_VALUE, this::readersOf);
            all.addAll(below);
            all.addAll(walk(below, Integer.MAX_VALUE, this::parentsOf));
        }
        all.addAll(walk(found, term.parents(), this::parentsOf));
        all.addAll(walk(found, term.children(), this::readersOf));
        return all;
    }

    /** Some nodes, the tests that come along with them, and those that do not. */
    Selection.Found withTests(Set<NodeId> nodes, IndirectSelection mode) {
        Set<NodeId> tests = new LinkedHashSet<>();
        if (mode != IndirectSelection.EMPTY) {
            for (NodeId id : nodes) {
                if (!isTest(id)) {
                    readersOf(id).stream().filter(this::isTest).forEach(tests::add);
                }
            }
        }
        if (mode == IndirectSelection.EAGER) {
            tests.addAll(nodes);
            return new Selection.Found(tests, Set.of());
        }
        Set<NodeId> there = new LinkedHashSet<>(nodes);
        if (mode == IndirectSelection.BUILDABLE) {
            there.addAll(walk(nodes, Integer.MAX_VALUE, this::parentsOf));
            project.nodes().values().stream()
                    .filter(Node.Source.class::isInstance)
                    .forEach(s -> there.add(s.id()));
        }
        return new Selection.Found(reading(nodes, tests, there), tests);
    }

    /** Some nodes, with those of the tests near them that read nothing else. */
    Set<NodeId> complete(Set<NodeId> nodes, Set<NodeId> near, IndirectSelection mode) {
        if (mode == IndirectSelection.EAGER || mode == IndirectSelection.EMPTY) {
            return nodes;
        }
        Set<NodeId> there =
                mode == IndirectSelection.BUILDABLE
                        ? walk(nodes, Integer.MAX_VALUE, this::parentsOf)
                        : nodes;
        return reading(nodes, near, there);
    }

    private Set<NodeId> reading(Set<NodeId> nodes, Set<NodeId> tests, Set<NodeId> there) {
        Set<NodeId> all = new LinkedHashSet<>(nodes);
        for (NodeId test : tests) {
            if (isTest(test) && there.containsAll(parentsOf(test))) {
                all.add(test);
            }
        }
        return all;
    }

    private boolean isTest(NodeId id) {
        return project.nodes().get(id) instanceof Node.Check;
    }

    private Collection<NodeId> readersOf(NodeId id) {
        return readers.getOrDefault(id, List.of());
    }

    private Collection<NodeId> parentsOf(NodeId id) {
        Node node = project.nodes().get(id);
        if (node == null) {
            return things.parents(id);
        }
        Set<NodeId> parents = new LinkedHashSet<>(node.dependsOn());
        parents.addAll(things.metricsOf(id));
        return parents;
    }

    private interface Steps {
        Collection<NodeId> from(NodeId id);
    }

    private static Set<NodeId> walk(Set<NodeId> start, int steps, Steps next) {
        Set<NodeId> seen = new LinkedHashSet<>(start);
        Set<NodeId> edge = start;
        for (int i = 0; i < steps && !edge.isEmpty(); i++) {
            Set<NodeId> further = new LinkedHashSet<>();
            for (NodeId id : edge) {
                for (NodeId other : next.from(id)) {
                    if (seen.add(other)) {
                        further.add(other);
                    }
                }
            }
            edge = further;
        }
        return seen;
    }

    private boolean matches(Node node, SelectionTerm term) {
        String value = term.value();
        return switch (term.method()) {
            case FQN -> matchesName(node, value);
            case PATH -> matchesPath(node.common().place().file(), value);
            case FILE -> matchesFile(node.common().place().file(), value);
            case TAG -> node.common().tags().stream().anyMatch(t -> like(t, value));
            case SOURCE -> node instanceof Node.Source source && matchesSource(source, value);
            case RESOURCE_TYPE -> type(node).equals(value.equals("data_test") ? "test" : value);
            case CONFIG ->
                    declared.matches(node, term)
                            || (term.detail().equals("materialized")
                                    && like(materialized(node), value));
            case TEST_TYPE -> node instanceof Node.Check check && matchesTestType(check, value);
            case TEST_NAME ->
                    node instanceof Node.Check check
                            && (like(check.isUnit() ? check.name() : check.kind(), value)
                                    || check.kind().endsWith("." + value));
            case PACKAGE ->
                    like(
                            node.common().packageName(),
                            value.equals("this") ? project.name() : value);
            default -> declared.matches(node, term);
        };
    }

    /** By name, by the beginning of package and folders, or with wildcards by either. */
    private static boolean matchesName(Node node, String value) {
        List<String> fqn = node.common().fqn();
        if (node instanceof Node.Source) {
            return value.indexOf('.') > 0 && like(node.name(), value);
        }
        return node.name().equals(value)
                || matchesVersion(node.name(), fqn, value)
                || begins(fqn, value)
                || begins(fqn.subList(1, fqn.size()), value);
    }

    /**
     * Whether words begin with those of a value. From the first word with a wildcard on, all that
     * is left has to match: {@code stg_*} is no name in a folder, {@code *.stg_*} is.
     */
    static boolean begins(List<String> fqn, String value) {
        List<String> words = fqn.stream().flatMap(w -> Stream.of(w.split("\\.", -1))).toList();
        List<String> parts = List.of(value.split("\\.", -1));
        if (parts.size() > words.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (WILDCARD.matcher(parts.get(i)).find()) {
                return like(
                        String.join(".", words.subList(i, words.size())),
                        String.join(".", parts.subList(i, parts.size())));
            }
            if (!words.get(i).equals(parts.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** One version of a model, as {@code orders.v1} or {@code orders_v1}. */
    private static boolean matchesVersion(String name, List<String> fqn, String value) {
        if (fqn.size() < 2 || !fqn.get(fqn.size() - 2).equals(name)) {
            return false;
        }
        return value.equals(name + "." + fqn.getLast()) || value.equals(name + "_" + fqn.getLast());
    }

    static boolean matchesPath(String file, String value) {
        String path = value.replace('\\', '/').replaceFirst("^\\./", "").replaceFirst("/$", "");
        return like(file, path) || file.startsWith(path + "/") || like(file, path + "/*");
    }

    static boolean matchesFile(String file, String value) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return like(name, value) || like(dot < 0 ? name : name.substring(0, dot), value);
    }

    private static boolean matchesSource(Node.Source source, String value) {
        String[] parts = value.split("\\.", -1);
        String table = source.common().fqn().getLast();
        return switch (parts.length) {
            case 1 -> like(source.sourceName(), value);
            case 2 -> like(source.sourceName(), parts[0]) && like(table, parts[1]);
            case 3 ->
                    like(source.common().packageName(), parts[0])
                            && like(source.sourceName(), parts[1])
                            && like(table, parts[2]);
            default -> false;
        };
    }

    private static boolean matchesTestType(Node.Check check, String value) {
        boolean singular = check.kind().equals("singular");
        boolean generic = !singular && !check.isUnit();
        return switch (value) {
            case "singular" -> singular;
            case "generic" -> generic;
            case "data" -> !check.isUnit();
            case "unit" -> check.isUnit();
            default -> false;
        };
    }

    private static String type(Node node) {
        return switch (node) {
            case Node.Source s -> "source";
            case Node.Seed s -> "seed";
            case Node.Model m ->
                    switch (m.materialization()) {
                        case dev.tarn.model.graph.Materialization.Snapshot s -> "snapshot";
                        case dev.tarn.model.graph.Materialization.Custom c when c.isSnapshot() ->
                                "snapshot";
                        case dev.tarn.model.graph.Materialization.Function f -> "function";
                        default -> "model";
                    };
            case Node.Check c -> c.isUnit() ? "unit_test" : "test";
        };
    }

    private static String materialized(Node node) {
        return switch (node) {
            case Node.Source s -> "";
            case Node.Seed s -> "seed";
            case Node.Model m -> m.materialization().word();
            case Node.Check c -> "test";
        };
    }

    /** Whether a text is a value with the wildcards {@code *}, {@code ?} and {@code [a-z]}. */
    static boolean like(String text, String value) {
        if (value.indexOf('*') < 0 && value.indexOf('?') < 0 && value.indexOf('[') < 0) {
            return text.equals(value);
        }
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int close = c == '[' ? value.indexOf(']', i + 1) : -1;
            if (close > 0) {
                pattern.append('[').append(value, i + 1, close).append(']');
                i = close;
            } else {
                pattern.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(String.valueOf(c));
                        });
            }
        }
        try {
            return Pattern.matches(pattern.toString(), text);
        } catch (java.util.regex.PatternSyntaxException e) {
            return false;
        }
    }

    /** What a term that means nothing was probably meant to be. */
    String near(SelectionTerm term) {
        Set<String> known = new TreeSet<>();
        boolean inFolders =
                term.method() == SelectionTerm.Method.FQN
                        && project.nodes().values().stream()
                                .anyMatch(n -> like(n.name(), term.value()));
        if (inFolders) {
            return " Did you mean '*.%s'? Folders are part of names.".formatted(term.value());
        }
        for (Node node : project.nodes().values()) {
            switch (term.method()) {
                case FQN -> {
                    known.add(node.name());
                    known.addAll(node.common().fqn());
                }
                case PATH, FILE -> known.add(node.common().place().file());
                case TAG -> known.addAll(node.common().tags());
                case SOURCE -> {
                    if (node instanceof Node.Source source) {
                        known.add(source.sourceName());
                        known.add(source.name());
                    }
                }
                case RESOURCE_TYPE -> known.add(type(node));
                case CONFIG -> known.add(materialized(node));
                case TEST_NAME -> {
                    if (node instanceof Node.Check check) {
                        known.add(check.kind());
                    }
                }
                case PACKAGE -> known.add(node.common().packageName());
                case EXPOSURE, METRIC, SEMANTIC_MODEL, SAVED_QUERY ->
                        known.addAll(things.names(term.method()));
                case GROUP, ACCESS -> known.addAll(declared.words(term.method()));
                default -> {}
            }
        }
        return Suggestion.hint(term.value(), known);
    }
}
