package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds nodes by the names that references use. */
final class NodeIndex {
    private final String rootPackage;
    private final Map<NodeId, Draft> drafts = new LinkedHashMap<>();
    private final Map<NodeId, SourceDraft> sources = new LinkedHashMap<>();
    private final Map<String, List<SourceDraft>> sourcesByTable = new HashMap<>();
    private final Map<String, List<Draft>> referable = new LinkedHashMap<>();
    private final Map<String, List<Draft>> functions = new LinkedHashMap<>();
    private final Map<String, List<Draft>> disabled = new HashMap<>();
    private final Map<NodeId, List<Draft>> rivals = new LinkedHashMap<>();

    NodeIndex(String rootPackage) {
        this.rootPackage = rootPackage;
    }

    /** Adds a node; the one that has the id already, if there is one. */
    @Nullable Draft add(Draft draft) {
        Draft first = drafts.putIfAbsent(draft.id, draft);
        if (first == null && draft.kind == Draft.Kind.FUNCTION) {
            functions.computeIfAbsent(draft.name, n -> new ArrayList<>()).add(draft);
        } else if (first == null && !draft.kind.isTest() && draft.kind != Draft.Kind.ANALYSIS) {
            referable.computeIfAbsent(draft.name, n -> new ArrayList<>()).add(draft);
        }
        return first;
    }

    /** Adds a node that may have the id of another: at most one of them may be switched on. */
    void addRival(Draft draft) {
        Draft first = add(draft);
        if (first != null) {
            rivals.computeIfAbsent(draft.id, i -> new ArrayList<>()).add(draft);
        }
    }

    /** Nodes beside those that were first with their id. */
    Map<NodeId, List<Draft>> rivals() {
        return rivals;
    }

    /** Keeps in mind that a node which is not part of the project is switched off. */
    void addDisabled(Draft draft) {
        disabled.computeIfAbsent(draft.name, n -> new ArrayList<>()).add(draft);
    }

    @Nullable SourceDraft add(SourceDraft source) {
        SourceDraft first = sources.putIfAbsent(source.id(), source);
        if (first == null) {
            sourcesByTable.computeIfAbsent(source.tableName(), t -> new ArrayList<>()).add(source);
        }
        return first;
    }

    /** Puts a source in the place of the one with its id. */
    void replace(SourceDraft next) {
        sources.put(next.id(), next);
        sourcesByTable
                .getOrDefault(next.tableName(), new ArrayList<>())
                .replaceAll(s -> s.id().equals(next.id()) ? next : s);
    }

    /** Puts a node in the place of another. */
    void replace(Draft old, Draft next) {
        drafts.remove(old.id);
        List<Draft> same = referable.get(old.name);
        if (same != null) {
            same.remove(old);
            if (same.isEmpty()) {
                referable.remove(old.name);
            }
        }
        Draft unused = add(next);
    }

    /** Takes a node out; references to it are told that it is disabled. */
    void disable(Draft draft) {
        drafts.remove(draft.id);
        functions.getOrDefault(draft.name, new ArrayList<>()).remove(draft);
        List<Draft> same = referable.get(draft.name);
        if (same != null && same.remove(draft)) {
            if (same.isEmpty()) {
                referable.remove(draft.name);
            }
            disabled.computeIfAbsent(draft.name, n -> new ArrayList<>()).add(draft);
        }
    }

    /** Takes out a test. */
    void drop(Draft draft) {
        drafts.remove(draft.id);
    }

    List<Draft> drafts() {
        return List.copyOf(drafts.values());
    }

    /** What is switched off. */
    List<Draft> disabledDrafts() {
        return disabled.values().stream().flatMap(List::stream).toList();
    }

    Collection<SourceDraft> sources() {
        return sources.values();
    }

    Optional<Draft> find(NodeId id) {
        return Optional.ofNullable(drafts.get(id));
    }

    Optional<SourceDraft> findSource(NodeId id) {
        return Optional.ofNullable(sources.get(id));
    }

    /** All functions of the project and its packages. */
    List<Draft> functions() {
        return functions.values().stream().flatMap(List::stream).toList();
    }

    /** All models that are called with arguments; known once the settings are. */
    List<Draft> tableFunctions() {
        return drafts.values().stream().filter(Draft::isTableFunction).toList();
    }

    /** A function by name, of the package that asks first, then the root's, then any. */
    Optional<Draft> function(Draft.RefCall call, String fromPackage) {
        return pick(
                functions.getOrDefault(call.name(), List.of()), call.packageName(), fromPackage);
    }

    /**
     * A function by name.
     *
     * @throws TarnException when there is none
     */
    Draft resolveFunction(Draft.RefCall call, String by, String fromPackage) {
        return function(call, fromPackage)
                .orElseThrow(() ->
                        new TarnException(
                                ProjectErrors.functionNotFound(
                                        call.place(), by, call.name(), functions.keySet())));
    }

    /** Whether anything has a name that references use, in whichever version. */
    boolean anyNamed(String name) {
        return referable.containsKey(name);
    }

    /** Names of models and seeds. */
    Collection<String> names() {
        return referable.keySet();
    }

    /** What a reference means: of the package that asks first, then the root's, then any. */
    Optional<Draft> named(Draft.RefCall call, String fromPackage) {
        List<Draft> same =
                referable.getOrDefault(call.name(), List.of()).stream()
                        .filter(d -> isVersion(d, call.version()))
                        .toList();
        return pick(same, call.packageName(), fromPackage);
    }

