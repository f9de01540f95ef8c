package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Code as it is shown. */
final class SourceTest {
    @Test
    void textsAndCommentsMayBeAsLongAsTheyLike() {
        String text = "it''s ".repeat(1_700_000);
        String code = "select '" + text + "' as a -- " + "x".repeat(1_000_000);
        String shown = Html.render(Source.show(code, "m.sql", 1));
        assertThat(shown).hasSizeGreaterThan(text.length());
    }
}
