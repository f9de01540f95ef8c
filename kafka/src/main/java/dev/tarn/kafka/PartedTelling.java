package dev.tarn.kafka;

import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tells messages of every other partition to a sink of their own, by a thread of their own. The
 * portion lends its sink; whoever reads the messages ends it.
 */
final class PartedTelling implements Portion {
    private static final long MOST_SECONDS = 5;

    private final MessageRows rows;
    private final CompletableFuture<MessageTeller> lent = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    PartedTelling(MessageRows rows) {
        this.rows = rows;
    }

    @Override
    public Outcome read(RowSink sink, Refusals refusals) {
        try (MessageTeller teller = new MessageTeller(rows, sink, refusals)) {
            lent.complete(teller);
            ended.await();
            return new Outcome(Map.of(), 0, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaErrors.interrupted();
        }
    }

    /** What tells the messages of the partitions whose number is odd, if somebody gave a sink. */
    Optional<MessageTeller> teller() {
        try {
            return Optional.of(lent.get(MOST_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaErrors.interrupted();
        }
    }

    /** Nothing is told any more. */
    void end() {
        ended.countDown();
    }

    /** Hands messages to the one or the other. */
    static void tell(
            List<ConsumerRecord<byte[], byte[]>> messages, MessageTeller even, MessageTeller odd) {
        List<ConsumerRecord<byte[], byte[]>> evens = new ArrayList<>(messages.size());
        List<ConsumerRecord<byte[], byte[]>> odds = new ArrayList<>(messages.size());
        for (ConsumerRecord<byte[], byte[]> message : messages) {
            ((message.partition() & 1) == 0 ? evens : odds).add(message);
        }
        even.tell(evens);
        odd.tell(odds);
    }
}
