package dev.tarn.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AmountsTest {
    @Test
    void sizesHaveThreeDigits() {
        assertThat(Amounts.bytes(0)).isEqualTo("0 B");
        assertThat(Amounts.bytes(999)).isEqualTo("999 B");
        assertThat(Amounts.bytes(1000)).isEqualTo("1.00 kB");
        assertThat(Amounts.bytes(12_345)).isEqualTo("12.3 kB");
        assertThat(Amounts.bytes(123_456_789)).isEqualTo("123 MB");
        assertThat(Amounts.bytes(999_999)).isEqualTo("1.00 MB");
        assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("9223 PB");
    }

    @Test
    void durationsHaveTheUnitThatFits() {
        assertThat(Amounts.duration(Duration.ofMillis(45))).isEqualTo("45 ms");
        assertThat(Amounts.duration(Duration.ofMillis(1_290))).isEqualTo("1.2 s");
        assertThat(Amounts.duration(Duration.ofMillis(59_999))).isEqualTo("59.9 s");
        assertThat(Amounts.duration(Duration.ofSeconds(184))).isEqualTo("3 m 04 s");
        assertThat(Amounts.duration(Duration.ofMinutes(125))).isEqualTo("2 h 05 m");
    }

    @Test
    void countsAreGroupedAndAgreeWithTheirNoun() {
        assertThat(Amounts.count(1, "row", "rows")).isEqualTo("1 row");
        assertThat(Amounts.count(1_234_567, "row", "rows")).isEqualTo("1,234,567 rows");
    }
}
