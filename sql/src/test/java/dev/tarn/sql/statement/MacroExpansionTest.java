package dev.tarn.sql.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.graph.SqlText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MacroExpansionTest {
    private static final String MACROS =
            """
            create macro twice(x) as x * 2;
            create or replace temp function four(x) as twice(twice(x));
            create macro if not exists near(a, b := 1 + 1) as abs(a - b) < 3;
            create macro lib.plus(a, b) as a + b;
            create macro many(a) as a, (a, b) as a + b;
            create macro big(n := 3) as table select * from range(n) t(i), u;
            create macro pair(x) as {x: x, 'y': list_value(x)[x:x], z: struct_pack(x := x)};
            create macro path(x) as t.x + x.y + x(x) as x;
            create macro gone(x) as 1;
            drop macro if exists gone;
            create macro typed(x integer) as x;
            create macro loop(x) as loop(x) + 1;
            create type mood as enum ('a', 'b');
            """;

    private static MacroExpansion expansion() {
        List<Statement.Vocabulary> told =
                StatementParser.parse(SqlText.of(MACROS)).stream()
                        .map(Statement.Vocabulary.class::cast)
                        .toList();
        return new MacroExpansion(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            textBlock =
                    """
                    select twice(a) from t                    ! select ((a) * 2) from t
                    select TWICE( a + 1 ) , 1                 ! select ((a + 1) * 2) , 1
                    select "twice"(f(a, b))                   ! select ((f(a, b)) * 2)
                    select main.twice(a), lib.twice(a)        ! select ((a) * 2), lib.twice(a)
                    select lib.plus(1, 2), plus(1, 2)         ! select ((1) + (2)), ((1) + (2))
                    select four(a)                            ! select ((((((a)) * 2)) * 2))
                    select twice(twice(a) + x)                ! select ((((a) * 2) + x) * 2)
                    select near(1), near(1, 5)                ! select (abs((1) - (1 + 1)) < 3), (abs((1) - (5)) < 3)
                    select near(b := 7, a => 2)               ! select (abs((2) - (7)) < 3)
                    select many(1), many(1, 2), many(1, 2, 3) ! select ((1)), ((1) + (2)), many(1, 2, 3)
                    from big() b join big(5) c using (i)      ! from (select * from range((3)) t(i), u) b join (select * from range((5)) t(i), u) c using (i)
                    select 'twice(a)', twice, t.twice(a)      ! select 'twice(a)', twice, t.twice(a)
                    select twice(), twice(1, 2), twice(y := 1)! select twice(), twice(1, 2), twice(y := 1)
                    select pair(k)                            ! select ({x: (k), 'y': list_value((k))[(k):(k)], z: struct_pack(x := (k))})
                    select gone(1), typed(2), 'a'::mood       ! select gone(1), typed(2), 'a'::mood
                    """)
    void bodiesStandWhereTheirMacrosAreCalled(String sql, String expanded) {
        assertThat(expansion().expand(SqlText.of(sql)).sql()).isEqualTo(expanded);
    }

    @Test
    void aMacroThatCallsItselfEnds() {
        assertThat(expansion().expand(SqlText.of("select loop(1)")).sql()).contains("loop(");
    }
}
