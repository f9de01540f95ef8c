package dev.tarn.spi;

import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.Desk;
import dev.tarn.model.alert.Mark;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Signal;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.alert.Told;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a piece of work on an {@link AlertStore} can ask and do; of no use after it. */
public interface AlertTables {
    /** The number of this change: larger than those of all before. 0 for who only reads. */
    long token();

    // Who does it.

    Desk desk();

    void put(Desk desk);

    // Alerts.

    /** Adds or replaces. */
    void put(Alert alert);

    /** The open ones, oldest first. */
    List<Alert> open();

    Optional<Alert> alert(String id);

    /** Newest first. */
    List<Alert> alerts(int limit);

    /** What channels were told of alerts that are open, or whose end they were not told yet. */
    List<Told> told();

    void put(Told told);

    /** Alerts that are over, and what of them was told last is not that. */
    List<Alert> overUntold();

    /**
     * Forgets alerts that were over before a time, messages that ended before it, and silences that
     * ended before it.
     *
     * @param limit of each how many at most
     */
    void forget(Instant before, int limit);

    // Messages.

    /** Adds or replaces, with its entries. */
    void put(Notice notice);

    /** The message of a group that nobody has tried to send yet. */
    Optional<Notice> gathering(String channel, String group);

    /** When a message of a group was last taken. */
    Optional<Instant> lastSent(String channel, String group);

    /** Those that are to be sent, the oldest of each channel first. */
    List<Notice> due(Instant now, int limit);

    /** The first time at which one is to be sent. */
    Optional<Instant> nextDue();

    Optional<Notice> notice(String id);

    /** Newest first. */
    List<Notice> notices(Notice.Status status, int limit);

    /** How many there are. */
    long count(Notice.Status status);

    // What else is kept.

    void put(Silence silence);

    void removeSilence(String id);

    /** By their ends. */
    List<Silence> silences();

    /** What parts of the program said is wrong, by kind and subject. */
    List<Signal> signals();

    /** Keeps when it began if it is there already. */
    void raise(Signal signal);

    void clear(String kind, String subject);

    Optional<Mark> mark(String name);

    void put(Mark mark);
}
