package dev.tarn.project;

import dev.tarn.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Names of nodes with a space: tools and selections take such a name for two. */
final class SpacedNames {
    private static final String FLAG = "require_resource_names_without_spaces";

    private SpacedNames() {}

    /** Refuses them, or says so only where the project switches the rule off. */
    static void check(
            CompileScope scope, List<Draft> drafts, Problems problems, Consumer<Problem> notes) {
        boolean allowed = scope.root().flag(FLAG).equals(Optional.of(false));
        for (Draft draft : drafts) {
            if (draft.name.contains(" ")) {
                Problem wrong =
                        ProjectErrors.spaced(
                                draft.place, DraftBuilder.word(draft.kind), draft.name, FLAG);
                if (allowed) {
                    notes.accept(wrong);
                } else {
                    problems.add(wrong);
                }
            }
        }
    }
}
