package dev.tarn.project;

import java.util.Locale;
import java.util.Optional;

/** Which tests come along with the nodes that are selected. */
public enum IndirectSelection {
    /** Tests of any selected node. */
    EAGER,
    /** Tests all of whose nodes are selected. */
    CAUTIOUS,
    /** Tests all of whose nodes are selected or are read by what is selected. */
    BUILDABLE,
    /** None. */
    EMPTY;

    public static Optional<IndirectSelection> parse(String word) {
        for (IndirectSelection one : values()) {
            if (one.name().equals(word.toUpperCase(Locale.ROOT))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
