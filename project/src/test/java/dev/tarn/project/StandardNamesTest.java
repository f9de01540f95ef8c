package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandardNamesTest {
    @Test
    void theDatabaseInFrontOfANameIsLeftOut() {
        assertThat(StandardNames.own("select 1 from tarn.main.orders as tarn where tarn.id = 1"))
                .isEqualTo("select 1 from      main.orders as tarn where tarn.id = 1");
        assertThat(StandardNames.own("from \"tarn\".\"a b\".x")).isEqualTo("from        \"a b\".x");
    }

    @Test
    void listsOfWhatThereIsHaveASchemaOfTheirOwn() {
        String own = StandardNames.own("select * from tarn.INFORMATION_SCHEMA.tables");
        assertThat(own).isEqualTo("select * from      warehouse_contents.tables");
        assertThat(StandardNames.listsContents(own)).isTrue();
        assertThat(StandardNames.own("from system.information_schema.columns, system.x.y"))
                .isEqualTo("from        warehouse_contents.columns, system.x.y");
        assertThat(StandardNames.own("from \"information_schema\".columns"))
                .isEqualTo("from warehouse_contents  .columns");
    }

    @Test
    void textsAndCommentsStay() {
        for (String sql :
                new String[] {
                    "select 'tarn.main.x'",
                    "select 1 -- information_schema.tables",
                    "select /* tarn.a.b */ \"x tarn.a.b\""
                }) {
            assertThat(StandardNames.own(sql)).isEqualTo(sql);
        }
    }

    @Test
    void statementsMayBeAsLongAsTheyLike() {
        String text = "'" + "it''s \"tarn.a.b\" ".repeat(100_000) + "'";
        String name = "\"" + "x\"\"".repeat(100_000) + "\"";
        assertThat(StandardNames.own("select " + text + ", " + name + " from tarn.a.b"))
                .isEqualTo("select " + text + ", " + name + " from      a.b");
        assertThat(SqlToken.of(text + name, 0, text.length() + name.length()))
                .extracting(SqlToken::text)
                .containsExactly(text, name);
    }
}
