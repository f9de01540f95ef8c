package dev.tarn.run;

import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a table or view was made from; kept with it in the catalog. */
record Provenance(Map<String, String> attributes) {
    static final String FINGERPRINT = "fingerprint";
    static final String INPUTS = "inputs";

    static Provenance of(Node node, TaskContext context) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("node", node.id().value());
        attributes.put("run", context.run().value());
        attributes.put(FINGERPRINT, node.common().fingerprint());
        attributes.put(INPUTS, new Identities(context.project(), context.view()).inputs(node));
        node.common().owner().ifPresent(owner -> attributes.put("owner", owner));
        if (!node.common().description().isBlank()) {
            attributes.put("description", node.common().description());
        }
        return new Provenance(attributes);
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
