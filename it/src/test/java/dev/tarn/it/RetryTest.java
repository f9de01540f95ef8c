package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What to do after a failed run: go on from it, or begin afresh without the file to blame. */
final class RetryTest {
    @TempDir Path folder;
    private Workshop shop;
    private Terminal terminal;

    @BeforeEach
    void buildAndBreak() {
        terminal = new Terminal(Objects.requireNonNull(folder.getParent()));
        shop = new Workshop(folder).source("sales");
        shop.put("landing/sales/1.csv", "id,amount\n1,10\n");
        shop.put("models/paid.sql", "select id, amount from {{ source('bronze_sales', 'sales') }}");
        shop.put("models/other.sql", "select 1 as x");
        shop.put("tests/positive.sql", "select * from {{ ref('paid') }} where amount < 0");
        assertThat(tarn("build")).as(terminal.err()).isZero();
        shop.put("landing/sales/2.csv", "id,amount\n2,-5\n");
        assertThat(tarn("build")).isEqualTo(1);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private int tarn(String... args) {
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "-C";
        all[args.length + 1] = folder.getFileName().toString();
        return terminal.tarn(all);
    }

    @Test
    void aBrokenFileThatIsDeletedIsForgottenByAFreshBuild() {
        String where = " -C " + folder.getFileName();
        assertThat(terminal.out())
                .contains("  Go on from there:      tarn retry" + where + "\n")
                .endsWith(
                        "    It keeps what has landed. If a file is to blame, mend or delete it and"
                                + "\n    begin afresh:  tarn build"
                                + where
                                + "\n");
        shop.remove("landing/sales/2.csv");
        assertThat(tarn("retry")).isEqualTo(1);

        assertThat(tarn("build")).as(terminal.err()).isZero();

        assertThat(shop.rows("from main.paid")).containsExactly("1|10");
    }

    @Test
    void aBrokenFileThatIsMendedLandsByAFreshBuild() {
        shop.put("landing/sales/2.csv", "id,amount\n2,5\n");

        assertThat(tarn("build")).as(terminal.err()).isZero();

        assertThat(shop.rows("from main.paid order by 1")).containsExactly("1|10", "2|5");
    }

    @Test
    void aRetryExecutesWhatTheRunWasAbout() {
        shop.put("models/other.sql", "select 2 as x");
        assertThat(tarn("build", "--select", "bronze_sales.sales+")).isEqualTo(1);
        shop.put("tests/positive.sql", "select * from {{ ref('paid') }} where amount < -9");

        assertThat(tarn("retry")).as(terminal.err()).isZero();

        assertThat(terminal.err()).contains(": 3 nodes");
        assertThat(shop.rows("from main.paid order by 1")).containsExactly("1|10", "2|-5");
        assertThat(shop.rows("from main.other")).containsExactly("1");
    }
}
