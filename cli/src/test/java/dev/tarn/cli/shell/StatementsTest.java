package dev.tarn.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatementsTest {
    @Test
    void endAtSemicolons() {
        assertThat(Statements.split("select 1; select 2;\nselect"))
                .isEqualTo(new Statements(List.of("select 1", "select 2"), "\nselect"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select ';'",
                "select 'it''s; fine'",
                "select \";\" from t",
                "select 1 -- ; not yet\n",
                "select /* ; */ 1",
                "select $$;$$",
                "select $tag$ ; $$ ; $tag$",
                "select 'open;",
            })
    void semicolonsInQuotesAndCommentsDoNotCount(String text) {
        assertThat(Statements.split(text).complete()).isEmpty();
        assertThat(Statements.isWhole(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"select 1;", "\\d orders", "  ", "select ';';\n", "select $1 + $2;"})
    void areWholeWithTheirSemicolonOrABackslash(String text) {
        assertThat(Statements.isWhole(text)).isTrue();
    }
}
