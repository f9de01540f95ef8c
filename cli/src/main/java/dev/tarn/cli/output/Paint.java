package dev.tarn.cli.output;

/** Colours and weights of texts on a terminal; elsewhere texts stay as they are. */
public enum Paint {
    PLAIN,
    ANSI;

    public static Paint when(boolean terminal) {
        return terminal ? ANSI : PLAIN;
    }

    public String bold(String text) {
        return wrapped("1", text);
    }

    public String dim(String text) {
        return wrapped("2", text);
    }

    public String red(String text) {
        return wrapped("31", text);
    }

    public String green(String text) {
        return wrapped("32", text);
    }

    public String yellow(String text) {
        return wrapped("33", text);
    }

    public String cyan(String text) {
        return wrapped("36", text);
    }

    private String wrapped(String code, String text) {
        return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
