package dev.tarn.iceberg.rest;

import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.spi.Catalog;
import java.util.List;
import java.util.Optional;

/** Makes changes visible: each request of a client that changes something is one publication. */
final class Publishing {
    private static final int ORIGIN_MAX = 60;

    private final Catalog catalog;

    Publishing(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * @param what what happened, for the history
     * @param engine who says it is at work; empty to tell from the request
     * @return what stood in the way; empty if it is published
     */
    List<CommitResult.Conflict> attempt(
            Exchange exchange, List<Change> changes, String what, Optional<String> engine) {
        String message = what + " by " + engine.orElseGet(() -> origin(exchange));
        String principal = exchange.call().principal();
        CommitResult result =
                catalog.commit(
                        CommitRequest.of(
                                exchange.ref(),
                                changes,
                                principal.isEmpty() ? message : message + " as " + principal));
        return switch (result) {
            case CommitResult.Published published -> List.of();
            case CommitResult.Conflicted conflicted -> conflicted.conflicts();
        };
    }

    /** Publishes, or tells the client that somebody was first. */
    void publish(Exchange exchange, List<Change> changes, String what) {
        List<CommitResult.Conflict> conflicts = attempt(exchange, changes, what, Optional.empty());
        if (!conflicts.isEmpty()) {
            throw RestErrors.moved(conflicts);
        }
    }

    /** The program at the other end, by what it says of itself. */
    static String origin(Exchange exchange) {
        String said =
                exchange.header("x-client-version")
                        .or(() -> exchange.header("user-agent"))
                        .orElse("an Iceberg client")
                        .replaceAll("\\s*\\(.*", "")
                        .replaceAll("[^ -~]", "?")
                        .strip();
        return said.substring(0, Math.min(said.length(), ORIGIN_MAX));
    }
}
