package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a statement may go on with: tables, columns of the tables it names, words of SQL. */
final class SqlNames {
    private static final int MOST = 20;
    private static final int TABLES_MAX = 8;
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?i)\\b(?:from|join)\\s+([a-z_][\\w]*(?:\\.[a-z_][\\w]*){0,2})(?:\\s+(?:as\\s+)?([a-z_]\\w*))?");
    private static final List<String> WORDS =
            List.of(
                    "select",
                    "from",
                    "where",
                    "group by",
                    "order by",
                    "having",
                    "limit",
                    "join",
                    "left join",
                    "inner join",
                    "full join",
                    "cross join",
                    "on",
                    "using",
                    "with",
                    "union all",
                    "distinct",
                    "case when",
                    "then",
                    "else",
                    "end",
                    "between",
                    "like",
                    "is null",
                    "is not null",
                    "not",
                    "and",
                    "or",
                    "in",
                    "exists",
                    "count(",
                    "sum(",
                    "avg(",
                    "min(",
                    "max(",
                    "coalesce(",
                    "cast(",
                    "date_trunc(",
                    "extract(",
                    "row_number() over (",
                    "partition by",
                    "asc",
                    "desc",
                    "as",
                    "values");

    private final Tarn tarn;

    SqlNames(Tarn tarn) {
        this.tarn = tarn;
    }

    /**
     * A way to go on.
     *
     * @param from where the text that it replaces begins
     */
    private record Way(String text, String kind, int from) {
        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("text", text);
            facts.put("kind", kind);
            facts.put("from", from);
            return facts;
        }
    }

    /** The ways to go on at a place of a statement, the likeliest first. */
    List<Map<String, Object>> at(String sql, int place, At at) {
        int end = Math.clamp(place, 0, sql.length());
        int from = end;
        while (from > 0 && isPart(sql.charAt(from - 1))) {
            from--;
        }
        String typed = sql.substring(from, end).toLowerCase(Locale.ROOT);
        String before = sql.substring(0, from).stripTrailing().toLowerCase(Locale.ROOT);
        boolean wantsTable = before.matches("(?s).*\\b(from|join)");
        List<Way> ways = new ArrayList<>();
        List<TableName> tables = names(at);
        if (!wantsTable) {
            columns(sql, typed, from, tables, at, ways);
        }
        for (TableName table : tables) {
            if (table.table().toLowerCase(Locale.ROOT).startsWith(typed)
                    || (table.schema() + "." + table.table())
                            .toLowerCase(Locale.ROOT)
                            .startsWith(typed)) {
                ways.add(new Way(SqlPage.sql(table), "table", from));
            }
        }
        if (!wantsTable && !typed.isEmpty()) {
            for (String word : WORDS) {
                if (word.startsWith(typed) && !word.equals(typed)) {
                    ways.add(new Way(word, "word", from));
                }
            }
        }
        return ways.stream().distinct().limit(MOST).map(Way::facts).toList();
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }

    private List<TableName> names(At at) {
        try {
            return tarn.tableNames(at);
        } catch (TarnException e) {
            return List.of();
        }
    }

    private void columns(
            String sql, String typed, int from, List<TableName> tables, At at, List<Way> ways) {
        int dot = typed.lastIndexOf('.');
        String owner = dot < 0 ? "" : typed.substring(0, dot);
        String start = typed.substring(dot + 1);
        Set<String> seen = new LinkedHashSet<>();
        Matcher named = NAMED.matcher(sql);
        for (int i = 0; i < TABLES_MAX && named.find(); i++) {
            String name = named.group(1).toLowerCase(Locale.ROOT);
            String alias = named.group(2) == null ? "" : named.group(2).toLowerCase(Locale.ROOT);
            boolean meant =
                    owner.isEmpty()
                            || owner.equals(alias)
                            || owner.equals(name)
                            || name.endsWith("." + owner);
            tables.stream()
                    .filter(t -> meant && fits(t, name))
                    .findFirst()
                    .ifPresent(t -> {
                        for (String column : columns(t, at)) {
                            if (column.toLowerCase(Locale.ROOT).startsWith(start)
                                    && seen.add(column)) {
                                ways.add(
                                        new Way(
                                                SqlPage.part(column),
                                                "column of " + t.table(),
                                                from + dot + 1));
                            }
                        }
                    });
        }
    }

    private static boolean fits(TableName table, String name) {
        String full = table.toString().toLowerCase(Locale.ROOT);
        return full.equals(name) || full.endsWith("." + name);
    }

    private List<String> columns(TableName table, At at) {
        try {
            return tarn.table(table, at).schema().fields().stream().map(f -> f.name()).toList();
        } catch (TarnException e) {
            return List.of();
        }
    }
}
