package dev.tarn.model.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message for one channel, from when something first belongs into it to when it was taken.
 *
 * @param id never used twice; who gets a message again can know it by this
 * @param group what its entries have in common
 * @param dueAt when it is sent, or sent again
 * @param attempts how often that was begun
 * @param entries in the order in which they came
 */
public record Notice(
        String id,
        String channel,
        String group,
        Status status,
        Instant createdAt,
        Instant dueAt,
        int attempts,
        Optional<Instant> finishedAt,
        Optional<String> error,
        List<Entry> entries) {
    public Notice {
        entries = List.copyOf(entries);
    }

    /** How far it is. */
    public enum Status {
        WAITING,
        SENT,
        /** Given up. */
        DEAD
    }

    /** What is said about an alert. */
    public enum Event {
        FIRING,
        /** Still. */
        REMINDER,
        ACKNOWLEDGED,
        RESOLVED,
        /** Nothing is wrong; somebody tries whether messages arrive. */
        TEST
    }

    /** One alert in a message. */
    public record Entry(Alert alert, Event event, Instant at) {}

    /**
     * Somebody begins to send it: nothing is added any more.
     *
     * @param again when it is sent again if nothing is heard of this
     */
    public Notice begun(Instant again) {
        return with(Status.WAITING, again, attempts + 1, Optional.empty(), error);
    }

    public Notice sent(Instant now) {
        return with(Status.SENT, dueAt, attempts, Optional.of(now), Optional.empty());
    }

    public Notice failed(Instant again, String reason) {
        return with(Status.WAITING, again, attempts, Optional.empty(), Optional.of(reason));
    }

    public Notice dead(Instant now, String reason) {
        return with(Status.DEAD, dueAt, attempts, Optional.of(now), Optional.of(reason));
    }

    /** Sent anew; it counts as tried, so that nothing is added. */
    public Notice again(Instant now) {
        return new Notice(
                id, channel, group, Status.WAITING, now, now, 1, Optional.empty(), error, entries);
    }

    private Notice with(
            Status newStatus,
            Instant due,
            int newAttempts,
            Optional<Instant> finished,
            Optional<String> reason) {
        return new Notice(
                id,
                channel,
                group,
                newStatus,
                createdAt,
                due,
                newAttempts,
                finished,
                reason,
                entries);
    }
}
