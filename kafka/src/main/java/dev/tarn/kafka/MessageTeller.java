package dev.tarn.kafka;

import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tells the messages of a batch as rows, in their order, by a thread of its own: while those of one
 * poll are told, the next ones are fetched. No more than these two polls are in memory.
 */
final class MessageTeller implements AutoCloseable {
    private final MessageRows rows;
    private final RowSink sink;
    private final Refusals refusals;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("messages-", 1).factory());
    private Future<?> telling = CompletableFuture.completedFuture(null);
    private long count;
    private long bytes;

    MessageTeller(MessageRows rows, RowSink sink, Refusals refusals) {
        this.rows = rows;
        this.sink = sink;
        this.refusals = refusals;
    }

    /** Takes the messages of a poll, once those before have been told. */
    void tell(List<ConsumerRecord<byte[], byte[]>> messages) {
        if (messages.isEmpty()) {
            return;
        }
        count += messages.size();
        for (ConsumerRecord<byte[], byte[]> message : messages) {
            bytes += Math.max(0, message.serializedKeySize());
            bytes += Math.max(0, message.serializedValueSize());
        }
        await();
        telling =
                thread.submit(
                        () -> messages.forEach(message -> rows.tell(message, sink, refusals)));
    }

    /** How many messages were taken. */
    long count() {
        return count;
    }

    /** What they have. */
    long bytes() {
        return bytes;
    }

    /** Waits until all messages have been told. */
    void await() {
        try {
            telling.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("Telling messages failed.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaErrors.interrupted();
        }
    }

    /** Waits for the thread: whoever owns the sink may close it then. */
    @Override
    public void close() {
        thread.close();
    }
}
