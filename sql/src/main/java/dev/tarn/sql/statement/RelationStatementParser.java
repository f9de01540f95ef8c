package dev.tarn.sql.statement;

import dev.tarn.model.PointInTime;
import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.ColumnDefinition;
import dev.tarn.sql.statement.Statement.ColumnRef;
import dev.tarn.sql.statement.Statement.Kind;
import dev.tarn.sql.statement.Statement.Layout;
import dev.tarn.sql.statement.Statement.Lifetime;
import dev.tarn.sql.statement.Statement.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what makes, drops and describes relations. */
final class RelationStatementParser {
    private final Cursor cursor;

    RelationStatementParser(Cursor cursor) {
        this.cursor = cursor;
    }

    Statement truncate() {
        cursor.expect("truncate");
        cursor.skip("table");
        Name name = cursor.name(RowStatementParser.A_TABLE);
        cursor.end();
        return new Statement.Truncate(cursor.text(), name);
    }

    Statement create() {
        cursor.expect("create");
        boolean replace = cursor.skip("or", "replace");
        Lifetime lifetime =
                cursor.skip("temp") || cursor.skip("temporary")
                        ? Lifetime.TEMPORARY
                        : Lifetime.LASTING;
        if (cursor.skip("schema")) {
            cursor.skip("if", "not", "exists");
            Name name = cursor.name("the name of a schema");
            return new Statement.CreateSchema(cursor.text(), name);
        }
        if (lifetime == Lifetime.LASTING && cursor.skip("materialized", "view")) {
            return materialized(replace);
        }
        if (cursor.skip("view")) {
            return view(lifetime, replace);
        }
        if (lifetime == Lifetime.LASTING && cursor.skip("transient")) {
            cursor.expect("table");
            return table(lifetime, replace) instanceof Statement.CreateTable made
                    ? withoutHistory(made)
                    : refuseClone();
        }
        if (cursor.skip("table")) {
            return table(lifetime, replace);
        }
        Optional<Statement> vocabulary = new SessionStatementParser(cursor).made(lifetime);
        if (vocabulary.isPresent()) {
            return vocabulary.get();
        }
        throw cursor.unsupported(
                "CREATE " + cursor.peek().text().toUpperCase(java.util.Locale.ROOT),
                "What can be created: table, view, materialized view, schema, macro, type.");
    }

    private Presence presence(boolean replace) {
        if (cursor.skip("if", "not", "exists")) {
            return Presence.KEEP;
        }
        return replace ? Presence.REPLACE : Presence.REFUSE;
    }

    private Statement view(Lifetime lifetime, boolean replace) {
        Presence presence = presence(replace);
        Name name = cursor.name("the name of a view");
        List<String> columns =
                cursor.have("(")
                        ? cursor.columns().stream().map(ColumnRef::name).toList()
                        : List.of();
        Optional<String> comment = comment(Optional.empty());
        cursor.expect("as");
        return new Statement.CreateView(
                cursor.text(), name, lifetime, presence, columns, comment, cursor.rest("a query"));
    }

    private static Statement withoutHistory(Statement.CreateTable made) {
        Map<String, String> properties = new HashMap<>(made.layout().properties());
        properties.put("tarn.history", "none");
        Layout layout = made.layout();
        return new Statement.CreateTable(
                made.text(),
                made.name(),
                made.lifetime(),
                made.presence(),
                made.columns(),
                new Layout(layout.partitioning(), layout.sortOrder(), properties, layout.comment()),
                made.query());
    }

    private Statement materialized(boolean replace) {
        Presence presence = presence(replace);
        Name name = cursor.name("the name of a materialized view");
        List<String> columns =
                cursor.have("(")
                        ? cursor.columns().stream().map(ColumnRef::name).toList()
                        : List.of();
        Layout layout = new LayoutParser(cursor).layout();
        cursor.expect("as");
        return new Statement.CreateMaterialized(
                cursor.text(), name, presence, columns, layout, cursor.rest("a query"));
    }

    Statement refresh() {
        cursor.expect("refresh", "materialized", "view");
        Name name = cursor.name("the name of a materialized view");
        boolean whole = cursor.skip("full");
        cursor.end();
        return new Statement.Refresh(cursor.text(), name, whole);
    }

