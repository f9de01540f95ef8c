package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;

/** Exposures, groups, metrics and other things that projects declare and that nobody builds. */
final class Declarations {
    private final List<Declared> all = new ArrayList<>();
    private final SourcePatches patches = new SourcePatches();

    /**
     * One of them, with where it stands.
     *
     * @param settings what project files and its own {@code config} say
     */
    record Declared(
            String packageName,
            PropertyFile.Thing thing,
            List<String> folders,
            Settings settings,
            WrittenSettings written) {
        /** Whether it is part of the project; groups and macros always are. */
        boolean enabled() {
            return settings.flag("enabled", true, new Problems());
        }
    }

    synchronized void add(Declared declared) {
        all.add(declared);
    }

    /** What projects say about sources of packages; the root's is read before any package. */
    SourcePatches sourcePatches() {
        return patches;
    }

    /** What is to be told about patches of sources that do not exist. */
    List<dev.tarn.model.Problem> unusedPatches() {
        return patches.unused();
    }

    synchronized List<Declared> of(String kind) {
        return all.stream()
                .filter(d -> d.thing().kind().equals(kind))
                .filter(Declared::enabled)
                .toList();
    }

    /** Those that are switched off. */
    synchronized List<Declared> disabled() {
        return all.stream().filter(d -> !d.enabled()).toList();
    }
}
