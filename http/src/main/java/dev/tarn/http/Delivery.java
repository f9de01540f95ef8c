package dev.tarn.http;

import dev.tarn.http.KeyLog.Landed;
import dev.tarn.http.RestPages.Row;
import dev.tarn.model.table.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request that waits for its rows to land. */
final class Delivery {
    final String id;
    final Optional<String> keyHash;
    final String bodyHash;
    final List<Row> rows;

    /** What its body says of the types of their members. */
    final Optional<Schema> members;

    final long bytes;
    final Instant received;

    /** What became of it. */
    final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

    /** What has landed with its key before, by the state that its batch was read at. */
    private volatile @Nullable Landed before;

    Delivery(
            String id,
            Optional<String> keyHash,
            String bodyHash,
            PushBody body,
            long bytes,
            Instant received) {
        this.id = id;
        this.keyHash = keyHash;
        this.bodyHash = bodyHash;
        this.rows = body.rows();
        this.members = body.members();
        this.bytes = bytes;
        this.received = received;
    }

    /**
     * What became of a delivery.
     *
     * @param rows that it had
     * @param duplicate whether they had landed before
     * @param conflict whether another body had landed with its key
     */
    record Verdict(
            long rows, boolean duplicate, boolean conflict, List<PushDesk.Rejected> rejected) {}

    Optional<Landed> before() {
        return Optional.ofNullable(before);
    }

    void before(Optional<Landed> landed) {
        before = landed.orElse(null);
    }

    boolean isConflict() {
        return before().filter(b -> !b.body().equals(bodyHash)).isPresent();
    }
}
