package dev.tarn.containers;

/** The last line of a text that comes in pieces; where one finds help is none. */
final class LastLine {
    private static final int MAX = 200;

    private final StringBuilder line = new StringBuilder();
    private String whole = "";

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                whole = says(line) ? line.toString().strip() : whole;
                line.setLength(0);
            } else if (line.length() <= MAX) {
                line.append(c);
            }
        }
    }

    String text() {
        String last = says(line) ? line.toString().strip() : whole;
        return last.length() <= MAX ? last : last.substring(0, MAX) + "…";
    }

    private static boolean says(StringBuilder line) {
        String text = line.toString().strip();
        return !text.isEmpty() && !(text.startsWith("Run '") && text.contains("--help"));
    }
}
