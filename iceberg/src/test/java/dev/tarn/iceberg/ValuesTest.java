package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Values as text. */
final class ValuesTest {
    @Test
    void literalsAreTakenOutOfTheirQuotes() {
        assertThat(Values.unquoted("'it''s'")).isEqualTo("it's");
        assertThat(Values.unquoted(" DATE '2024-01-01' ")).isEqualTo("2024-01-01");
        assertThat(Values.unquoted("'x'::VARCHAR(3)")).isEqualTo("x");
        assertThat(Values.unquoted("''")).isEmpty();
        assertThat(Values.unquoted("5")).isEqualTo("5");
        assertThat(Values.unquoted("'a' || 'b'")).isEqualTo("'a' || 'b'");
    }

    @Test
    void aLiteralMayBeAsLongAsItLikes() {
        String text = "ab'c".repeat(2_500_000);
        assertThat(Values.unquoted("'" + text.replace("'", "''") + "'")).isEqualTo(text);
    }
}
