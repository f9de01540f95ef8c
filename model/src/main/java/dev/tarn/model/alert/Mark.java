package dev.tarn.model.alert;

import java.time.Instant;

/** A number that is remembered to compare with later ones. */
public record Mark(String name, long value, Instant at) {}