    private Statement table(Lifetime lifetime, boolean replace) {
        Presence presence = presence(replace);
        Name name = cursor.name(RowStatementParser.A_TABLE);
        if (cursor.skip("shallow", "clone") || cursor.skip("clone")) {
            return lifetime == Lifetime.LASTING ? copy(name, presence) : refuseClone();
        }
        List<ColumnDefinition> columns = new ArrayList<>();
        if (cursor.have("(")) {
            cursor.expect("(");
            new ColumnParser(cursor).list(columns);
            cursor.expect(")");
        }
        Layout layout = new LayoutParser(cursor).layout();
        Optional<SqlText> query = Optional.empty();
        if (cursor.skip("as")) {
            query = Optional.of(cursor.rest("a query"));
        }
        if (columns.isEmpty() && query.isEmpty()) {
            throw cursor.expected("columns in parentheses or AS with a query");
        }
        cursor.end();
        return new Statement.CreateTable(
                cursor.text(), name, lifetime, presence, columns, layout, query);
    }

    private Statement refuseClone() {
        throw cursor.unsupported(
                "A clone that is temporary or transient",
                "Write CREATE TABLE … CLONE …, or CREATE TEMP TABLE … AS SELECT * FROM ….");
    }

    private Statement copy(Name name, Presence presence) {
        Name original = cursor.name(RowStatementParser.A_TABLE);
        Optional<PointInTime> point =
                cursor.atEnd() ? Optional.empty() : Optional.of(new PointParser(cursor).point());
        cursor.end();
        return new Statement.CloneTable(cursor.text(), name, presence, original, point);
    }

    private Optional<String> comment(Optional<String> otherwise) {
        if (!cursor.skip("comment")) {
            return otherwise;
        }
        cursor.skip("=");
        return Optional.of(cursor.string("a comment in quotes"));
    }

    Statement drop() {
        cursor.expect("drop");
        Optional<Statement> vocabulary = new SessionStatementParser(cursor).dropped();
        if (vocabulary.isPresent()) {
            return vocabulary.get();
        }
        Kind kind = kind();
        boolean ifExists = cursor.skip("if", "exists");
        List<Name> names = new ArrayList<>();
        do {
            names.add(
                    cursor.name("the name of a " + kind.name().toLowerCase(java.util.Locale.ROOT)));
        } while (cursor.skip(","));
        boolean cascade = cursor.skip("cascade");
        if (!cascade && !cursor.skip("restrict")) {
            cursor.skip("purge");
        }
        cursor.end();
        return new Statement.Drop(cursor.text(), kind, names, ifExists, cascade);
    }

    Statement undrop() {
        cursor.expect("undrop");
        Kind kind = cursor.have("view") || cursor.have("table") ? kind() : Kind.TABLE;
        Name name = cursor.name(RowStatementParser.A_TABLE);
        cursor.end();
        return new Statement.Undrop(cursor.text(), kind, name);
    }

    Statement rename() {
        cursor.expect("rename");
        Kind kind = kind();
        Name name = cursor.name(RowStatementParser.A_TABLE);
        cursor.expect("to");
        Name next = cursor.name("the new name");
        cursor.end();
        return new Statement.Alter(
                cursor.text(), name, kind, false, List.of(new Statement.Alteration.RenameTo(next)));
    }

    Statement comment() {
        cursor.expect("comment");
        cursor.expect("on");
        if (cursor.skip("column")) {
            ColumnRef path = cursor.column();
            if (path.path().size() < 2) {
                throw cursor.invalid("Write COMMENT ON COLUMN schema.table.column.");
            }
            List<String> parts = path.path();
            int split = Math.min(2, parts.size() - 1);
            Name name = new Name(parts.subList(0, split), path.written());
            ColumnRef column = new ColumnRef(parts.subList(split, parts.size()), path.written());
            return comment(Kind.TABLE, name, Optional.of(column));
        }
        if (!cursor.have("table") && !cursor.have("view")) {
            // Comments on schemas, databases and the like have nothing to be kept at.
            return new Statement.WithoutEffect(cursor.text(), "comment");
        }
        Kind kind = kind();
        return comment(kind, cursor.name(RowStatementParser.A_TABLE), Optional.empty());
    }

    private Statement comment(Kind kind, Name name, Optional<ColumnRef> column) {
        cursor.expect("is");
        Optional<String> comment =
                cursor.skip("null")
                        ? Optional.empty()
                        : Optional.of(cursor.string("a comment in quotes or NULL"));
        cursor.end();
        return new Statement.Comment(cursor.text(), kind, name, column, comment);
    }

    private Kind kind() {
        if (cursor.skip("materialized", "view")) {
            return Kind.TABLE;
        }
        for (Kind kind : Kind.values()) {
            if (cursor.skip(kind.name())) {
                return kind;
            }
        }
        throw cursor.expected("TABLE, VIEW or SCHEMA");
    }
}
