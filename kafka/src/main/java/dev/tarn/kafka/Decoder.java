package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.ObjectForm;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the bytes of keys or values into JSON, or texts into quoted ones. Used by one thread. */
interface Decoder {
    /**
     * Appends a value.
     *
     * @throws Undecodable with the reason why these bytes are none
     * @throws dev.tarn.model.TarnException if it cannot be known now, because a registry that has
     *     to be asked does not answer
     */
    void decode(byte[] message, JsonBytes out) throws Undecodable;

    /** The same as an array of its own, which may be the message itself. */
    default byte[] decoded(byte[] message, JsonBytes room) throws Undecodable {
        room.clear();
        decode(message, room);
        return room.copy();
    }

    /**
     * What has taken a value apart already, so that its members can be told without JSON; empty if
     * nothing can.
     *
     * @throws Undecodable as {@link #decode}
     */
    default Optional<Taken> taken(byte[] message) throws Undecodable {
        return Optional.empty();
    }

    /**
     * An object that was taken apart.
     *
     * @param from where it begins in its message
     */
    record Taken(ObjectForm form, int from) {}

    /**
     * The columns that values had so far, as far as their schemas tell. Any thread may ask, while
     * another decodes.
     */
    default List<Schema> columns() {
        return List.of();
    }

    /** The names of columns of which a schema did not say what they are, though it has them. */
    default Set<String> untold() {
        return Set.of();
    }

    /** JSON that is passed on as it is; what is wrong with it shows where it is taken apart. */
    static Decoder json() {
        return new Decoder() {
            @Override
            public void decode(byte[] message, JsonBytes out) throws Undecodable {
                out.put(decoded(message, out));
            }

            @Override
            public byte[] decoded(byte[] message, JsonBytes room) throws Undecodable {
                if (!Bytes.isText(message)) {
                    throw new Undecodable("the message is not UTF-8");
                }
                return message;
            }
        };
    }
}
