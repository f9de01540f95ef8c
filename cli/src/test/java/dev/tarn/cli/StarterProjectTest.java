package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands over the project that {@code tarn init} makes, with all real parts. */
final class StarterProjectTest {
    private static final String SALES = "select * from main.daily_sales order by ordered_on";

    @TempDir Path temp;

    private Path project = Path.of(".");
    private TestConsole tarn = new TestConsole(project);

    @BeforeEach
    void createProject() {
        project = temp.resolve("my shop");
        assertThat(new TestConsole(temp).run("init", "my shop")).isZero();
        tarn = new TestConsole(project);
    }

    @Test
    void compilesAndListsBeforeAnythingHasRun() {
        assertThat(tarn.run("compile")).as(tarn.err()).isZero();
        assertThat(tarn.out()).isEqualTo("my_shop compiles: 1 source, 2 models, 4 checks.\n");

        assertThat(tarn.run("ls", "--select", "+daily_sales", "--kind", "model,source")).isZero();
        assertThat(tarn.out())
                .isEqualTo(
                        """
                        NODE            KIND    AS     TABLE             FILE                    TAGS
                        landing.orders  source         bronze.orders     models/sources.yml
                        orders          model   view   main.orders       models/orders.sql
                        daily_sales     model   table  main.daily_sales  models/daily_sales.sql
                        """);

        assertThat(tarn.run("tables")).isZero();
        assertThat(tarn.out()).isEmpty();
        assertThat(tarn.err()).isEqualTo("No tables yet. `tarn build` makes them.\n");
    }

    @Test
    void followsColumnsBeforeAnythingHasRun() {
        assertThat(tarn.run("lineage", "daily_sales.amount")).as(tarn.err()).isZero();
        assertThat(tarn.out())
                .isEqualTo(
                        """
                        main.daily_sales.amount
                          comes from
                          └─ main.orders.amount       computed
                             └─ bronze.orders.amount  as it is
                          goes into nothing
                        """);
        assertThat(tarn.run("lineage", "bronze.orders.ordered_at", "--downstream")).isZero();
        assertThat(tarn.out())
                .isEqualTo(
                        """
                        bronze.orders.ordered_at
                          goes into
                          ├─ main.orders.ordered_at          as it is
                          └─ main.orders.ordered_on          computed
                             └─ main.daily_sales.ordered_on  as it is
                        """);
        assertThat(tarn.run("lineage", "daily_sales", "--upstream", "--depth", "2", "--json"))
                .isZero();
        assertThat(tarn.out())
                .contains("\"how\": \"as it is\"", "\"column\": \"ordered_on\"")
                .doesNotContain("downstream");
        assertThat(tarn.run("lineage", "orders", "--depth", "-1")).isEqualTo(2);
        assertThat(tarn.err())
                .isEqualTo(
                        "--depth must not be negative. Run `tarn lineage --help` for what there is."
                                + " [USAGE]\n");
    }

    @Test
    void buildsAndAnswersInEveryFormat() throws IOException {
        assertThat(tarn.run("build")).as(tarn.err()).isZero();
        // A slow machine names the slowest nodes first.
        assertThat(tarn.out()).contains("Published publication ", "7 ok");

        assertThat(tarn.run("query", SALES)).as(tarn.err()).isZero();
        assertThat(tarn.out())
                .isEqualTo(
                        """
                        ┌────────────┬────────┬────────┐
                        │ ordered_on │ orders │ amount │
                        ├────────────┼────────┼────────┤
                        │ 2026-03-02 │      2 │  24.90 │
                        │ 2026-03-03 │      2 │  49.75 │
                        │ 2026-03-04 │      1 │  12.00 │
                        │ 2026-03-05 │      1 │   3.80 │
                        └────────────┴────────┴────────┘
                        4 rows
                        """);

        assertThat(tarn.run("query", SALES + " limit 1", "--format", "csv")).isZero();
        assertThat(tarn.out()).isEqualTo("ordered_on,orders,amount\n2026-03-02,2,24.90\n");

        assertThat(tarn.withInput(SALES + " limit 1").run("query", "--format", "ndjson")).isZero();
        assertThat(tarn.out())
                .isEqualTo("{\"ordered_on\":\"2026-03-02\",\"orders\":2,\"amount\":24.90}\n");

        assertThat(tarn.run("query", SALES, "--format", "arrow")).isZero();
        assertThat(tarn.outBytes()).startsWith(0xff, 0xff, 0xff, 0xff);

        assertThat(tarn.run("query", SALES, "-o", "sales.parquet")).as(tarn.err()).isZero();
        assertThat(tarn.err()).isEqualTo("4 rows written to sales.parquet\n");
        assertThat(Files.readAllBytes(project.resolve("sales.parquet")))
                .startsWith('P', 'A', 'R', '1');
        assertThat(project.resolve("sales.parquet.part")).doesNotExist();
    }

