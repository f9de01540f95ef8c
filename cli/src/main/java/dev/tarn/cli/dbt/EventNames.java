package dev.tarn.cli.dbt;

import dev.tarn.model.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What dbt 1.10 calls things that may happen; some of them happen here, too. */
final class EventNames {
    private EventNames() {}

    /**
     * @throws dev.tarn.model.TarnException for a name that dbt does not know
     */
    static void require(String name) {
        List<String> known = all();
        if (!known.contains(name)) {
            throw DbtErrors.warnErrorOptions(
                    "names '%s', which is no event of dbt.%s"
                            .formatted(name, Suggestion.hint(name, known)));
        }
    }

    private static List<String> all() {
        try (InputStream in = EventNames.class.getResourceAsStream("event-names.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
