package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call. Host code that passes a call on should derive them with {@link #with}.
 */
public final class Arguments {
    static final Arguments NONE = new Arguments(null, null, List.of(), Map.of());

    private final @Nullable Session session;
    private final @Nullable Mark mark;
    private final List<Object> positional;
    private final Map<String, Object> keywords;

    Arguments(
            @Nullable Session session,
            @Nullable Mark mark,
            List<Object> positional,
            Map<String, Object> keywords) {
        this.session = session;
        this.mark = mark;
        this.positional = positional;
        this.keywords = keywords;
    }

    /** Returns positional arguments only; null is None. */
    public static Arguments of(@Nullable Object... positional) {
        return new Arguments(
                null, null, Collections.unmodifiableList(Arrays.asList(positional)), Map.of());
    }

    public static Arguments of(List<?> positional, Map<String, ?> keywords) {
        return new Arguments(
                null,
                null,
                Collections.unmodifiableList(new ArrayList<>(positional)),
                Collections.unmodifiableMap(keywords));
    }

    /** Returns other arguments that still belong to the same rendering and place. */
    public Arguments with(List<?> newPositional, Map<String, ?> newKeywords) {
        return new Arguments(
                session,
                mark,
                Collections.unmodifiableList(new ArrayList<>(newPositional)),
                Collections.unmodifiableMap(newKeywords));
    }

    public List<Object> positional() {
        return positional;
    }

    public Map<String, Object> keywords() {
        return keywords;
    }

    /** Returns how many arguments are positional. */
    public int count() {
        return positional.size();
    }

    /** Returns the place of the call, if a template made it. */
    public @Nullable Place place() {
        return mark == null ? null : mark.place();
    }

    @Nullable Session session() {
        return session;
    }

    public boolean has(int index, String name) {
        return (index >= 0 && index < positional.size()) || keywords.containsKey(name);
    }

    /** Returns the argument at a position or of a name; index -1 means by name only. */
    public @Nullable Object get(int index, String name, @Nullable Object otherwise) {
        if (index >= 0 && index < positional.size()) {
            return positional.get(index);
        }
        Object value = keywords.get(name);
        return value != null || keywords.containsKey(name) ? value : otherwise;
    }

    public @Nullable Object require(int index, String name) {
        Object value = get(index, name, Missing.VALUE);
        if (value == Missing.VALUE) {
            throw ValueErrors.missingArgument(name);
        }
        return value;
    }

    /** Returns str() of an argument, or the default where there is none or it is None. */
    public @Nullable String text(int index, String name, @Nullable String otherwise) {
        Object value = get(index, name, null);
        return value == null ? otherwise : Values.text(value);
    }

    /** Returns str() of an argument that must be there. */
    public String requireText(int index, String name) {
        return Values.text(require(index, name));
    }

    public boolean flag(int index, String name, boolean otherwise) {
        return Values.truthy(get(index, name, otherwise));
    }

    public long number(int index, String name, long otherwise) {
        return Numbers.toLong(get(index, name, otherwise));
    }
}
