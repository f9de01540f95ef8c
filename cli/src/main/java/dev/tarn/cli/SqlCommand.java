package dev.tarn.cli;

import dev.tarn.app.Executed;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.OutcomeLines;
import dev.tarn.cli.output.RowWriter;
import dev.tarn.model.RefName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sql",
        sortOptions = false,
        description = {
            "Change tables with SQL: all statements are published at once, or none.",
            "",
            "INSERT, UPDATE, DELETE, MERGE, TRUNCATE, CREATE, ALTER, COMMENT, DROP, UNDROP and RENAME;"
                    + " a SELECT between them sees what was done before it. The SQL comes from the"
                    + " argument, from --file, or from standard input. What was done is a run:"
                    + " `tarn runs` lists it, `tarn history` and `tarn restore` go back behind it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn sql \"update gold.orders set state = 'sent' where id = 7\"",
            "  tarn sql --ref dev -f changes.sql",
            "  tarn sql \"merge into s.t using s.new n on t.id = n.id",
            "            when matched then update set * when not matched then insert *\""
        })
final class SqlCommand extends ProjectCommand {
    private static final long ROWS_SHOWN = 1_000;

    @Parameters(arity = "0..1", paramLabel = "SQL", description = "The statements.")
    Optional<String> sql = Optional.empty();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Read the statements from a file.")
    Optional<Path> file = Optional.empty();

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    SqlCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        SqlText text = text();
        Cancellation cancellation = new Cancellation();
        Executed executed =
                invocation
                        .interrupts()
                        .during(
                                cancellation::cancel,
                                () -> tarn.execute(text, new RefName(ref), cancellation));
        Console console = invocation.console();
        if (json) {
            OutcomeLines.printJson(executed, console.out());
            return DONE;
        }
        try {
            OutcomeLines.print(
                    executed,
                    console.out(),
                    new RowWriter.TableStyle(
                            console.outPaint(), ROWS_SHOWN, console.outColumns(), false));
        } catch (IOException e) {
            throw CliErrors.fileFailed("standard output", e);
        }
        return DONE;
    }

    private SqlText text() {
        Console console = invocation.console();
        String from = file.map(Path::toString).orElse("standard input");
        try {
            if (sql.isPresent()) {
                return checked(sql.get(), "sql");
            }
            if (file.isPresent()) {
                return checked(
                        Files.readString(console.directory().resolve(file.get())),
                        from.replace('\\', '/'));
            }
            byte[] typed = console.inIsTerminal() ? new byte[0] : console.in().readAllBytes();
            return checked(new String(typed, StandardCharsets.UTF_8), "sql");
        } catch (IOException e) {
            throw CliErrors.fileUnreadable(from, e);
        }
    }

    private static SqlText checked(String text, String place) {
        if (text.isBlank()) {
            throw CliErrors.noSql();
        }
        return SqlText.ofFile(text, place);
    }
}
