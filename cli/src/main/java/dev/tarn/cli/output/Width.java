package dev.tarn.cli.output;

import org.jline.utils.WCWidth;

/** How many columns of a terminal a text takes: none for accents, two for wide characters. */
final class Width {
    private Width() {}

    static int of(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            width += of(c);
            i += Character.charCount(c);
        }
        return width;
    }

    /** The text, or as much of it as fits before an ellipsis. */
    static String cut(String text, int limit) {
        if (of(text) <= limit) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            width += of(c);
            if (width > limit - 1) {
                break;
            }
            kept.appendCodePoint(c);
            i += Character.charCount(c);
        }
        return kept.append('…').toString();
    }

    private static int of(int codePoint) {
        return codePoint >= ' ' && codePoint < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(codePoint));
    }
}
