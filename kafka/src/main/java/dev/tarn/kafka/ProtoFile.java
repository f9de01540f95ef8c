package dev.tarn.kafka;

import dev.tarn.kafka.SchemaRegistry.Registered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one schema of protocol buffers with those of the files it imports, and how bytes
 * of them are read.
 */
final class ProtoFile {
    private final Map<String, ProtoMessage> messages;
    private final Map<String, List<String>> enums;
    private final List<ProtoMessage> top;

    private ProtoFile(
            Map<String, ProtoMessage> messages,
            Map<String, List<String>> enums,
            List<ProtoMessage> top) {
        this.messages = messages;
        this.enums = enums;
        this.top = top;
    }

    /**
     * Reads a schema as a registry has it.
     *
     * @throws Undecodable if it cannot be read
     */
    static ProtoFile of(int id, Registered schema) throws Undecodable {
        Map<String, ProtoMessage> messages = new HashMap<>();
        Map<String, List<String>> enums = new HashMap<>();
        List<ProtoMessage> top = new ArrayList<>();
        try {
            for (SchemaRegistry.Reference reference : schema.references()) {
                ProtoParser parser = new ProtoParser(reference.text());
                parser.file();
                parser.addTo(messages, enums);
            }
            ProtoParser parser = new ProtoParser(schema.text());
            top.addAll(parser.file());
            parser.addTo(messages, enums);
        } catch (ProtoParser.Unreadable e) {
            throw new Undecodable(
                    "its schema %d is no file of protocol buffers: %s"
                            .formatted(id, e.getMessage()));
        }
        if (top.isEmpty()) {
            throw new Undecodable("its schema " + id + " has no message");
        }
        return new ProtoFile(messages, enums, top);
    }

    /** Appends a message, before which stands which one of the file it is. */
    void read(byte[] bytes, int from, JsonBytes out) throws Undecodable {
        ProtoReader in = new ProtoReader(bytes, from, bytes.length, this);
        int depth = in.zigzag();
        ProtoMessage message = depth == 0 ? top.getFirst() : null;
        for (int i = 0; i < depth; i++) {
            int index = in.zigzag();
            List<ProtoMessage> choices = message == null ? top : message.nested();
            if (index < 0 || index >= choices.size()) {
                throw new Undecodable("its schema has no message with the number it names");
            }
            message = choices.get(index);
        }
        if (message == null) {
            throw new Undecodable("it does not name a message of its schema");
        }
        in.message(message, out);
    }

    /** The message that a name means in the scope of another one; null if it is none. */
    @Nullable ProtoMessage message(String name, String scope) {
        return found(messages, name, scope);
    }

    /** The symbols of an enumeration, {@code number=NAME}; null if the name is of none. */
    @Nullable List<String> symbols(String name, String scope) {
        return found(enums, name, scope);
    }

    private static <T> @Nullable T found(Map<String, T> known, String name, String scope) {
        if (name.startsWith(".")) {
            return known.get(name.substring(1));
        }
        String within = scope;
        while (!within.isEmpty()) {
            T found = known.get(within + "." + name);
            if (found != null) {
                return found;
            }
            int dot = within.lastIndexOf('.');
            within = dot < 0 ? "" : within.substring(0, dot);
        }
        return known.get(name);
    }
}
