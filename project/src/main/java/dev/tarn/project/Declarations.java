package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;

/** Exposures, groups, metrics and other things that projects declare and that nobody builds. */
final class Declarations {
    private final List<Declared> all = new ArrayList<>();
    private final SourcePatches patches = new SourcePatches();

    /** One of them, with where it stands. */
    record Declared(String packageName, PropertyFile.Thing thing, List<String> folders) {}

    synchronized void add(String packageName, PropertyFile.Thing thing, List<String> folders) {
        all.add(new Declared(packageName, thing, List.copyOf(folders)));
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
        return all.stream().filter(d -> d.thing().kind().equals(kind)).toList();
    }
}
