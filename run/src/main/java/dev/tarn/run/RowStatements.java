package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Statements that change the rows of a table on the run's ref. */
final class RowStatements {
    private final TaskContext context;
    private final SqlText sql;
    private final SqlWords words;

    RowStatements(TaskContext context, SqlText sql, SqlWords words) {
        this.context = context;
        this.sql = sql;
        this.words = words;
    }

    long query() {
        try (QueryResult rows = context.session().query(sql)) {
            long count = 0;
            while (rows.next()) {
                count++;
            }
            return count;
        }
    }

    long insert() {
        int at = words.have(1, "or", "replace") || words.have(1, "or", "ignore") ? 3 : 1;
        if (!words.have(at, "into")) {
            throw StatementErrors.unknown(sql, "insert " + word(at));
        }
        StatementName target = StatementName.read(words, at + 1, context, sql);
        StatementTable found = found(target.name());
        Schema schema = context.tables().state(found.pointer()).definition().schema();
        int i = target.next();
        boolean byName = words.have(i, "by", "name");
        i = byName ? i + 2 : i;
        List<String> columns = new ArrayList<>();
        boolean listed =
                words.have(i, "(") && !words.have(i + 1, "select") && !words.have(i + 1, "with");
        if (listed) {
            int close = words.closing(i);
            for (int c = i + 1; c < close; c++) {
                if (!words.at(c).text().equals(",")) {
                    columns.add(words.at(c).name());
                }
            }
            i = close + 1;
        }
        SqlText rows = part(i, words.size());
        if (!byName) {
            int count = context.session().describe(rows).fields().size();
            List<String> names = listed ? columns : schema.names();
            if (names.size() < count || (listed && names.size() > count)) {
                throw StatementErrors.columnCount(sql, target.name(), names.size(), count);
            }
            rows =
                    Sql.around(
                            "select * from (\n",
                            rows,
                            "\n) as q(" + quoted(names.subList(0, count)) + ")");
        }
        TableWriter.Written written = context.writer().append(found.pointer(), rows);
        replace(found, written.pointer());
        return written.rows();
    }

    long delete() {
        if (!words.have(1, "from")) {
            throw StatementErrors.unknown(sql, "delete " + word(1));
        }
        StatementName target = StatementName.read(words, 2, context, sql);
        if (words.find("using", target.next()) >= 0) {
            throw StatementErrors.unknown(sql, "delete using");
        }
        int where = words.find("where", target.next());
        if (where < 0) {
            return empty(target.name());
        }
        String alias = words.text(target.next(), where);
        return rewrite(
                target.name(),
                before ->
                        Sql.around(
                                "select * from %s %s where ("
                                        .formatted(before, alias.isBlank() ? shown(target) : alias),
                                part(where + 1, words.size()),
                                "\n) is not true"));
    }

    long truncate() {
        return empty(
                StatementName.read(words, words.have(1, "table") ? 2 : 1, context, sql).name());
    }

    private long empty(TableName name) {
        return rewrite(name, before -> SqlText.of("select * from " + before + " where false"));
    }

    long update() {
        StatementName target = StatementName.read(words, 1, context, sql);
        int set = words.find("set", target.next());
        if (set < 0 || words.find("from", set) >= 0) {
            throw StatementErrors.unknown(sql, set < 0 ? "update" : "update from");
        }
        int where = words.find("where", set);
        int end = where < 0 ? words.size() : where;
        String condition = where < 0 ? "true" : words.text(where + 1, words.size());
        List<String> replaced = new ArrayList<>();
        int i = set + 1;
        while (i < end) {
            int next = words.find(",", i);
            next = next < 0 || next > end ? end : next;
            int equals = words.find("=", i);
            if (equals < 0 || equals > next) {
                throw StatementErrors.unknown(sql, "update");
            }
            String column = Type.quoted(words.at(equals - 1).name());
            replaced.add(
                    "case when (%s\n) then (%s\n) else %s end as %s"
                            .formatted(condition, words.text(equals + 1, next), column, column));
            i = next + 1;
        }
        String given = words.text(target.next(), set);
        String alias = given.isBlank() ? shown(target) : given;
        String list = String.join(", ", replaced);
        long changed = count(target.name(), alias, condition);
        if (changed > 0) {
            rewrite(
                    target.name(),
                    before ->
                            SqlText.of(
                                    "select * replace (%s) from %s %s"
                                            .formatted(list, before, alias)));
        }
        return changed;
    }

    private long count(TableName name, String alias, String condition) {
        found(name);
        SqlText query =
                SqlText.of(
                        "select count(*) from %s.%s %s where (%s\n)"
                                .formatted(
                                        Type.quoted(name.schema()),
                                        Type.quoted(name.table()),
                                        alias,
                                        condition));
        try (QueryResult rows = context.session().query(query)) {
            return rows.next() && rows.value(0) instanceof Long count ? count : 0;
        }
    }

    /** Puts the rows of a query over a table in place of the table's. */
    private long rewrite(TableName name, Function<String, SqlText> query) {
        StatementTable found = found(name);
        SqlText rows = query.apply(Type.quoted(name.schema()) + "." + Type.quoted(name.table()));
        TableDefinition definition = context.tables().state(found.pointer()).definition();
        long before =
                context.tables()
                        .state(found.pointer())
                        .current()
                        .map(s -> s.totalRows())
                        .orElse(0L);
        TableWriter.Written written =
                context.writer().replace(name, Optional.of(found.pointer()), definition, rows);
        replace(found, written.pointer());
        return Math.abs(before - written.rows());
    }

    private StatementTable found(TableName name) {
        return StatementTable.of(context, sql, name);
    }

    private void replace(StatementTable found, TablePointer next) {
        found.replace(context, next);
    }

    private String word(int index) {
        return index < words.size() ? words.at(index).text() : "";
    }

    private SqlText part(int from, int to) {
        int offset = words.offset(from);
        return new SqlText(words.text(from, to), o -> sql.locate(offset + o));
    }

    private static String shown(StatementName named) {
        return "as " + Type.quoted(named.name().table());
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(Type::quoted).toList());
    }
}
