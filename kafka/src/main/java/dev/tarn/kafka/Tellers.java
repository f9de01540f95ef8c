package dev.tarn.kafka;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One or two that tell the messages of a batch; two have half of each poll. */
final class Tellers {
    private final MessageTeller one;
    private final Optional<MessageTeller> other;

    Tellers(MessageTeller one, Optional<MessageTeller> other) {
        this.one = one;
        this.other = other;
    }

    /** Takes the messages of a poll, once those before have been told. */
    void tell(List<ConsumerRecord<byte[], byte[]>> messages) {
        int half = other.isPresent() ? messages.size() / 2 : messages.size();
        one.tell(messages.subList(0, half));
        other.ifPresent(o -> o.tell(messages.subList(half, messages.size())));
    }

    /** How many messages were taken. */
    long count() {
        return one.count() + other.map(MessageTeller::count).orElse(0L);
    }

    /** What they have. */
    long bytes() {
        return one.bytes() + other.map(MessageTeller::bytes).orElse(0L);
    }

    /** Waits until all messages have been told. */
    void await() {
        one.await();
        other.ifPresent(MessageTeller::await);
    }
}