    /** Without a version, the latest is meant. */
    private static boolean isVersion(Draft draft, Optional<String> wanted) {
        if (draft.version.isEmpty()) {
            return wanted.isEmpty();
        }
        return wanted.map(w -> w.equals(String.valueOf(draft.version.get())))
                .orElseGet(() -> draft.version.equals(draft.latestVersion));
    }

    private Optional<Draft> pick(
            List<Draft> candidates, Optional<String> wantedPackage, String fromPackage) {
        if (wantedPackage.isPresent()) {
            return candidates.stream()
                    .filter(d -> d.packageName.equals(wantedPackage.get()))
                    .findFirst();
        }
        for (String first : List.of(fromPackage, rootPackage)) {
            for (Draft draft : candidates) {
                if (draft.packageName.equals(first)) {
                    return Optional.of(draft);
                }
            }
        }
        return candidates.stream().findFirst();
    }

    /** Whether a reference is to something that was switched off. */
    boolean isDisabled(Draft.RefCall call, String fromPackage) {
        return named(call, fromPackage).isEmpty()
                && pick(
                                disabled.getOrDefault(call.name(), List.of()),
                                call.packageName(),
                                fromPackage)
                        .isPresent();
    }

    /**
     * What a reference means.
     *
     * @throws TarnException why it means nothing
     */
    Draft resolve(Draft.RefCall call, String by, String fromPackage) {
        Optional<Draft> found = named(call, fromPackage);
        if (found.isPresent()) {
            refuseAmbiguous(call, by, fromPackage, found.get());
            return found.get();
        }
        throw new TarnException(whyMissing(call, by, fromPackage));
    }

    /** Of several packages that are neither the asking one nor the root, none comes first. */
    private void refuseAmbiguous(Draft.RefCall call, String by, String fromPackage, Draft found) {
        boolean near =
                call.packageName().isPresent()
                        || List.of(fromPackage, rootPackage).contains(found.packageName);
        List<String> packages =
                near
                        ? List.of()
                        : referable.getOrDefault(call.name(), List.of()).stream()
                                .map(d -> d.packageName)
                                .distinct()
                                .sorted()
                                .toList();
        if (packages.size() > 1) {
            throw new TarnException(RefErrors.ambiguous(call.place(), by, call.name(), packages));
        }
    }

    private Problem whyMissing(Draft.RefCall call, String by, String fromPackage) {
        Optional<Draft> off =
                pick(
                        disabled.getOrDefault(call.name(), List.of()),
                        call.packageName(),
                        fromPackage);
        if (off.isPresent()) {
            Place where = off.get().settings.place("enabled", off.get().place);
            return ProjectErrors.nodeDisabled(call.place(), by, call.name(), where);
        }
        if (call.version().isPresent() && referable.containsKey(call.name())) {
            return ProjectErrors.versionNotFound(
                    call.place(),
                    by,
                    call.name(),
                    call.version().get(),
                    referable.getOrDefault(call.name(), List.of()).stream()
                            .flatMap(d -> d.version.stream())
                            .map(Object::toString)
                            .toList());
        }
        Optional<Draft> versioned =
                call.packageName().isPresent() ? Optional.empty() : versionWithFile(call.name());
        if (versioned.isPresent()) {
            Draft draft = versioned.get();
            return ProjectErrors.fileOfVersion(
                    call.place(),
                    by,
                    call.name(),
                    draft.name,
                    draft.version.map(Object::toString).orElse(""));
        }
        String name = call.packageName().map(p -> p + "." + call.name()).orElse(call.name());
        return ProjectErrors.nodeNotFound(call.place(), by, name, names());
    }

    /** The version of a model whose file has this name. */
    private Optional<Draft> versionWithFile(String name) {
        return drafts.values().stream()
                .filter(d -> d.version.isPresent())
                .filter(d -> d.file.endsWith("/" + name + ".sql"))
                .findFirst();
    }

    /**
     * What a call of {@code source} means.
     *
     * @throws TarnException why it means nothing
     */
    SourceDraft resolve(Draft.SourceCall call, String by, String fromPackage) {
        Optional<SourceDraft> found = named(call, fromPackage);
        if (found.isPresent()) {
            return found.get();
        }
        SourceDraft off = null;
        for (SourceDraft source : byPackage(call, fromPackage)) {
            off = source;
        }
        String name = call.source() + "." + call.table();
        if (off != null) {
            Place where = off.settings().place("enabled", off.place());
            throw new TarnException(ProjectErrors.nodeDisabled(call.place(), by, name, where));
        }
        List<String> known =
                sources.values().stream().map(s -> s.sourceName() + "." + s.tableName()).toList();
        throw new TarnException(
                ProjectErrors.sourceNotFound(call.place(), by, call.source(), call.table(), known));
    }

    /** A source's table by name, if it is switched on: of the package that asks first. */
    Optional<SourceDraft> named(Draft.SourceCall call, String fromPackage) {
        return byPackage(call, fromPackage).stream().filter(SourceDraft::enabled).findFirst();
    }

    private List<SourceDraft> byPackage(Draft.SourceCall call, String fromPackage) {
        List<SourceDraft> own = new ArrayList<>();
        List<SourceDraft> others = new ArrayList<>();
        for (SourceDraft source : sourcesByTable.getOrDefault(call.table(), List.of())) {
            if (source.sourceName().equals(call.source())) {
                (source.packageName().equals(fromPackage) ? own : others).add(source);
            }
        }
        own.addAll(others);
        return own;
    }
}
