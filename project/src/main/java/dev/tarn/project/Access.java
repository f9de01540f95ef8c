package dev.tarn.project;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may refer to whom: private models belong to their group. */
final class Access {
    private Access() {}

    static void check(Draft by, Draft target, Draft.RefCall call, Problems problems) {
        if (target.kind != Draft.Kind.MODEL || by.kind.isTest()) {
            return;
        }
        String access =
                Optional.ofNullable(target.settings.plain("access"))
                        .map(Object::toString)
                        .orElse("protected")
                        .toLowerCase(Locale.ROOT);
        @Nullable Object group = target.settings.plain("group");
        if (access.equals("private") && !Objects.equals(group, by.settings.plain("group"))) {
            problems.add(
                    ProjectErrors.notAllowed(
                            call.place(),
                            NodeContext.by(by),
                            target.name,
                            "private",
                            group == null ? "no group" : "group '" + group + "'"));
        }
    }
}
