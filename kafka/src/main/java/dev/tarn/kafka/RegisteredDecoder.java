package dev.tarn.kafka;

import dev.tarn.kafka.KafkaOptions.Envelope;
import dev.tarn.kafka.SchemaRegistry.Registered;
import dev.tarn.spi.ObjectForm;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Set<String> untold = new HashSet<>();

    private RegisteredDecoder(SchemaRegistry registry, String kind) {
        this.registry = registry;
        this.kind = kind;
    }

    /** Makes what reads the messages of a schema. */
    abstract R reader(int id, Registered schema) throws Undecodable;

    /** Reads a message from an offset on. */
    abstract void read(R reader, byte[] message, int from, JsonBytes out) throws Undecodable;

    /**
     * Notes what a schema says of columns.
     *
     * @param others those of which it does not say what they are
     */
    synchronized void note(int id, dev.tarn.model.table.Schema schema, Set<String> others) {
        columns.put(id, schema);
        untold.addAll(others);
    }

    @Override
    public synchronized Set<String> untold() {
        return Set.copyOf(untold);
    }

    @Override
    public synchronized List<dev.tarn.model.table.Schema> columns() {
        return List.copyOf(columns.values());
    }

    /** What takes messages of a schema apart for telling them; empty if nothing does. */
    Optional<ObjectForm> form(R reader) {
        return Optional.empty();
    }

    @Override
    public Optional<Taken> taken(byte[] message) throws Undecodable {
        Optional<ObjectForm> form = form(reader(message));
        return form.isPresent() && form.get().read(message, HEAD, message.length)
                ? Optional.of(new Taken(form.get(), HEAD))
                : Optional.empty();
    }

    @Override
    public void decode(byte[] message, JsonBytes out) throws Undecodable {
        read(reader(message), message, HEAD, out);
    }

    /** What reads the messages of the schema that a message names. */
    private R reader(byte[] message) throws Undecodable {
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
        return reader;
    }

    /** Avro's binary form. */
    static final class OfAvro extends RegisteredDecoder<RegisteredDecoder.OfAvro.Reader> {
        private final Envelope envelope;

        /** What reads the messages of a schema as JSON, and field by field if that can be. */
        record Reader(AvroReader json, Optional<ObjectForm> fields) {}

        OfAvro(SchemaRegistry registry) {
            this(registry, Envelope.NONE);
        }

        OfAvro(SchemaRegistry registry, Envelope envelope) {
            super(registry, "AVRO");
            this.envelope = envelope;
        }

        @Override
        Reader reader(int id, Registered schema) throws Undecodable {
            try {
                Schema.Parser parser = new Schema.Parser();
                for (SchemaRegistry.Reference reference : schema.references()) {
                    parser.parse(reference.text());
                }
                Schema avro = parser.parse(schema.text());
                boolean whole = envelope == Envelope.NONE;
                Schema row = envelope == Envelope.DEBEZIUM ? AvroColumns.row(avro) : avro;
                dev.tarn.model.table.Schema columns = AvroColumns.of(row);
                note(id, columns, AvroColumns.untold(row));
                return new Reader(
                        new AvroReader(avro),
                        whole ? AvroObjects.of(avro, columns) : Optional.empty());
            } catch (SchemaParseException e) {
                throw new Undecodable("its schema " + id + " is no Avro schema");
            } catch (AvroRuntimeException e) {
                throw new Undecodable("its schema " + id + " cannot be used: " + e.getMessage());
            }
        }

        @Override
        void read(Reader reader, byte[] message, int from, JsonBytes out) throws Undecodable {
            reader.json().read(message, from, out);
        }

        @Override
        Optional<ObjectForm> form(Reader reader) {
            return reader.fields();
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
