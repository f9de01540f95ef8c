package dev.tarn.kafka;

/** Messages that were to be read and that the cluster does not have any more. */
sealed interface LostMessages {
    /** What is lost, in a sentence or two. */
    String text();

    String topic();

    int partition();

    /** The offset that was to be read next. */
    long next();

    /** The part of the source. */
    default String part() {
        return topic() + "/" + partition();
    }

    /**
     * Retention or somebody removed them.
     *
     * @param next the one to be read next
     * @param earliest the first that is there
     */
    record Removed(String topic, int partition, long next, long earliest) implements LostMessages {
        @Override
        public String text() {
            return "Partition %d of '%s' begins at offset %d, and %d was to be read next: the messages at offsets %d to %d are gone (at most %d)."
                    .formatted(
                            partition, topic, earliest, next, next, earliest - 1, earliest - next);
        }
    }

    /**
     * The topic was deleted and made again.
     *
     * @param next the offset to be read next in the old one
     */
    record Recreated(String topic, int partition, String oldId, String newId, long next)
            implements LostMessages {
        @Override
        public String text() {
            return "The topic '%s' was deleted and made again (it was %s and is %s): what its partition %d had at offset %d and behind it had not been read and is gone."
                    .formatted(topic, oldId, newId, partition, next);
        }
    }

    /**
     * The partition ends before the position.
     *
     * @param end behind its last message
     */
    record Truncated(String topic, int partition, long next, long end) implements LostMessages {
        @Override
        public String text() {
            return "Partition %d of '%s' ends at offset %d, and %d was to be read next: the cluster has lost messages that had landed here, and gives their offsets to others."
                    .formatted(partition, topic, end, next);
        }
    }
}
