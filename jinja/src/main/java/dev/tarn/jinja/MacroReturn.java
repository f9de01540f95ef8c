package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/**
 * Ends the nearest named macro with a value that need not be text. A host that offers {@code
 * return(value)} throws it; the body of a call block passes it on.
 */
public final class MacroReturn extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient @Nullable Object value;

    public MacroReturn(@Nullable Object value) {
        super("return() was used outside of a macro.", null, false, false);
        this.value = value;
    }

    public @Nullable Object value() {
        return value;
    }
}
