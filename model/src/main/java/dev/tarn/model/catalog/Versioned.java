package dev.tarn.model.catalog;

import dev.tarn.model.PublicationId;

/**
 * An entry and the publication that made it what it is. Two reads with the same version saw the
 * same thing.
 */
public record Versioned(EntryKey key, Entry entry, PublicationId version) {}
