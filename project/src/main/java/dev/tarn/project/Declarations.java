package dev.tarn.project;

import java.util.ArrayList;
import java.util.List;

/** Exposures, groups, metrics and other things that projects declare and that nobody builds. */
final class Declarations {
    private final List<Declared> all = new ArrayList<>();

    /** One of them, with where it stands. */
    record Declared(String packageName, PropertyFile.Thing thing, List<String> folders) {}

    synchronized void add(String packageName, PropertyFile.Thing thing, List<String> folders) {
        all.add(new Declared(packageName, thing, List.copyOf(folders)));
    }

    synchronized List<Declared> of(String kind) {
        return all.stream().filter(d -> d.thing().kind().equals(kind)).toList();
    }
}
