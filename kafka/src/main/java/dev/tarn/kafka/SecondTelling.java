package dev.tarn.kafka;

import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells half of the messages to a sink of their own, by a thread of their own. The portion lends
 * its sink; whoever reads the messages ends it.
 */
final class SecondTelling implements Portion {
    private static final long MOST_SECONDS = 2;

    private final MessageRows rows;
    private final CompletableFuture<MessageTeller> lent = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    SecondTelling(MessageRows rows) {
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

    /** What tells the other half, if somebody gave a sink. */
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
}
