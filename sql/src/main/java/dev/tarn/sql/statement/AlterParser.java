package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement.Alteration;
import dev.tarn.sql.statement.Statement.ColumnDefinition;
import dev.tarn.sql.statement.Statement.ColumnRef;
import dev.tarn.sql.statement.Statement.Kind;
import dev.tarn.sql.statement.Statement.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads ALTER. */
final class AlterParser {
    private final Cursor cursor;
    private final List<Alteration> steps = new ArrayList<>();

    AlterParser(Cursor cursor) {
        this.cursor = cursor;
    }

    Statement alter() {
        cursor.expect("alter");
        Kind kind = Kind.TABLE;
        if (cursor.skip("view")) {
            kind = Kind.VIEW;
        } else {
            cursor.expect("table");
        }
        boolean ifExists = cursor.skip("if", "exists");
        Name name = cursor.name(RowStatementParser.A_TABLE);
        do {
            step();
        } while (cursor.skip(","));
        cursor.end();
        return new Statement.Alter(cursor.text(), name, kind, ifExists, List.copyOf(steps));
    }

    private void step() {
        if (cursor.skip("add")) {
            add();
        } else if (cursor.skip("drop")) {
            drop();
        } else if (cursor.skip("rename")) {
            rename();
        } else if (cursor.skip("alter") || cursor.skip("modify") || cursor.skip("change")) {
            cursor.skip("column");
            change(cursor.column());
        } else if (cursor.skip("set")) {
            set();
        } else if (cursor.skip("unset") || cursor.skip("reset")) {
            unset();
        } else if (cursor.skip("partition", "by") || cursor.skip("partitioned", "by")) {
            steps.add(new Alteration.PartitionBy(new LayoutParser(cursor).partitioning()));
        } else if (cursor.skip("write", "ordered", "by") || cursor.skip("order", "by")) {
            steps.add(new Alteration.SortBy(new LayoutParser(cursor).order()));
        } else {
            throw cursor.expected("ADD, DROP, RENAME, ALTER, SET, UNSET, PARTITION BY or ORDER BY");
        }
    }

    private void add() {
        if (cursor.skip("partition")) {
            cursor.skip("field");
            steps.add(new Alteration.AddPartition(new LayoutParser(cursor).partition()));
            return;
        }
        if (cursor.skip("columns")) {
            cursor.expect("(");
            List<ColumnDefinition> columns = new ArrayList<>();
            new ColumnParser(cursor).list(columns);
            cursor.expect(")");
            columns.forEach(c -> steps.add(new Alteration.AddColumn(c, false, Optional.empty())));
            return;
        }
        cursor.skip("column");
        boolean ifNotExists = cursor.skip("if", "not", "exists");
        ColumnDefinition column = new ColumnParser(cursor).column();
        steps.add(new Alteration.AddColumn(column, ifNotExists, position()));
    }

    private Optional<Position> position() {
        if (cursor.skip("first")) {
            return Optional.of(new Position.First());
        }
        return cursor.skip("after")
                ? Optional.of(new Position.After(cursor.column()))
                : Optional.empty();
    }

    private void drop() {
        if (cursor.skip("partition")) {
            cursor.skip("field");
            steps.add(new Alteration.DropPartition(new LayoutParser(cursor).partition()));
            return;
        }
        if (cursor.skip("columns")) {
            cursor.columns().forEach(c -> steps.add(new Alteration.DropColumn(c, false)));
            return;
        }
        cursor.skip("column");
        boolean ifExists = cursor.skip("if", "exists");
        steps.add(new Alteration.DropColumn(cursor.column(), ifExists));
        if (!cursor.skip("cascade")) {
            cursor.skip("restrict");
        }
    }

    private void rename() {
        if (cursor.skip("to")) {
            steps.add(new Alteration.RenameTo(cursor.name("the new name")));
            return;
        }
        cursor.skip("column");
        ColumnRef column = cursor.column();
        cursor.expect("to");
        steps.add(new Alteration.RenameColumn(column, cursor.identifier("the new name")));
    }

    private void change(ColumnRef column) {
        if (cursor.skip("set", "not", "null")) {
            steps.add(new Alteration.SetRequired(column, true));
        } else if (cursor.skip("drop", "not", "null")) {
            steps.add(new Alteration.SetRequired(column, false));
        } else if (cursor.have("set", "default") || cursor.have("drop", "default")) {
            throw cursor.unsupported(
                    "Changing the default of a column that is there",
                    "Add a new column with a default, or name the value in INSERT.");
        } else if (cursor.skip("comment")) {
            steps.add(new Alteration.Describe(column, cursor.string("a comment in quotes")));
        } else if (cursor.have("first") || cursor.have("after")) {
            steps.add(new Alteration.Move(column, position().orElseThrow()));
        } else {
            if (!cursor.skip("set", "data")) {
                cursor.skip("set");
            }
            cursor.skip("type");
            SqlText type = cursor.until("a type", "using", ",");
            if (cursor.have("using")) {
                throw cursor.unsupported(
                        "Changing values with a type",
                        "Add a new column, UPDATE it, and drop the old one.");
            }
            steps.add(new Alteration.Retype(column, type));
        }
    }

    private void set() {
        if (cursor.skip("partitioned", "by") || cursor.skip("partition", "by")) {
            steps.add(new Alteration.PartitionBy(new LayoutParser(cursor).partitioning()));
        } else if (cursor.skip("sorted", "by") || cursor.skip("order", "by")) {
            steps.add(new Alteration.SortBy(new LayoutParser(cursor).order()));
        } else {
            if (!cursor.skip("tblproperties")) {
                cursor.skip("properties");
            }
            steps.add(new Alteration.SetProperties(new LayoutParser(cursor).properties()));
        }
    }

    private void unset() {
        if (cursor.skip("partitioned", "by") || cursor.skip("partition", "by")) {
            steps.add(new Alteration.PartitionBy(List.of()));
        } else if (cursor.skip("sorted", "by") || cursor.skip("order", "by")) {
            steps.add(new Alteration.SortBy(List.of()));
        } else {
            if (!cursor.skip("tblproperties")) {
                cursor.skip("properties");
            }
            steps.add(new Alteration.UnsetProperties(new LayoutParser(cursor).keys()));
        }
    }
}
