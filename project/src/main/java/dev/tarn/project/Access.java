package dev.tarn.project;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may refer to whom: private models belong to their group. */
final class Access {
    private static final Set<String> KNOWN = Set.of("private", "protected", "public");

    private Access() {}

    static void check(
            CompileScope scope, Draft by, Draft target, Draft.RefCall call, Problems problems) {
        if (target.kind != Draft.Kind.MODEL || by.kind == Draft.Kind.UNIT) {
            return;
        }
        String access = of(target);
        boolean foreign = isForeign(scope, by.packageName, target);
        @Nullable Object group = target.settings.plain("group");
        if (access.equals("private") && (foreign || !Objects.equals(group, groupOf(by)))) {
            problems.add(
                    ProjectErrors.notAllowed(
                            call.place(),
                            by.inSentence(),
                            target.name,
                            "private",
                            group == null ? "no group" : "group '" + group + "'"));
        } else if (access.equals("protected") && foreign) {
            problems.add(
                    RefErrors.notInPackage(
                            call.place(), by.inSentence(), target.name, target.packageName));
        }
    }

    /** Whether an exposure, which has no group, refers to a model that is private. */
    static boolean isPrivate(Draft target) {
        return target.kind == Draft.Kind.MODEL && of(target).equals("private");
    }

    /** Refuses what a model says of its own access when it makes no sense. */
    static void check(Draft model, Problems problems) {
        String access = of(model);
        if (!KNOWN.contains(access)) {
            problems.add(
                    RefErrors.access(
                            model.settings.place("access", model.place),
                            model.inSentence(),
                            access));
        } else if (access.equals("public") && model.isEphemeral()) {
            problems.add(
                    RefErrors.publicEphemeral(
                            model.settings.place("access", model.place), model.inSentence()));
        }
    }

    private static String of(Draft model) {
        return Optional.ofNullable(model.settings.plain("access"))
                .map(Object::toString)
                .orElse("protected")
                .toLowerCase(Locale.ROOT);
    }

    /** A generic test belongs to the group of what it tests. */
    private static @Nullable Object groupOf(Draft by) {
        Optional<Draft> tested = by.subject.flatMap(Draft.Subject::node);
        return tested.isPresent()
                ? tested.get().settings.plain("group")
                : by.settings.plain("group");
    }

    /** Whether a model is of another package that keeps what is not public to itself. */
    private static boolean isForeign(CompileScope scope, String by, Draft target) {
        return !by.equals(target.packageName)
                && Optional.ofNullable(scope.packages().get(target.packageName))
                        .filter(ProjectFile::keepsToItself)
                        .isPresent();
    }
}
