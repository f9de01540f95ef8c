package dev.tarn.kafka;

import java.util.List;
import java.util.Optional;

/**
 * A message as a {@code .proto} file declares it.
 *
 * @param name with its package and the messages around it
 * @param fields in the order of the file
 * @param nested the messages declared in it, in the order of the file
 */
record ProtoMessage(String name, List<Field> fields, List<ProtoMessage> nested) {
    ProtoMessage {
        fields = List.copyOf(fields);
        nested = List.copyOf(nested);
    }

    /**
     * A field.
     *
     * @param type as it is written: {@code int32}, {@code string}, the name of a message
     * @param key the type of a map's keys
     * @param always whether a value that was not sent is the type's zero, as files of version 3 say
     *     of fields without {@code optional}
     * @param choice the number of the {@code oneof} of its message that it belongs to; 0 for none
     */
    record Field(
            String name,
            int number,
            String type,
            Optional<String> key,
            boolean repeated,
            boolean always,
            int choice) {}
}
