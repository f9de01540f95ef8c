package dev.tarn.kafka;

import dev.tarn.kafka.KafkaOptions.Envelope;
import dev.tarn.kafka.SchemaRegistry.Registered;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** Messages that begin with a zero and the four bytes of their schema's number. */
abstract sealed class RegisteredDecoder<R> implements Decoder {
    private static final int HEAD = 5;

    private final SchemaRegistry registry;
    private final String kind;
    private final Map<Integer, R> readers = new HashMap<>();
    private final Map<Integer, dev.tarn.model.table.Schema> columns = new TreeMap<>();

    private RegisteredDecoder(SchemaRegistry registry, String kind) {
        this.registry = registry;
        this.kind = kind;
    }

    /** Makes what reads the messages of a schema. */
    abstract R reader(int id, Registered schema) throws Undecodable;

    /** Reads a message from an offset on. */
    abstract void read(R reader, byte[] message, int from, JsonBytes out) throws Undecodable;

    /** Notes what a schema says of columns. */
    synchronized void note(int id, dev.tarn.model.table.Schema schema) {
        columns.put(id, schema);
    }

    @Override
    public synchronized List<dev.tarn.model.table.Schema> columns() {
        return List.copyOf(columns.values());
    }

    @Override
    public void decode(byte[] message, JsonBytes out) throws Undecodable {
        if (message.length < HEAD || message[0] != 0) {
            throw new Undecodable(
                    "the message does not begin with a zero and the number of a schema");
        }
        int id = ByteBuffer.wrap(message, 1, 4).getInt();
        R reader = readers.get(id);
        if (reader == null) {
            Registered schema = registry.schema(id);
            if (!schema.kind().equals(kind)) {
                throw new Undecodable(
                        "its schema %d is of the kind %s, not %s"
                                .formatted(id, schema.kind(), kind));
            }
            reader = reader(id, schema);
            readers.put(id, reader);
        }
        read(reader, message, HEAD, out);
    }

    /** Avro's binary form. */
    static final class OfAvro extends RegisteredDecoder<AvroReader> {
        private final Envelope envelope;

        OfAvro(SchemaRegistry registry) {
            this(registry, Envelope.NONE);
        }

        OfAvro(SchemaRegistry registry, Envelope envelope) {
            super(registry, "AVRO");
            this.envelope = envelope;
        }

        @Override
        AvroReader reader(int id, Registered schema) throws Undecodable {
            try {
                Schema.Parser parser = new Schema.Parser();
                for (SchemaRegistry.Reference reference : schema.references()) {
                    parser.parse(reference.text());
                }
                Schema avro = parser.parse(schema.text());
                note(
                        id,
                        envelope == Envelope.DEBEZIUM
                                ? AvroColumns.ofRow(avro)
                                : AvroColumns.of(avro));
                return new AvroReader(avro);
            } catch (SchemaParseException e) {
                throw new Undecodable("its schema " + id + " is no Avro schema");
            } catch (AvroRuntimeException e) {
                throw new Undecodable("its schema " + id + " cannot be used: " + e.getMessage());
            }
        }

        @Override
        void read(AvroReader reader, byte[] message, int from, JsonBytes out) throws Undecodable {
            reader.read(message, from, out);
        }
    }

    /**
     * Protocol buffers: between the number and the message stands which message of the file it is.
     */
    static final class OfProtobuf extends RegisteredDecoder<ProtoFile> {
        OfProtobuf(SchemaRegistry registry) {
            super(registry, "PROTOBUF");
        }

        @Override
        ProtoFile reader(int id, Registered schema) throws Undecodable {
            return ProtoFile.of(id, schema);
        }

        @Override
        void read(ProtoFile file, byte[] message, int from, JsonBytes out) throws Undecodable {
            file.read(message, from, out);
        }
    }

    /** JSON behind the number; the schema is for whoever writes. */
    static final class OfJsonSchema extends RegisteredDecoder<Decoder> {
        OfJsonSchema(SchemaRegistry registry) {
            super(registry, "JSON");
        }

        @Override
        Decoder reader(int id, Registered schema) {
            return Decoder.json();
        }

        @Override
        void read(Decoder reader, byte[] message, int from, JsonBytes out) throws Undecodable {
            reader.decode(Arrays.copyOfRange(message, from, message.length), out);
        }
    }
}
