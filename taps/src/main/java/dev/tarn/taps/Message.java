package dev.tarn.taps;

import java.util.List;

/** What a program tells in a line. */
sealed interface Message {
    /** A row of the stream that is read. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Row(byte[] json) implements Message {}

    /** Where reading stands behind all rows that were told before. */
    record State(String value) implements Message {}

    /** The columns that name a row. */
    record Key(List<String> columns) implements Message {}

    /** It gives up. */
    record Failure(String reason) implements Message {}

    /** Nothing that matters here. */
    record Other() implements Message {}
}
