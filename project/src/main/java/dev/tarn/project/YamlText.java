package dev.tarn.project;

import org.jspecify.annotations.Nullable;

/** YAML that somebody typed, understood as in the files of a project. */
public final class YamlText {
    private YamlText() {}

    /**
     * The values in a text, days as they are written.
     *
     * @throws IllegalArgumentException when it is no YAML
     */
    public static @Nullable Object values(String text) {
        Problems problems = new Problems();
        @Nullable Object values =
                YamlReader.read("text", text, problems).map(YamlValue::plain).orElse(null);
        if (!problems.sorted().isEmpty()) {
            throw new IllegalArgumentException(problems.sorted().getFirst().message());
        }
        return values;
    }
}
