package dev.tarn.run;

import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;

/** What a table or view was made from; kept with it in the catalog. */
record Provenance(Map<String, String> attributes) {
    static final String FINGERPRINT = "fingerprint";
    static final String INPUTS = "inputs";
    static final String GRANTS = "grants";

    /** Whether the last rows were added to those that were there. */
    static final String ADDED = "added";

    /** What people say about a node: it may change while the table stays as it is. */
    private static final Set<String> SAID = Set.of("owner", "description", GRANTS);

    static Provenance of(Node node, TaskContext context) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("node", node.id().value());
        attributes.put("run", context.run().value());
        attributes.put(FINGERPRINT, node.common().fingerprint());
        attributes.put(INPUTS, inputs(node, context));
        node.common().owner().ifPresent(owner -> attributes.put("owner", owner));
        if (!node.common().description().isBlank()) {
            attributes.put("description", node.common().description());
        }
        Object grants = context.project().manifest().config(node.id()).get("grants");
        if (grants instanceof Map<?, ?> wanted && !wanted.isEmpty()) {
            attributes.put(GRANTS, grants(wanted));
        }
        return new Provenance(attributes);
    }

    /** What a node reads in this run, as a short text; two that are equal read the same rows. */
    static String inputs(Node node, TaskContext context) {
        String whole =
                new Identities(
                                context.project(),
                                context.view(),
                                context.substitutes(),
                                new OtherReads(context)::of)
                        .inputs(node);
        RunRequest.InputData data = context.data();
        boolean byPeriods =
                node instanceof Node.Model model
                        && model.materialization() instanceof Materialization.Incremental i
                        && i.strategy() instanceof Materialization.Strategy.Microbatch;
        return whole
                + (Fleeting.code(node).stream().anyMatch(context::isBent)
                        ? " " + UUID.randomUUID()
                        : "")
                + (data.empty() ? " empty" : "")
                + part("sample", data.sample())
                + (byPeriods ? part("period", data.period()) : "");
    }

    private static String part(String word, RunRequest.Period period) {
        return period.equals(RunRequest.Period.OPEN)
                ? ""
                : " %s %s..%s"
                        .formatted(
                                word,
                                period.start().map(Object::toString).orElse(""),
                                period.end().map(Object::toString).orElse(""));
    }

    /** {@code select to a, b; insert to c}: for people to read; nothing enforces it here. */
    private static String grants(Map<?, ?> wanted) {
        StringJoiner all = new StringJoiner("; ");
        wanted.forEach((privilege, grantees) -> {
            StringJoiner names = new StringJoiner(", ");
            (grantees instanceof List<?> list ? list : List.of(String.valueOf(grantees)))
                    .forEach(g -> names.add(String.valueOf(g)));
            all.add(privilege + " to " + names);
        });
        return all.toString();
    }

    /** Whether something is said about the node now that is not kept with what is there. */
    boolean saysElse(Entry there) {
        return !said(attributes).equals(said(there.attributes()));
    }

    /** What is there, with what is said about the node now; what it was made from stays. */
    Entry said(Entry there) {
        Map<String, String> all = new HashMap<>(there.attributes());
        SAID.forEach(all::remove);
        all.putAll(said(attributes));
        return NameStatements.signed(there, all);
    }

    private static Map<String, String> said(Map<String, String> attributes) {
        Map<String, String> said = new HashMap<>(attributes);
        said.keySet().retainAll(SAID);
        return said;
    }

    /**
     * The table with what is known about where it came from. It is no longer what its node made:
     * that is made again by the next run.
     */
    static Entry.Table changed(Entry.Table table) {
        Map<String, String> attributes = new HashMap<>(table.attributes());
        attributes.remove(FINGERPRINT);
        return new Entry.Table(table.pointer(), attributes);
    }

    /** Whether what is there was made from the same code and the same inputs. */
    boolean isThatOf(Optional<Versioned> existing) {
        return existing.map(v -> v.entry().attributes())
                .filter(a -> same(a, FINGERPRINT) && same(a, INPUTS))
                .isPresent();
    }

    private boolean same(Map<String, String> other, String attribute) {
        String mine = attributes.get(attribute);
        return mine != null && mine.equals(other.get(attribute));
    }
}
