package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.project.Declarations.Declared;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells of settings in {@code dbt_project.yml} for folders or packages in which there is nothing:
 * mostly a folder that was renamed. What is switched off is there, too.
 */
final class UnusedSettings {
    private static final Map<String, String> KINDS =
            Map.of("semantic-models", "semantic_models", "saved-queries", "saved_queries");

    private final CompileScope scope;
    private final Map<String, Set<List<String>>> used = new HashMap<>();

    UnusedSettings(CompileScope scope) {
        this.scope = scope;
        scope.nodes().drafts().forEach(this::note);
        scope.nodes().disabledDrafts().forEach(this::note);
        scope.nodes().sources().forEach(s -> note("sources", s.fqn()));
        for (String kind : List.of("exposures", "metrics", "semantic_models", "saved_queries")) {
            scope.declarations().of(kind).forEach(d -> note(kind, fqn(d)));
        }
        scope.declarations().disabled().forEach(d -> note(d.thing().kind(), fqn(d)));
    }

    void tell(Consumer<Problem> notes) {
        scope.root()
                .configs()
                .forEach((section, tree) -> {
                    Set<List<String>> there =
                            used.getOrDefault(KINDS.getOrDefault(section, section), Set.of());
                    if (!section.equals("functions") && !section.equals("analyses")) {
                        walk(section, List.of(), tree, there, notes);
                    }
                });
    }

    private void walk(
            String section,
            List<String> path,
            Mapping tree,
            Set<List<String>> there,
            Consumer<Problem> notes) {
        boolean told = false;
        for (Entry entry : tree.entries()) {
            if (entry.value() instanceof Mapping inner && !entry.key().startsWith("+")) {
                List<String> below = new ArrayList<>(path);
                below.add(entry.key());
                walk(section, below, inner, there, notes);
            } else if (!told && !there.contains(path)) {
                told = true;
                notes.accept(unused(section, path, entry));
            }
        }
    }

    private static Problem unused(String section, List<String> path, Entry entry) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                entry.keyPlace(),
                ("Settings of '%s' are for nothing that there is. Correct the folder's or the"
                                + " package's name, or take them out.")
                        .formatted(
                                path.isEmpty() ? section : section + "." + String.join(".", path)));
    }

    private void note(Draft draft) {
        note(draft.kind.section(), draft.fqn);
    }

    /** Something with all that it is in. */
    private void note(String section, List<String> fqn) {
        Set<List<String>> paths = used.computeIfAbsent(section, s -> new HashSet<>());
        for (int i = 0; i <= fqn.size(); i++) {
            paths.add(List.copyOf(fqn.subList(0, i)));
        }
    }

    private static List<String> fqn(Declared declared) {
        List<String> fqn = new ArrayList<>(List.of(declared.packageName()));
        fqn.addAll(declared.folders());
        fqn.add(declared.thing().name());
        return fqn;
    }
}