    @Test
    void theShellAnswersWhatIsPipedIn() {
        assertThat(tarn.run("build")).as(tarn.err()).isZero();

        int code =
                tarn.withInput(
                                """
                                \\d daily_sales
                                select count(*) as days
                                from daily_sales;
                                \\x
                                select 1 as one; select 'a;b' as text;
                                \\q
                                """)
                        .run("shell");

        assertThat(tarn.out())
                .isEqualTo(
                        """
                        COLUMN      TYPE           NULLS
                        ordered_on  DATE
                        orders      BIGINT
                        amount      DECIMAL(14,2)
                        ┌──────┐
                        │ days │
                        ├──────┤
                        │    4 │
                        └──────┘
                        1 row
                        One value a line is on.
                        ─── row 1 ───
                        one  1
                        1 row
                        ─── row 1 ───
                        text  a;b
                        1 row
                        """);
        assertThat(code).as(tarn.err()).isZero();
    }

    @Test
    void theShellStopsAtTheFirstMistakeOfAScript() {
        int code = tarn.withInput("\\nope\nselect 1;\n").run("shell");

        assertThat(tarn.err())
                .isEqualTo("There is no command '\\nope' here. \\? shows them. [USAGE]\n");
        assertThat(tarn.out()).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void branchesAreMadeBuiltAndDeleted() {
        assertThat(tarn.run("branch", "create", "dev")).as(tarn.err()).isZero();
        assertThat(tarn.out()).isEqualTo("Created dev from main.\n");

        assertThat(tarn.run("build", "--ref", "dev")).as(tarn.err()).isZero();
        assertThat(tarn.run("tables", "--at", "dev")).isZero();
        assertThat(tarn.out()).contains("main.daily_sales  table");
        assertThat(tarn.run("tables")).isZero();
        assertThat(tarn.out()).isEmpty();

        assertThat(tarn.run("branch", "delete", "dev")).as(tarn.err()).isZero();
        assertThat(tarn.run("tables", "--at", "dev")).isEqualTo(2);
        assertThat(tarn.err()).contains("[REF_NOT_FOUND]");
    }

    @Test
    void aFailedCheckEndsWithOneAndPublishesNothing() throws IOException {
        Files.writeString(
                project.resolve("landing/orders/more.csv"),
                "order_id,customer,ordered_at,amount\n7,Dan,2026-03-06 10:00:00,-5.00\n");

        int code = tarn.run("build");

        assertThat(code).as(tarn.out() + tarn.err()).isEqualTo(1);
        assertThat(tarn.out())
                .contains("amounts_are_positive failed", "Failed: nothing was published to main")
                .contains("tarn query --at run:");
        assertThat(tarn.err()).contains("[CHECK_FAILED]");
        assertThat(tarn.run("tables")).isZero();
        assertThat(tarn.out()).isEmpty();

        assertThat(tarn.run("runs", "--json")).isZero();
        assertThat(tarn.out()).contains("\"status\": \"failed\"", "\"command\": \"build\"");
    }

    @Test
    void historyAndShowTellAboutATable() {
        assertThat(tarn.run("build")).as(tarn.err()).isZero();

        assertThat(tarn.run("history", "main.daily_sales")).as(tarn.err()).isZero();
        assertThat(tarn.out()).startsWith("PUBLICATION  AT ").contains("table");

        assertThat(tarn.run("show", "main.daily_sales")).as(tarn.err()).isZero();
        assertThat(tarn.out())
                .startsWith("main.daily_sales  table\n")
                .contains("Rows         4 in 1 file", "amount      DECIMAL(14,2)", "Snapshots");

        assertThat(tarn.run("show", "main.daily_sale")).isEqualTo(2);
        assertThat(tarn.err())
                .isEqualTo(
                        "There is no table or view main.daily_sale on main. Did you mean"
                                + " 'main.daily_sales'? `tarn tables` lists what there is."
                                + " [TABLE_NOT_FOUND]\n");

        assertThat(tarn.run("show", "main.orders", "--json")).isZero();
        assertThat(tarn.out()).contains("\"kind\": \"view\"");
    }

    @Test
    void doctorTellsWhereSettingsComeFrom() {
        assertThat(tarn.run("doctor", "--threads", "3")).as(tarn.err()).isZero();

        assertThat(tarn.out()).contains("run.parallelism", "java.home");
    }

    @Test
    void withoutAProjectItSaysSo() {
        TestConsole elsewhere = new TestConsole(temp);

        assertThat(elsewhere.run("build")).isEqualTo(2);
        assertThat(elsewhere.err()).contains("[PROJECT_NOT_FOUND]");
    }
}
