package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import java.util.List;

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

    /**
     * The columns that values had so far, as far as their schemas tell. Any thread may ask, while
     * another decodes.
     */
    default List<Schema> columns() {
        return List.of();
    }

    /** JSON that is passed on as it is; what is wrong with it shows where it is taken apart. */
    static Decoder json() {
        return (message, out) -> {
            if (!Bytes.isText(message)) {
                throw new Undecodable("the message is not UTF-8");
            }
            out.put(message);
        };
    }
}
