package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.spi.CatalogView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Says what a node would read: two equal answers mean that building it again would read the same
 * rows. A table is identified by its content, a view by its code and what it reads.
 */
final class Identities {
    private final Project project;
    private final CatalogView view;
    private final RunRequest.Substitutes substitutes;
    private final Function<Node, Set<TableName>> others;
    private final Map<NodeId, String> known = new HashMap<>();

    /**
     * @param substitutes tables that are read in the place of others
     * @param others the tables that a node reads without saying so
     */
    Identities(
            Project project,
            CatalogView view,
            RunRequest.Substitutes substitutes,
            Function<Node, Set<TableName>> others) {
        this.others = others;
        this.project = project;
        this.view = view;
        this.substitutes = substitutes;
    }

    /** What all inputs of a node are now, as one short text. */
    String inputs(Node node) {
        List<String> parts = new ArrayList<>();
        node.dependsOn().stream().sorted().forEach(id -> parts.add(id + "=" + of(id)));
        if (Fleeting.is(node)) {
            parts.add(UUID.randomUUID().toString());
        }
        others.apply(node).forEach(table -> parts.add(table + "=" + unsaid(table)));
        return hash(parts);
    }

    /** What is behind a view, or tells of the catalog, may be another one each time. */
    private String unsaid(TableName name) {
        Optional<Entry> entry = view.find(EntryKey.of(name)).map(Versioned::entry);
        if (entry.isEmpty() && !name.schema().equals(ContentsViews.SCHEMA)) {
            return "-";
        }
        return entry.filter(Entry.Table.class::isInstance)
                .map(Identities::identity)
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    private String of(NodeId id) {
        String found = known.get(id);
        if (found == null) {
            found = project.find(id).map(this::identity).orElse("-");
            known.put(id, found);
        }
        return found;
    }

    private String identity(Node node) {
        Optional<TableName> instead = instead(node);
        if (instead.isPresent()) {
            return instead.flatMap(name -> view.find(EntryKey.of(name)))
                    .map(found -> identity(found.entry()))
                    .orElse("-");
        }
        if (node instanceof Node.Model model
                && (model.materialization() instanceof Materialization.View
                        || !model.materialization().isKept())) {
            return hash(List.of(node.common().fingerprint(), inputs(node), inItsPlace(model)));
        }
        return relation(node)
                .flatMap(name -> view.find(EntryKey.of(name)))
                .map(found -> identity(found.entry()))
                .orElse("-");
    }

    /**
     * What stands where a view is to be, when that was not made of the code as it is now: a table,
     * or a view of older code, which may read anything.
     */
    private String inItsPlace(Node.Model model) {
        Optional<Entry> there =
                relation(model)
                        .flatMap(name -> view.find(EntryKey.of(name)))
                        .map(Versioned::entry)
                        .filter(e -> !isOf(model, e));
        return there.map(e -> e instanceof Entry.Table ? identity(e) : UUID.randomUUID().toString())
                .orElse("");
    }

    private static boolean isOf(Node.Model model, Entry entry) {
        return entry instanceof Entry.View
                && model.common()
                        .fingerprint()
                        .equals(entry.attributes().get(Provenance.FINGERPRINT));
    }

    private static String identity(Entry entry) {
        return entry instanceof Entry.Table table
                ? table.content()
                : hash(List.of(entry.toString()));
    }

    /** What is read in the place of what a node makes, be it there or not. */
    private Optional<TableName> instead(Node node) {
        Optional<TableName> name = relation(node);
        return name.map(substitutes.instead()::get)
                .filter(other ->
                        substitutes.always()
                                || name.flatMap(n -> view.find(EntryKey.of(n))).isEmpty());
    }

    /** The table or view that a node makes. */
    static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Model model ->
                    model.materialization().isKept()
                            ? Optional.of(model.relation())
                            : Optional.empty();
            case Node.Check check -> Optional.empty();
        };
    }

    private static String hash(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
