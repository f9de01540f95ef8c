package dev.tarn.sql.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.Action;
import dev.tarn.sql.statement.Statement.Side;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatementParserTest {
    private static Statement one(String sql) {
        List<Statement> statements = StatementParser.parse(SqlText.ofFile(sql, "x.sql"));
        assertThat(statements).hasSize(1);
        return statements.getFirst();
    }

    @Test
    void statementsEndAtSemicolonsThatAreNoText() {
        String sql =
                "select ';' /* ; /* ; */ */; -- ;\n;; delete from \"a;b\".t where x = $$;$$; update t set a = E'\\';'";
        assertThat(StatementParser.parse(SqlText.of(sql)))
                .extracting(s -> s.text().sql())
                .containsExactly(
                        "select ';'",
                        "delete from \"a;b\".t where x = $$;$$",
                        "update t set a = E'\\';'");
    }

    @Test
    void partsOfAStatementKnowWhereTheyStand() {
        Statement.Update update =
                (Statement.Update)
                        one(
                                "with w as (select 1)\nupdate a.b c set x = case when y then 1 else 2 end, (d, e) = (1, default)\n  from w where c.x is distinct from w.x");
        assertThat(update.with().orElseThrow().sql()).isEqualTo("with w as (select 1)");
        assertThat(update.target().name().parts()).containsExactly("a", "b");
        assertThat(update.target().alias()).contains("c");
        assertThat(update.assignments()).hasSize(3);
        assertThat(update.assignments().get(2).value()).isInstanceOf(Statement.Value.Default.class);
        assertThat(update.from().orElseThrow().sql()).isEqualTo("w");
        SqlText where = update.where().orElseThrow();
        assertThat(where.sql()).isEqualTo("c.x is distinct from w.x");
        assertThat(where.locate(4).orElseThrow()).hasToString("x.sql:3:20");
    }

    @Test
    void aMergeHasBranchesInOrder() {
        Statement.Merge merge =
                (Statement.Merge)
                        one(
                                """
                                merge into s.t as t using (select 1 as id) as s (k) on t.id = s.k
                                when matched and case when s.k > 1 then true else false end then delete
                                when matched then update set a = s.k, b = default
                                when not matched by target then insert (id) values (s.k)
                                when not matched then do nothing
                                when not matched by source and t.id < 3 then update set a = 0\
                                """);
        assertThat(merge.source().alias()).isEqualTo("s");
        assertThat(merge.source().columns()).containsExactly("k");
        assertThat(merge.whens())
                .extracting(Statement.When::side)
                .containsExactly(
                        Side.MATCHED,
                        Side.MATCHED,
                        Side.NOT_MATCHED,
                        Side.NOT_MATCHED,
                        Side.NOT_MATCHED_BY_SOURCE);
        assertThat(merge.whens().getFirst().condition().orElseThrow().sql())
                .isEqualTo("case when s.k > 1 then true else false end");
        assertThat(merge.whens().get(3).action()).isEqualTo(new Action.Nothing());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
                    delete form t                         ! x.sql:1:8: Here FROM is expected, not 'form'. [SQL_SYNTAX]
                    update t set a 1                      ! x.sql:1:16: Here '=' is expected, not '1'. [SQL_SYNTAX]
                    update t set a = (1                   ! x.sql:1:18: The parenthesis that begins here does not end. [SQL_SYNTAX]
                    insert into t (a, b values (1)        ! x.sql:1:21: Here ')' is expected, not 'values'. [SQL_SYNTAX]
                    delete from t where a = 1) or (1 = 1  ! x.sql:1:26: Here the end of the statement is expected, not ')'. [SQL_SYNTAX]
                    drop tabel t                          ! x.sql:1:6: Here TABLE, VIEW or SCHEMA is expected, not 'tabel'. [SQL_SYNTAX]
                    updat t set a = 1                     ! x.sql:1:1: 'updat' begins no statement that can be executed. Did you mean 'update'? What can: select, insert, update, delete, merge, truncate, create, alter, comment, drop, undrop, rename, refresh. [UNSUPPORTED]
                    copy t to 'x.csv'                     ! x.sql:1:1: 'copy' begins no statement that can be executed. Files are written by models with materialized='external'. What can: select, insert, update, delete, merge, truncate, create, alter, comment, drop, undrop, rename, refresh. [UNSUPPORTED]
                    create index i on t (a)               ! x.sql:1:8: CREATE INDEX cannot be executed. What can be created: table, view, materialized view, schema, macro, type. [UNSUPPORTED]
                    delete from a.b.c.d                   ! x.sql:1:13: The name of a relation has at most three parts: catalog.schema.table. [SQL_INVALID]
                    """)
    void mistakesAreToldAtTheirWord(String sql, String told) {
        TarnException refused =
                Assertions.catchThrowableOfType(TarnException.class, () -> one(sql));
        assertThat(refused.problems().getFirst()).hasToString(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
                    select * from t                                        ! select * from t
                    select t at time zone 'UTC' from t                     ! select t at time zone 'UTC' from t
                    select 1 from a.t at (version => 3) where x = 1        ! select 1 from tarn_at."t@H" as "t" where x = 1
                    select 1 from a.t at (version => 3) x join u on true   ! select 1 from tarn_at."t@H" x join u on true
                    select 1 from a.t as x at (ref => 'dev'), b            ! select 1 from tarn_at."t@H" as x, b
                    select 1 from t version as of 3 join u on true         ! select 1 from tarn_at."t@H" as "t" join u on true
                    from t for system_time as of now() - interval 1 day o  ! from tarn_at."t@H" o
                    select version as of from t                            ! select version as of from t
                    """)
    void tablesOfOtherTimesBecomeStandIns(String sql, String rewritten) {
        SqlText text = SqlText.of(sql);
        String found = TimeTravel.of(text).map(r -> r.text().sql()).orElse(sql);
        assertThat(found.replaceAll("@[0-9a-f]+", "@H")).isEqualTo(rewritten);
    }
}
