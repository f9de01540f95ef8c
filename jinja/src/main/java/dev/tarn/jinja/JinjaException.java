package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Any failure of a template, with its place and the macro calls that led there. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is; most are named after Python's exceptions. */
    public enum Kind {
        SYNTAX,
        UNDEFINED,
        TYPE,
        VALUE,
        KEY,
        INDEX,
        ATTRIBUTE,
        ZERO_DIVISION,
        ASSERTION,
        RUNTIME,
        TEMPLATE_NOT_FOUND,
        LIMIT,
        SECURITY,
        HOST
    }

    /**
     * One macro that was being executed.
     *
     * @param macro its name
     * @param place where it was called, or null if host code called it
     */
    public record Frame(String macro, @Nullable Place place) {
        @Override
        public String toString() {
            return place == null
                    ? "macro '" + macro + "'"
                    : "macro '" + macro + "' called at " + place;
        }
    }

    private final Kind kind;
    private final String reason;
    private final @Nullable String hint;
    private final transient List<Frame> frames = new ArrayList<>();
    private transient @Nullable Place place;

    JinjaException(
            Kind kind,
            String reason,
            @Nullable String hint,
            @Nullable Place place,
            @Nullable Throwable cause) {
        super(reason, cause);
        this.kind = kind;
        this.reason = reason;
        this.hint = hint;
        this.place = place;
    }

    /** Makes an error for host code to throw; it gets the place of the call that reached it. */
    public static JinjaException of(Kind kind, String reason) {
        return new JinjaException(kind, reason, null, null, null);
    }

    public Kind kind() {
        return kind;
    }

    /** Returns the bare reason, without the place. */
    public String reason() {
        return reason;
    }

    /** Returns a way out, such as a similar name. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** Returns the innermost place in a template. */
    public Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    /** Returns the macros that were being executed, innermost first. */
    public List<Frame> frames() {
        return List.copyOf(frames);
    }

    @Override
    public String getMessage() {
        String end = reason.endsWith(".") ? " " : ". ";
        String text = hint == null ? reason : reason + end + hint;
        return place == null ? text : place + ": " + text;
    }

    /** Returns the message and, one line each, the macro calls that led to the place. */
    public String report() {
        StringBuilder text = new StringBuilder(getMessage());
        for (Frame frame : frames) {
            text.append("\n  in ").append(frame);
        }
        return text.toString();
    }

    /** Fills in the innermost place, or the place of the call of the outermost macro so far. */
    JinjaException at(Mark mark) {
        if (place == null) {
            place = mark.place();
        } else if (!frames.isEmpty() && frames.getLast().place() == null) {
            frames.set(frames.size() - 1, new Frame(frames.getLast().macro(), mark.place()));
        }
        return this;
    }

    /** Notes that the error leaves a macro; the next {@link #at} gives the place of the call. */
    JinjaException leaving(String macro) {
        frames.add(new Frame(macro, null));
        return this;
    }
}
