package dev.tarn.duckdb;

/** JSON of DuckDB's that is nearly JSON: it writes a value that is no number as a bare NAN. */
final class PlanText {
    private static final String BARE = "NAN";
    private static final String READABLE = "NaN";

    private PlanText() {}

    /** The same text, with what stands outside of strings in a form that can be read. */
    static String mended(String json) {
        if (!json.contains(BARE)) {
            return json;
        }
        StringBuilder mended = new StringBuilder(json);
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString && c == '\\') {
                i++;
            } else if (c == '"') {
                inString = !inString;
            } else if (!inString && json.startsWith(BARE, i)) {
                mended.replace(i, i + BARE.length(), READABLE);
                if (i > 0 && json.charAt(i - 1) == '-') {
                    mended.setCharAt(i - 1, ' ');
                }
            }
        }
        return mended.toString();
    }
}
