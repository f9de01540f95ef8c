package dev.tarn.jinja;

/**
 * A stretch of a template.
 *
 * @param start the place of its first character
 * @param end the place behind its last character
 * @param startOffset the same as an offset into {@link Template#source()}
 * @param endOffset exclusive
 */
public record Span(Place start, Place end, int startOffset, int endOffset) {}
