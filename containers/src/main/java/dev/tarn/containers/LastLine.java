package dev.tarn.containers;

/** The last line of a text that comes in pieces. */
final class LastLine {
    private static final int MAX = 200;

    private final StringBuilder line = new StringBuilder();
    private String whole = "";

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                whole = line.toString().isBlank() ? whole : line.toString().strip();
                line.setLength(0);
            } else if (line.length() <= MAX) {
                line.append(c);
            }
        }
    }

    String text() {
        String last = line.toString().isBlank() ? whole : line.toString().strip();
        return last.length() <= MAX ? last : last.substring(0, MAX) + "…";
    }
}
