package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.Values;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What templates use to ask the database: {@code run_query}, {@code statement} and the like. */
final class QueryFunctions {
    private QueryFunctions() {}

    /** The rows of a query; None while the project is only read. */
    static @Nullable Object query(String sql, NodeContext context) {
        if (!context.executes()) {
            return null;
        }
        return shown(context.database("run_query()").query(called(sql, context)), context);
    }

    /** With the bodies of the functions it calls. */
    private static String called(String sql, NodeContext context) {
        String own = StandardNames.own(sql, Databases.home(context.scope().target()));
        return new FunctionInliner(context.scope().nodes()).inline(SqlText.of(own)).sql();
    }

    private static Object shown(CompileDatabase.Rows rows, NodeContext context) {
        return ResultValue.of(rows, context::say);
    }

    /** {@code {% call statement('name', fetch_result=True) %} sql {% endcall %}}. */
    static Object statement(Arguments a, NodeContext context) {
        Object caller = a.keywords().get("caller");
        if (context.executes() && caller instanceof PyCallable body) {
            String sql = Values.text(body.call(a.with(List.of(), Map.of())));
            CompileDatabase.Rows rows = context.database("statement()").query(called(sql, context));
            String name = a.text(0, "name", null);
            if (name != null) {
                context.results.put(name, result("OK", shown(rows, context)));
                context.changed.put(name, rows.changed());
            }
        }
        return "";
    }

    /** {@code store_result(name, response, agate_table)}. */
    static Object store(Arguments a, NodeContext context) {
        Object table = a.get(2, "agate_table", null);
        context.results.put(a.requireText(0, "name"), result(a.get(1, "response", null), table));
        return "";
    }

    /** {@code store_raw_result(name, message, code, rows_affected, agate_table)}. */
    static Object storeRaw(Arguments a, NodeContext context) {
        Map<Object, @Nullable Object> response = new LinkedHashMap<>();
        response.put("_message", a.get(1, "message", null));
        response.put("code", a.get(2, "code", null));
        response.put("rows_affected", a.get(3, "rows_affected", null));
        context.results.put(
                a.requireText(0, "name"), result(response, a.get(4, "agate_table", null)));
        return "";
    }

    private static Map<Object, @Nullable Object> result(
            @Nullable Object response, @Nullable Object table) {
        Map<Object, @Nullable Object> result = new LinkedHashMap<>();
        result.put("response", response);
        result.put("data", table instanceof ResultValue r ? r.data() : new ArrayList<>());
        result.put("table", table);
        return result;
    }
}
