package dev.tarn.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call found in a template without rendering it.
 *
 * @param function the name as written, with dots
 * @param positional the arguments; {@link Missing#VALUE} where one is not constant
 * @param keywords the same for keyword arguments
 * @param complete whether all arguments are listed, so there is no star argument
 * @param place of the function's name
 * @param block the top-level block the call stands in, if any
 */
public record CallSite(
        String function,
        List<Object> positional,
        Map<String, Object> keywords,
        boolean complete,
        Place place,
        @Nullable String block) {
    /** Says whether every argument is known. */
    public boolean constant() {
        return complete
                && !positional.contains(Missing.VALUE)
                && !keywords.containsValue(Missing.VALUE);
    }
}
