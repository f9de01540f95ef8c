package dev.tarn.formats;

import dev.tarn.model.table.Type;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Guesses the type of values that the names of folders give. */
final class PartitionTypes {
    private PartitionTypes() {}

    /** The narrowest type that has all values. */
    static Type of(List<Optional<String>> values) {
        List<String> texts = values.stream().flatMap(Optional::stream).distinct().toList();
        if (!texts.isEmpty() && texts.stream().allMatch(PartitionTypes::isWhole)) {
            return Type.Primitive.BIGINT;
        }
        return !texts.isEmpty() && texts.stream().allMatch(PartitionTypes::isDate)
                ? Type.Primitive.DATE
                : Type.Primitive.VARCHAR;
    }

    /** Zeros in front are part of a code, not of a number. */
    private static boolean isWhole(String text) {
        return text.matches("0|-?[1-9]\\d{0,17}");
    }

    private static boolean isDate(String text) {
        try {
            return text.length() == 10 && LocalDate.parse(text).toString().equals(text);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
