package dev.tarn.jinja;

import java.util.Arrays;

/**
 * A growing list of stretches of an output: where each starts, and which template wrote it. A
 * negative source offset is the complement of a single place; others advance with the text.
 */
final class Segments {
    int count;
    int[] starts = new int[8];
    int[] offsets = new int[8];
    TemplateSource[] sources = new TemplateSource[8];

    void add(int start, int offset, TemplateSource source) {
        if (count == starts.length) {
            int size = count * 2;
            starts = Arrays.copyOf(starts, size);
            offsets = Arrays.copyOf(offsets, size);
            sources = Arrays.copyOf(sources, size);
        }
        starts[count] = start;
        offsets[count] = offset;
        sources[count++] = source;
    }

    void addAll(int start, Segments inner) {
        for (int i = 0; i < inner.count; i++) {
            add(start + inner.starts[i], inner.offsets[i], inner.sources[i]);
        }
    }

    SourceMap toMap(TemplateSource fallback) {
        return new SourceMap(
                fallback,
                Arrays.copyOf(starts, count),
                Arrays.copyOf(offsets, count),
                Arrays.copyOf(sources, count));
    }
}
