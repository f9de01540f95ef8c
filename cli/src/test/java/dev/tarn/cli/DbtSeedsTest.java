package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of seeds that are odd, and those that are broken. */
final class DbtSeedsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("seeds/fine.csv", "id\n1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,a\\n2,\"un\\nterm|3:1: This line opens a quote that is never closed",
                "1,\"a\\nb\"\\n2,b,|4:1: This line has more values than there are columns (2)",
                "1,a,b\\n2,b|2:1: This line has more values than there are columns (2)",
                "1,a\\n2\\n3,b|3:1: This line has fewer values (1) than there are columns (2)",
                "1|2:1: This line has fewer values (1) than there are columns (2)",
                "1,a\\n2,\"x\"y|3:1: This line has text behind a closing quote",
            })
    void aFileThatNobodyUnderstandsIsRefusedWithItsLine(String lines, String message) {
        shop.put("seeds/s.csv", "id,x\n" + lines.replace("\\n", "\n"));
        shop.put("models/m.sql", "select * from {{ ref('s') }}");
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        assertThat(shop.dbt("build")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("seed.shop.s", "error")
                .containsEntry("seed.shop.fine", "success")
                .containsEntry("model.shop.m", "skipped");
        assertThat(shop.console().out())
                .contains(
                        "seeds/s.csv:"
                                + message
                                + ". Values with delimiters, quotes or line breaks are in quotes,"
                                + " quotes in them doubled. [DATA_INVALID]");
    }

    @Test
    void quotesSpacesAndEmptyLinesAreRead() {
        shop.put(
                "seeds/s.csv", "id,x\n1,\"a \"\"b\"\", c\nd\"\n2,\n3,\"\"\n4,\"y\" \n\n6,p\"q\n\n");
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id, replace(x, chr(10), '/') from main.s order by id"))
                .containsExactly("1,\"a \"\"b\"\", c/d\"", "2,", "3,", "4,y", "6,\"p\"\"q\"");
    }

    @Test
    void columnsWithoutANameGetOneAndThoseOfOneNameDiffer() {
        shop.put("seeds/s.csv", "id,,id,,id\n1,2,3,4,5\n");
        assertThat(shop.dbt("seed")).as(shop.console().out()).isZero();
        assertThat(shop.rows("select id, b, id_2, d, id_3 from main.s"))
                .containsExactly("1,2,3,4,5");
    }

    @Test
    void seedsAreCompiledWithAllElse() {
        shop.put("models/m.sql", "select * from {{ ref('fine') }}");
        assertThat(shop.dbt("compile")).as(shop.console().out()).isZero();
        assertThat(shop.statuses())
                .containsOnlyKeys("seed.shop.fine", "model.shop.m")
                .containsEntry("seed.shop.fine", "success");
        assertThat(shop.dbt("compile", "--select", "fine")).isZero();
        assertThat(shop.lines()).contains("Compiled node 'fine' is:");
    }
}
