package dev.tarn.jinja;

import java.util.Arrays;

/** A template's name and text, with line breaks made uniform, and where its lines begin. */
final class TemplateSource {
    final String name;
    final String text;
    private final int[] lineStarts;

    TemplateSource(String name, String original) {
        this.name = name;
        this.text =
                original.indexOf('\r') < 0
                        ? original
                        : original.replace("\r\n", "\n").replace('\r', '\n');
        this.lineStarts = lineStarts(text);
    }

    Place place(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new Place(name, line + 1, offset - lineStarts[line] + 1);
    }

    Span span(int start, int end) {
        return new Span(place(start), place(end), start, end);
    }

    int line(int offset) {
        return place(offset).line();
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = i + 1;
        }
        return Arrays.copyOf(starts, count);
    }
}
