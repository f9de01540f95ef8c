package dev.tarn.cli.shell;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.TableListing;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Listing;
import dev.tarn.cli.output.OutcomeLines;
import dev.tarn.cli.output.RowWriter;
import dev.tarn.model.AsOf;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a shell remembers between statements, and how it does each of them. */
final class ShellSession {
    private static final long ROWS_SHOWN = 200;

    private static final String HELP =
            """
            \\d               tables and views
            \\d TABLE         columns of a table
            \\dt              the same as \\d
            \\x               one value a line, on or off
            \\timing          how long statements take, on or off
            \\at STATE        read another ref, publication, run or time; \\at alone says which
            \\q               leave
            \\?               this help
            Everything else is SQL, up to a semicolon. Ctrl-C stops a statement.\
            """;

    private final Tarn tarn;
    private final Screen screen;
    private volatile Optional<Cancellation> running = Optional.empty();
    private At at;
    private boolean expanded;
    private boolean timing;

    /** How an input ended. */
    enum Outcome {
        DONE,
        FAILED,
        LEAVE
    }

    ShellSession(Tarn tarn, At at, Screen screen) {
        this.tarn = tarn;
        this.at = at;
        this.screen = screen;
    }

    At at() {
        return at;
    }

    /** Stops the statement that runs, if one does. May be called by any thread. */
    void cancel() {
        running.ifPresent(Cancellation::cancel);
    }

    /** Does a backslash command or all statements of a text. */
    Outcome accept(String input) {
        String text = input.strip();
        try {
            if (text.startsWith("\\")) {
                return command(text);
            }
            Statements statements = Statements.split(text);
            for (String statement : statements.complete()) {
                statement(statement);
            }
            if (!statements.rest().isBlank()) {
                statement(statements.rest().strip());
            }
            return Outcome.DONE;
        } catch (TarnException e) {
            screen.errors().accept(e);
            return Outcome.FAILED;
        }
    }

    private Outcome command(String text) {
        String[] words = text.split("\\s+", 2);
        String argument = words.length == 2 ? words[1].replaceAll(";\\s*$", "").strip() : "";
        switch (words[0]) {
            case "\\q" -> {
                return Outcome.LEAVE;
            }
            case "\\?" -> screen.out().println(HELP);
            case "\\d", "\\dt" -> describe(argument);
            case "\\x" -> {
                expanded = !expanded;
                screen.out().println("One value a line is " + (expanded ? "on." : "off."));
            }
            case "\\timing" -> {
                timing = !timing;
                screen.out().println("Timing is " + (timing ? "on." : "off."));
            }
            case "\\at" -> moveTo(argument);
            default -> throw ShellErrors.unknownCommand(words[0]);
        }
        return Outcome.DONE;
    }

    private void moveTo(String state) {
        if (!state.isEmpty()) {
            At wanted = At.parse(state);
            tarn.tableNames(wanted); // refuses a state that is not there
            at = wanted;
        }
        screen.out().println("Reading " + at + ".");
    }

    private void describe(String table) {
        if (table.isEmpty()) {
            List<TableListing> tables = tarn.tables(at);
            if (tables.isEmpty()) {
                screen.out().println("No tables here. `tarn build` makes them.");
                return;
            }
            print(
                    new Listing<TableListing>()
                            .left("TABLE", "table", t -> t.name().toString())
                            .left("KIND", "kind", TableListing::kind)
                            .right(
                                    "ROWS",
                                    "rows",
                                    t -> t.kind().equals("view") ? null : (Object) t.rows()),
                    tables);
            return;
        }
        print(
                new Listing<Field>()
                        .left("COLUMN", "column", Field::name)
                        .left("TYPE", "type", f -> f.type().sql())
                        .left("NULLS", "nulls", f -> f.required() ? "refused" : ""),
                tarn.table(tarn.named(table, at), at).schema().fields());
    }

    private void statement(String sql) {
        Instant begin = screen.clock().instant();
        Cancellation cancellation = new Cancellation();
        running = Optional.of(cancellation);
        try {
            if (Tarn.isQuery(sql)) {
                query(sql, cancellation);
            } else {
                change(sql, cancellation);
            }
        } finally {
            running = Optional.empty();
        }
        if (timing) {
            Duration took = Duration.between(begin, screen.clock().instant());
            screen.out().println(screen.paint().dim(Amounts.duration(took)));
        }
    }

    /** Each statement is published by itself, on the branch that is read. */
    private void change(String sql, Cancellation cancellation) {
        if (!at.asOf().equals(AsOf.head()) || at.ref().isRun()) {
            throw ShellErrors.onlyBranchesChange(at);
        }
        try {
            OutcomeLines.print(
                    tarn.execute(SqlText.of(sql), at.ref(), cancellation), screen.out(), style());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RowWriter.TableStyle style() {
        return new RowWriter.TableStyle(
                screen.paint(), ROWS_SHOWN, screen.columns().getAsInt(), expanded);
    }

    private void query(String sql, Cancellation cancellation) {
        try (Answer answer = tarn.query(sql, at, cancellation)) {
            RowWriter.table(answer, screen.out(), style());
        }
    }

    private <T> void print(Listing<T> listing, List<T> things) {
        listing.lines(things, screen.paint(), screen.columns().getAsInt())
                .forEach(screen.out()::println);
    }
}
