package dev.tarn.kafka;

import dev.tarn.kafka.KafkaOptions.Coding;
import dev.tarn.kafka.KafkaOptions.Envelope;
import java.util.Optional;

/** How the bytes of each coding are read. */
final class Decoders {
    private Decoders() {}

    /** Empty: the bytes as they are. */
    static Optional<Decoder> of(
            Coding coding, Envelope envelope, Optional<SchemaRegistry> registry) {
        return switch (coding) {
            case BYTES -> Optional.empty();
            case TEXT, JSON -> Optional.of(Decoder.json());
            case AVRO ->
                    Optional.of(new RegisteredDecoder.OfAvro(registry.orElseThrow(), envelope));
            case PROTOBUF -> Optional.of(new RegisteredDecoder.OfProtobuf(registry.orElseThrow()));
            case JSON_SCHEMA ->
                    Optional.of(new RegisteredDecoder.OfJsonSchema(registry.orElseThrow()));
        };
    }
}
