package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import java.util.List;
import java.util.Optional;

/** What statements are executed on: the run's ref, a session, and who asks. */
final class StatementGround {
    private final TaskContext context;
    private final StatementExecutor.Author author;
    private final Statement statement;

    StatementGround(TaskContext context, StatementExecutor.Author author, Statement statement) {
        this.context = context;
        this.author = author;
        this.statement = statement;
    }

    TaskContext context() {
        return context;
    }

    EngineSession session() {
        return context.session();
    }

    SqlText text() {
        return statement.text();
    }

    /**
     * The relation a name means: that of its schema; without one, that of the project's schema, or
     * else the only one of that name.
     */
    TableName resolve(Name name) {
        if (name.parts().size() > 1) {
            return new TableName(name.parts().get(name.parts().size() - 2), name.parts().getLast());
        }
        TableName usual = new TableName(context.project().defaultSchema(), name.table());
        if (context.view().find(EntryKey.of(usual)).isPresent()) {
            return usual;
        }
        List<TableName> same =
                context.relations().names().stream()
                        .filter(n -> n.table().equalsIgnoreCase(name.table()))
                        .toList();
        return switch (same.size()) {
            case 0 -> usual;
            case 1 -> same.getFirst();
            default -> throw StatementErrors.ambiguous(name, same);
        };
    }

    /** The name of something that is to be made. */
    TableName make(Name name) {
        TableName made =
                name.parts().size() > 1
                        ? resolve(name)
                        : new TableName(context.project().defaultSchema(), name.table());
        return creatable(name, made);
    }

    /** Refuses names that nothing new can have. */
    static TableName creatable(Name written, TableName name) {
        try {
            return name.requireCreatable();
        } catch (TarnException refused) {
            throw StatementErrors.at(written.written(), refused);
        }
    }

    Optional<Versioned> find(TableName name) {
        return context.view().find(EntryKey.of(name));
    }

    Versioned existing(Name written) {
        TableName name = resolve(written);
        return find(name)
                .orElseThrow(
                        () -> StatementErrors.missing(written, name, context.relations().names()));
    }

    StatementTable table(Name written) {
        Versioned version = existing(written);
        TableName name = TableName.parse(version.key().name());
        if (!(version.entry() instanceof Entry.Table table)) {
            throw StatementErrors.notATable(written, name);
        }
        return new StatementTable(name, version, table);
    }

    /** A table whose rows and columns statements may change. */
    StatementTable writable(Name written) {
        StatementTable table = table(written);
        if (MaterializedView.is(table.entry())) {
            throw StatementErrors.materialized(written, table.name());
        }
        return table;
    }

    void put(TableName name, Optional<Versioned> before, Entry entry, String message) {
        context.commit(
                List.of(Change.put(EntryKey.of(name), entry, Expected.of(before))),
                message + " " + name);
    }

    /** Refuses what its author must not ask, over the relations as they are. */
    void guard(SqlText query) {
        if (isGuarded()) {
            context.describeAsTyped(query);
        }
    }

    /** Whether {@link #guard} looks at what is asked. */
    boolean isGuarded() {
        return author == StatementExecutor.Author.USER;
    }

    /** The columns of a query that its author may ask. */
    Schema describe(SqlText query) {
        guard(query);
        return session().describe(query);
    }

    Type type(SqlText written) {
        SqlText query =
                new SqlPieces().add("select cast(null as ").add(written).add(") as c").text();
        return session().describe(query).fields().getFirst().type();
    }

    long count(SqlText query) {
        try (var rows = session().query(query)) {
            return rows.next() && rows.value(0) instanceof Number count ? count.longValue() : 0;
        }
    }
}
