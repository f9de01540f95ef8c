package dev.tarn.model.alert;

import java.util.Locale;

/** How bad something is; later ones are worse. */
public enum Severity {
    INFO,
    WARNING,
    ERROR,
    CRITICAL;

    /** As files and messages write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isAtLeast(Severity least) {
        return compareTo(least) >= 0;
    }
}
