package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Lifetime;
import dev.tarn.sql.statement.Statement.Presence;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes tables and views. */
final class CreateStatement {
    /** What is said of a table and holds for its clone as well. */
    private static final Set<String> CLONED = Set.of("owner", "description");

    private final StatementGround ground;

    CreateStatement(StatementGround ground) {
        this.ground = ground;
    }

    StatementOutcome table(Statement.CreateTable create) {
        TableName name = ground.make(create.name());
        Optional<Versioned> existing = ground.find(name);
        if (keeps(create.name(), name, existing, create.presence())) {
            return StatementOutcome.of("create table", name);
        }
        note(name, create.lifetime());
        Schema declared = declared(create.columns());
        SqlText query =
                create.query().map(q -> filling(q, create, declared)).orElse(nothing(declared));
        Schema schema =
                create.columns().isEmpty()
                        ? create.query().map(ground::describe).orElseThrow()
                        : declared;
        Statement.Layout layout = create.layout();
        TableDefinition definition =
                new TableDefinition(
                        schema.withoutIds(),
                        layout.partitioning(),
                        layout.sortOrder(),
                        layout.properties());
        Optional<TablePointer> before = existing.flatMap(Versioned::pointer);
        TableWriter.Written written;
        try {
            written = ground.context().writer().replace(name, before, definition, query);
        } catch (TarnException failure) {
            throw StatementErrors.at(create.name().written(), failure);
        }
        ground.put(
                name,
                existing,
                new Entry.Table(written.pointer(), attributes(layout.comment())),
                "create");
        return StatementOutcome.of(
                "create table", name, StatementOutcome.Counts.inserted(written.rows()));
    }

    /** Begins as another table; the files are shared until one of them changes. */
    StatementOutcome copy(Statement.CloneTable copy) {
        TableName name = ground.make(copy.name());
        Optional<Versioned> existing = ground.find(name);
        if (keeps(copy.name(), name, existing, copy.presence())) {
            return StatementOutcome.of("clone table", name);
        }
        TableName original = ground.resolve(copy.original());
        Versioned found;
        try {
            found =
                    copy.point().isEmpty()
                            ? ground.existing(copy.original())
                            : ground.context().then(original, copy.point().get());
        } catch (TarnException failure) {
            throw StatementErrors.at(copy.original().written(), failure);
        }
        if (!(found.entry() instanceof Entry.Table table)) {
            throw StatementErrors.viewCloned(copy.original(), original);
        }
        Map<String, String> attributes = attributes(Optional.empty());
        table.attributes()
                .forEach((key, value) -> {
                    if (CLONED.contains(key)) {
                        attributes.put(key, value);
                    }
                });
        attributes.put("cloneOf", found.key().name() + "@" + found.version());
        ground.put(name, existing, new Entry.Table(table.pointer(), attributes), "clone");
        return StatementOutcome.of("clone table", name);
    }

    /** Whether what is there stays; refuses where it must neither stay nor go. */
    static boolean keeps(
            Name written, TableName name, Optional<Versioned> existing, Presence presence) {
        return switch (presence) {
            case REPLACE -> false;
            case KEEP -> existing.isPresent();
            case REFUSE -> {
                if (existing.isPresent()) {
                    throw StatementErrors.exists(written.written(), name);
                }
                yield false;
            }
        };
    }

    private void note(TableName name, Lifetime lifetime) {
        if (lifetime == Lifetime.TEMPORARY) {
            ground.context().scope().temporary(name);
        }
    }

    private Schema declared(List<Statement.ColumnDefinition> columns) {
        List<Field> fields = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Statement.ColumnDefinition column : columns) {
            if (!seen.add(column.name().name().toLowerCase(java.util.Locale.ROOT))) {
                throw StatementErrors.columnTwice(column.name(), column.name().name());
            }
            fields.add(field(ground, column));
        }
        return new Schema(fields);
    }

    /** A column as it is declared. */
    static Field field(StatementGround ground, Statement.ColumnDefinition column) {
        return new Field(
                0,
                column.name().name(),
                ground.type(column.type()),
                column.required(),
                column.defaultValue().map(CreateStatement::literal),
                column.comment());
    }

    /** A default stands in metadata, so it must be plain. */
    static String literal(SqlText value) {
        List<Token> tokens = Tokens.of(value);
        int last = tokens.size() - 1;
        boolean signed = last == 1 && (tokens.getFirst().is("-") || tokens.getFirst().is("+"));
        Token token = tokens.get(last);
        boolean literal =
                switch (token.kind()) {
                    case NUMBER, TEXT -> true;
                    case WORD -> token.is("true") || token.is("false");
                    case QUOTED_NAME, SIGN -> false;
                };
        if (!literal || !(last == 0 || signed)) {
            throw StatementErrors.notALiteral(value);
        }
        return value.sql();
    }

    private SqlText nothing(Schema schema) {
        return SqlText.of(
                schema.fields().stream()
                        .map(f ->
                                "cast(null as %s) as %s"
                                        .formatted(f.type().sql(), Type.quoted(f.name())))
                        .collect(Collectors.joining(", ", "select ", " where false")));
    }

    /** The query under the names of the declared columns, if there are any. */
    private SqlText filling(SqlText query, Statement.CreateTable create, Schema declared) {
        Schema columns = ground.describe(query);
        if (declared.fields().isEmpty()) {
            return query;
        }
        if (columns.fields().size() != declared.fields().size()) {
            throw StatementErrors.columnCount(
                    query,
                    ground.make(create.name()),
                    declared.fields().size(),
                    columns.fields().size());
        }
        String names =
                declared.names().stream().map(Type::quoted).collect(Collectors.joining(", "));
        return Sql.around("select * from (\n", query, "\n) as q(" + names + ")");
    }

    StatementOutcome view(Statement.CreateView create) {
        TableName name = ground.make(create.name());
        Optional<Versioned> existing = ground.find(name);
        if (keeps(create.name(), name, existing, create.presence())) {
            return StatementOutcome.of("create view", name);
        }
        note(name, create.lifetime());
        SqlText query = create.query();
        if (!create.columns().isEmpty()) {
            String names =
                    create.columns().stream().map(Type::quoted).collect(Collectors.joining(", "));
            query = Sql.around("select * from (\n", query, "\n) as q(" + names + ")");
        }
        query = ground.context().lasting(query);
        Schema schema = ground.describe(query);
        ground.put(
                name,
                existing,
                new Entry.View(query.sql(), schema, attributes(create.comment())),
                "create");
        return StatementOutcome.of("create view", name);
    }

    private Map<String, String> attributes(Optional<String> comment) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("run", ground.context().run().value());
        comment.ifPresent(c -> attributes.put("description", c));
        return attributes;
    }
}
