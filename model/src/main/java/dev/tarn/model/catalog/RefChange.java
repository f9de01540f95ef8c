package dev.tarn.model.catalog;

import java.util.Optional;

/**
 * What a ref holds differently from its parent.
 *
 * @param base the entry the parent had when the ref was cut; empty if there was none
 * @param own the ref's own value; empty if it dropped the entry
 */
public record RefChange(EntryKey key, Optional<Versioned> base, Optional<Entry> own) {}
