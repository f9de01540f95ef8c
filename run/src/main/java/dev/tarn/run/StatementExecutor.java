package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Executes statements that hooks and operations bring, on the run's ref: what they change becomes
 * visible with everything else of the run, or not at all. Each statement sees what the ones before
 * it did.
 */
public final class StatementExecutor {
    /**
     * Without users, privileges, physical storage or connections there is nothing to do for them.
     */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "grant",
                    "revoke",
                    "analyze",
                    "vacuum",
                    "checkpoint",
                    "begin",
                    "start",
                    "commit",
                    "end",
                    "rollback",
                    "abort",
                    "set",
                    "reset",
                    "use",
                    "comment",
                    "pragma");

    private static final Set<String> QUERIES =
            Set.of(
                    "select",
                    "with",
                    "from",
                    "values",
                    "describe",
                    "show",
                    "summarize",
                    "pivot",
                    "unpivot",
                    "explain",
                    "(");

    private final Supplier<TaskContext> contexts;

    /**
     * @param contexts gives a fresh view of the run's ref each time; it is closed after use
     */
    StatementExecutor(Supplier<TaskContext> contexts) {
        this.contexts = contexts;
    }

    /** Statements of a task: each reads the run's ref as the one before it left it. */
    public static StatementExecutor of(TaskContext context) {
        return new StatementExecutor(context::again);
    }

    /** Executes every statement of a text; returns the rows the last one changed. */
    public long execute(SqlText text) {
        long rows = 0;
        for (int[] part : SqlWords.statements(text.sql())) {
            String sql = text.sql().substring(part[0], part[1]);
            rows =
                    one(
                            new SqlText(
                                    sql,
                                    offset ->
                                            text.locate(
                                                    part[0]
                                                            + Math.clamp(
                                                                    offset, 0, sql.length()))));
        }
        return rows;
    }

    private long one(SqlText statement) {
        SqlWords words = SqlWords.of(statement.sql());
        String first = words.first();
        if (words.size() == 0 || WITHOUT_EFFECT.contains(first)) {
            return 0;
        }
        try (TaskContext context = contexts.get()) {
            Statement one = new Statement(context, statement, words);
            if (QUERIES.contains(first)) {
                return one.query();
            }
            return switch (first) {
                case "insert" -> one.insert();
                case "delete" -> one.delete();
                case "truncate" -> one.truncate();
                case "update" -> one.update();
                case "create" -> one.create();
                case "drop" -> one.drop();
                case "alter" -> new AlterTable(context, statement, words).execute();
                default -> throw StatementErrors.unknown(statement, first);
            };
        }
    }

    /** A name as a statement writes it, and the index of the word after it. */
    record Named(TableName name, int next) {
        static Named read(SqlWords words, int at, TaskContext context, SqlText statement) {
            List<String> parts = new ArrayList<>();
            int i = at;
            while (i < words.size()) {
                parts.add(words.at(i).name());
                i++;
                if (i >= words.size() || !words.at(i).text().equals(".")) {
                    break;
                }
                i++;
            }
            if (parts.isEmpty() || parts.size() > 3) {
                throw StatementErrors.noName(statement, words.offset(at));
            }
            String table = parts.getLast();
            String schema =
                    parts.size() == 1
                            ? context.project().defaultSchema()
                            : parts.get(parts.size() - 2);
            return new Named(new TableName(schema, table), i);
        }
    }

    /** One statement that changes rows or relations. */
    private static final class Statement {
        private final TaskContext context;
        private final SqlText sql;
        private final SqlWords words;

        Statement(TaskContext context, SqlText sql, SqlWords words) {
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
            Named target = Named.read(words, at + 1, context, sql);
            Found found = found(target.name());
            Schema schema = context.tables().state(found.pointer()).definition().schema();
            int i = target.next();
            boolean byName = words.have(i, "by", "name");
            i = byName ? i + 2 : i;
            List<String> columns = new ArrayList<>();
            boolean listed =
                    words.have(i, "(")
                            && !words.have(i + 1, "select")
                            && !words.have(i + 1, "with");
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
            Named target = Named.read(words, 2, context, sql);
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
                                            .formatted(
                                                    before,
                                                    alias.isBlank() ? shown(target) : alias),
                                    part(where + 1, words.size()),
                                    "\n) is not true"));
        }

        long truncate() {
            return empty(Named.read(words, words.have(1, "table") ? 2 : 1, context, sql).name());
        }

        private long empty(TableName name) {
            return rewrite(name, before -> SqlText.of("select * from " + before + " where false"));
        }

        long update() {
            Named target = Named.read(words, 1, context, sql);
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
                                .formatted(
                                        condition, words.text(equals + 1, next), column, column));
                i = next + 1;
            }
            String alias = words.text(target.next(), set);
            String list = String.join(", ", replaced);
            return rewrite(
                    target.name(),
                    before ->
                            SqlText.of(
                                    "select * replace (%s) from %s %s"
                                            .formatted(
                                                    list,
                                                    before,
                                                    alias.isBlank() ? shown(target) : alias)));
        }

        /** Puts the rows of a query over a table in place of the table's. */
        private long rewrite(TableName name, java.util.function.Function<String, SqlText> query) {
            Found found = found(name);
            SqlText rows =
                    query.apply(Type.quoted(name.schema()) + "." + Type.quoted(name.table()));
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

        long create() {
            int i = words.have(1, "or", "replace") ? 3 : 1;
            boolean orReplace = i == 3;
            if (words.have(i, "temp") || words.have(i, "temporary")) {
                i++;
            }
            String kind = word(i).toLowerCase(java.util.Locale.ROOT);
            if (kind.equals("schema")) {
                return 0;
            }
            if (!kind.equals("table") && !kind.equals("view")) {
                throw StatementErrors.unknown(sql, "create " + kind);
            }
            boolean unlessThere = words.have(i + 1, "if", "not", "exists");
            Named target = Named.read(words, unlessThere ? i + 4 : i + 1, context, sql);
            Optional<Versioned> existing = context.view().find(EntryKey.of(target.name()));
            if (existing.isPresent() && unlessThere) {
                return 0;
            }
            if (existing.isPresent() && !orReplace) {
                throw StatementErrors.exists(sql, target.name());
            }
            if (words.have(target.next(), "as")) {
                SqlText query = part(target.next() + 1, words.size());
                return kind.equals("view")
                        ? view(target.name(), existing, query)
                        : table(target.name(), existing, query);
            }
            if (kind.equals("view") || !words.have(target.next(), "(")) {
                throw StatementErrors.unknown(sql, "create " + kind);
            }
            return table(target.name(), existing, columns(target.next()));
        }

        /** An empty query with the columns that a list declares. */
        private SqlText columns(int open) {
            int close = words.closing(open);
            List<String> casts = new ArrayList<>();
            int i = open + 1;
            while (i < close) {
                int next = words.find(",", i);
                next = next < 0 || next > close ? close : next;
                String first = word(i);
                if (!Set.of("primary", "unique", "foreign", "check", "constraint")
                        .contains(first.toLowerCase(java.util.Locale.ROOT))) {
                    int end = i + 1;
                    while (end < next
                            && !Set.of(
                                            "not",
                                            "null",
                                            "primary",
                                            "unique",
                                            "default",
                                            "check",
                                            "references")
                                    .contains(
                                            words.at(end)
                                                    .text()
                                                    .toLowerCase(java.util.Locale.ROOT))) {
                        end++;
                    }
                    casts.add(
                            "cast(null as %s) as %s"
                                    .formatted(
                                            words.text(i + 1, end).strip(),
                                            Type.quoted(words.at(i).name())));
                }
                i = next + 1;
            }
            return SqlText.of("select " + String.join(", ", casts) + " where false");
        }

        private long table(TableName name, Optional<Versioned> existing, SqlText query) {
            Optional<TablePointer> pointer = existing.flatMap(StatementExecutor::pointer);
            TableWriter.Written written =
                    context.writer()
                            .replace(
                                    name,
                                    pointer,
                                    TableDefinition.of(context.session().describe(query)),
                                    query);
            put(name, existing, new Entry.Table(written.pointer(), origin()));
            return written.rows();
        }

        private long view(TableName name, Optional<Versioned> existing, SqlText query) {
            Schema schema = context.session().describe(query);
            put(name, existing, new Entry.View(query.sql(), schema, origin()));
            return 0;
        }

        long drop() {
            String kind = word(1).toLowerCase(java.util.Locale.ROOT);
            boolean ifThere = words.have(2, "if", "exists");
            int at = ifThere ? 4 : 2;
            if (kind.equals("schema")) {
                return dropSchema(words.at(Math.min(words.size() - 1, at)));
            }
            if (!kind.equals("table") && !kind.equals("view")) {
                throw StatementErrors.unknown(sql, "drop " + kind);
            }
            TableName name = Named.read(words, at, context, sql).name();
            Optional<Versioned> existing = context.view().find(EntryKey.of(name));
            if (existing.isEmpty()) {
                if (ifThere) {
                    return 0;
                }
                throw StatementErrors.missing(sql, name);
            }
            context.commit(
                    List.of(Change.drop(EntryKey.of(name), Expected.of(existing))), "drop " + name);
            return 0;
        }

        private long dropSchema(SqlWords.Word schema) {
            List<Change> drops =
                    context
                            .view()
                            .list(
                                    EntryKey.Kind.RELATION,
                                    schema.name().toLowerCase(java.util.Locale.ROOT) + ".")
                            .stream()
                            .map(v -> Change.drop(v.key(), Expected.of(Optional.of(v))))
                            .toList();
            if (!drops.isEmpty()) {
                context.commit(drops, "drop schema " + schema.name());
            }
            return 0;
        }

        private Map<String, String> origin() {
            return Map.of("run", context.run().value());
        }

        private void put(TableName name, Optional<Versioned> existing, Entry entry) {
            context.commit(
                    List.of(Change.put(EntryKey.of(name), entry, Expected.of(existing))),
                    "make " + name);
        }

        private Found found(TableName name) {
            return Found.of(context, sql, name);
        }

        private void replace(Found found, TablePointer next) {
            found.replace(context, next);
        }

        private String word(int index) {
            return index < words.size() ? words.at(index).text() : "";
        }

        private SqlText part(int from, int to) {
            int offset = words.offset(from);
            return new SqlText(words.text(from, to), o -> sql.locate(offset + o));
        }

        private static String shown(Named named) {
            return "as " + Type.quoted(named.name().table());
        }

        private static String quoted(List<String> names) {
            return String.join(", ", names.stream().map(Type::quoted).toList());
        }
    }

    /** A table that is there. */
    record Found(TableName name, Versioned version, Entry.Table entry) {
        static Found of(TaskContext context, SqlText sql, TableName name) {
            Versioned version =
                    context.view()
                            .find(EntryKey.of(name))
                            .orElseThrow(() -> StatementErrors.missing(sql, name));
            if (!(version.entry() instanceof Entry.Table table)) {
                throw StatementErrors.notATable(sql, name);
            }
            return new Found(name, version, table);
        }

        TablePointer pointer() {
            return entry.pointer();
        }

        /** The table keeps what is known about where it came from. */
        void replace(TaskContext context, TablePointer next) {
            if (!next.equals(pointer())) {
                context.commit(
                        List.of(
                                Change.put(
                                        EntryKey.of(name),
                                        new Entry.Table(next, entry.attributes()),
                                        Expected.of(Optional.of(version)))),
                        "change " + name);
            }
        }
    }

    private static Optional<TablePointer> pointer(Versioned version) {
        return version.entry() instanceof Entry.Table t
                ? Optional.of(t.pointer())
                : Optional.empty();
    }
}
