package dev.tarn.iceberg.rest;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Lets commits to the same table take turns, in the order in which they came. The catalog decides
 * what is committed, whoever commits; this only keeps the clients of one server from working in vain
 * against each other.
 */
final class Turns {
    private static final int QUEUES = 256;

    private final List<ReentrantLock> queues =
            IntStream.range(0, QUEUES).mapToObj(i -> new ReentrantLock(true)).toList();

    <T> T inTurn(RefName ref, Collection<TableName> tables, Supplier<T> work) {
        Deque<ReentrantLock> held = new ArrayDeque<>();
        try {
            // Always in the same order, so that nobody waits for who waits for them.
            tables.stream()
                    .map(table -> Math.floorMod(Objects.hash(ref, table), QUEUES))
                    .distinct()
                    .sorted()
                    .map(queues::get)
                    .forEach(queue -> {
                        queue.lock();
                        held.push(queue);
                    });
            return work.get();
        } finally {
            held.forEach(ReentrantLock::unlock);
        }
    }
}
