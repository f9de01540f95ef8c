package dev.tarn.jinja;

import java.util.Arrays;

/**
 * Where each character of an output came from. Template text maps exactly; the output of an
 * expression maps to its opening braces, or into the macro that wrote it.
 */
public final class SourceMap {
    private final TemplateSource fallback;
    private final int[] starts;
    private final int[] offsets;
    private final TemplateSource[] sources;

    SourceMap(TemplateSource fallback, int[] starts, int[] offsets, TemplateSource[] sources) {
        this.fallback = fallback;
        this.starts = starts;
        this.offsets = offsets;
        this.sources = sources;
    }

    /** Returns the place in a template that wrote the character at this offset of the output. */
    public Place locate(int outputOffset) {
        int found = Arrays.binarySearch(starts, outputOffset);
        int index = found >= 0 ? found : -found - 2;
        if (index < 0) {
            return fallback.place(0);
        }
        int offset = offsets[index];
        return sources[index].place(
                offset < 0 ? ~offset : offset + Math.max(0, outputOffset - starts[index]));
    }
}
