package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody may type, and what not, by two looks: at the tree, and at the bound plan. */
final class TypedSqlTest {
    private static final AllowedFunctions FUNCTIONS = AllowedFunctions.read();

    @TempDir Path directory;
    private DuckDbEngine engine;
    private EngineSession trusted;
    private EngineSession typed;
    private final Map<TableName, Relation> relations = new HashMap<>();

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(directory.resolve("spill")));
        trusted = engine.open(SessionOptions.TRUSTED);
        typed = engine.open(new SessionOptions(Optional.empty(), true));
        table(
                "shop.orders",
                "1::bigint as id, 'x' as name, date '2024-01-01' as day, 1.5::decimal(10,2) as"
                        + " amount, ['a'] as tags, {'k': 1, 'v': 'x'} as s");
        table(
                "shop.events",
                "timestamptz '2024-01-01' as seen, 'x' as kind, '{}' as payload, 1::bigint as"
                        + " user_id, 0.5::double as score");
        view("shop.big", "select * from shop.orders where amount > 100");
        view("shop.env", "select current_setting('threads')::bigint as t");
        view("shop.deep", "select * from shop.env");
        view("shop.files", "select * from glob('/etc/*')");
        view("shop.csv", "select * from read_csv('/etc/passwd')");
    }

    @AfterEach
    void close() {
        typed.close();
        trusted.close();
        engine.close();
    }

    private void table(String name, String columns) {
        define(name, new Relation.Shape(trusted.describe(SqlText.of("select " + columns))));
    }

    private void view(String name, String sql) {
        define(name, new Relation.View(sql));
    }

    private void define(String name, Relation relation) {
        relations.put(TableName.parse(name), relation);
        typed.define(TableName.parse(name), relation);
        trusted.define(TableName.parse(name), relation);
    }

    static List<String> allowed() {
        return Corpus.read("allowed.txt");
    }

    static List<String> refused() {
        return Corpus.read("refused.txt");
    }

    static List<String> harmless() {
        return Corpus.read("harmless.txt");
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void runsAnalyticalSql(String query) {
        assertThatCode(() -> run(typed, query)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void bothLooksAgreeOnAnalyticalSql(String query) {
        assertThatCode(() -> judge(query)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatReachesFurther(String query) {
        assertThat(code(query)).isEqualTo(ErrorCode.SQL_REFUSED);
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void letsAttacksComeToNothing(String line) {
        String[] parts = line.split(" ", 2);
        ErrorCode code = code(parts[1]);
        assertThat(code == null ? "OK" : code.name()).isEqualTo(parts[0]);
    }

    /**
     * Neither look is enough alone: DuckDB computes arguments of table functions and some functions
     * while it binds, so that they are not in the plan any more.
     */
    @Test
    void theBoundPlanAloneGivesNearlyAllAway() {
        List<String> passed = new ArrayList<>();
        for (String query : refused()) {
            boolean reads = query.matches("(?is)(select|from|with|values|describe|summarize).*");
            boolean safe = !query.matches("(?is).*(passwd|csv|parquet|read_|_log|query|;).*");
            if (reads && safe && catchThrowable(() -> judge(query)) == null) {
                passed.add(query);
            }
        }
        assertThat(passed)
                .containsExactly(
                        "from range(current_setting('threads')::int)",
                        "from (describe select * from glob('/*'))",
                        "select has_table_privilege('x','y')",
                        "select pg_typeof(1)",
                        "select pg_size_pretty(1)",
                        "select inet_server_addr()",
                        "select obj_description(1,'x')",
                        "select getvariable('x')",
                        "select * from tarn_session_1.shop.orders");
    }

    /** No name of DuckDB's catalog becomes a function by being written as a column or a table. */
    @Test
    void noFunctionHidesBehindAName() {
        Set<String> names = new TreeSet<>();
        try (QueryResult rows =
                trusted.query(
                        SqlText.of("select distinct function_name from duckdb_functions()"))) {
            while (rows.next()) {
                names.add(String.valueOf(rows.row().getFirst()));
            }
        }
        names.removeAll(FUNCTIONS.anywhere());
        names.removeAll(FUNCTIONS.asTable());
        List<String> passed = new ArrayList<>();
        for (String name : names) {
            for (String query : List.of("select " + name, "from " + name, "from " + name + "()")) {
                if (code(query) == null) {
                    passed.add(query);
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(200);
        // These give a constant: there is one user.
        assertThat(passed)
                .containsExactly(
                        "select current_role",
                        "select current_user",
                        "select session_user",
                        "select user");
    }

    /** What is allowed as a macro is made of nothing but allowed functions. */
    @Test
    void builtInMacrosAreMadeOfAllowedFunctions() {
        Map<String, String> macros = new HashMap<>();
        try (QueryResult rows =
                trusted.query(
                        SqlText.of(
                                "select function_name, macro_definition from duckdb_functions()"
                                        + " where function_type = 'macro' and macro_definition is"
                                        + " not null"))) {
            while (rows.next()) {
                List<@Nullable Object> row = rows.row();
                macros.merge(
                        String.valueOf(row.get(0)),
                        String.valueOf(row.get(1)),
                        (a, b) -> a + ", " + b);
            }
        }
        Set<String> allowed =
                macros.keySet().stream()
                        .filter(FUNCTIONS.anywhere()::contains)
                        .collect(Collectors.toSet());
        assertThat(allowed).hasSizeGreaterThan(40);
        for (String macro : allowed) {
            ErrorCode code = code("select " + macros.get(macro));
            assertThat(code)
                    .as("%s is %s", macro, macros.get(macro))
                    .isNotEqualTo(ErrorCode.SQL_REFUSED);
        }
    }

    @Test
    void saysWhichViewBringsIt() {
        refused(
                "q.sql:1:1: Function 'glob' is not allowed in queries, and this one comes to it: it"
                        + " reads the view shop.files. Make that a table to query it.",
                "select * from shop.files");
        refused(
                "q.sql:1:1: Function 'current_setting' is not allowed in queries, and this one"
                        + " comes to it: it reads the views shop.deep, shop.env. Make those tables"
                        + " to query them.",
                "select * from shop.deep");
        refused(
                "q.sql:1:1: What this query reads cannot be checked (CSVReaderSerialize not"
                        + " implemented): it reads the view shop.csv. Make that a table to query"
                        + " it.",
                "select * from shop.csv");
        refused(
                "q.sql:1:16: Function 'current_schema' is not allowed in queries, and this one"
                        + " comes to it. Query tables with plain functions.",
                "select (select current_schema)");
    }

    @Test
    void toldMistakesAreTheSameForViews() {
        assertThatThrownBy(() -> run(typed, "select amout from shop.big"))
                .hasMessage(
                        "q.sql:1:8: Column 'amout' does not exist in shop.big. Did you mean"
                                + " 'amount'? [COLUMN_NOT_FOUND]");
    }

    @Test
    void anotherViewOfTheSameNameIsLookedAtAgain() {
        assertThat(code("from shop.big")).isNull();
        view("shop.big", "from glob('/*')");
        assertThat(code("from shop.big")).isEqualTo(ErrorCode.SQL_REFUSED);
        view("shop.big", "from shop.orders");
        assertThat(code("from shop.big")).isNull();
    }

    @Test
    void deeplyNestedExpressionsAreRead() {
        String sum = "1 + ".repeat(300) + "1";
        assertThat(code("select " + sum + " from range(1)")).isNull();
        assertThatCode(() -> judge("select " + sum)).doesNotThrowAnyException();
    }

    private static void run(EngineSession session, String query) {
        try (QueryResult result = session.query(SqlText.ofFile(query, "q.sql"))) {
            result.next();
        }
    }

    private void judge(String query) {
        SqlText text = SqlText.of(query);
        PlanCheck.Judge judge = new PlanCheck.Judge(text, relations, FUNCTIONS);
        switch (((DuckDbSession) trusted).plan(text)) {
            case BoundPlan.Known plan -> judge.operators(plan.root());
            case BoundPlan.Untold untold ->
                    throw RefusedSql.untold(untold.reason(), List.of(), Optional.empty());
        }
    }

    private @Nullable ErrorCode code(String query) {
        Throwable thrown = catchThrowable(() -> run(typed, query));
        if (thrown == null) {
            return null;
        }
        assertThat(thrown).isInstanceOf(TarnException.class);
        return ((TarnException) thrown).code();
    }

    private void refused(String message, String query) {
        assertThatThrownBy(() -> run(typed, query)).hasMessage(message + " [SQL_REFUSED]");
    }
}
