package dev.tarn.model.alert;

import java.time.Instant;

/**
 * Something that a part of the program says is wrong, until it says that it no longer is.
 *
 * @param kind the word of an {@link AlertKind}; other words are kept and told to nobody
 * @param subject what it is about; there is one signal for a kind and a subject
 * @param since when it began
 * @param message what is wrong and what would mend it, in whole sentences
 */
public record Signal(String kind, String subject, Instant since, String message) {}
