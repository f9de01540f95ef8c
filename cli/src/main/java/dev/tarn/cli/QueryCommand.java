package dev.tarn.cli;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Format;
import dev.tarn.cli.output.Paint;
import dev.tarn.cli.output.RowWriter;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "query",
        sortOptions = false,
        description = {
            "Run one SQL query and write its rows.",
            "",
            "The SQL comes from the argument, from --file, or from standard input."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn query \"select * from gold.orders limit 10\"",
            "  tarn query \"from gold.orders\" --at main@12          as it was at publication 12",
            "  tarn query \"from gold.orders\" --at run:261121-101500-k3xq",
            "  tarn query -f report.sql --output report.parquet",
            "  tarn query \"from gold.orders\" --format ndjson | jq .total"
        })
final class QueryCommand extends ProjectCommand {
    @Parameters(arity = "0..1", paramLabel = "SQL", description = "The query.")
    Optional<String> sql = Optional.empty();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Read the query from a file.")
    Optional<Path> file = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to read. Default: main.")
    String at = "main";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            completionCandidates = Format.Words.class,
            description =
                    "table, csv, json, ndjson, parquet or arrow. Default: what --output's ending"
                            + " says, else table.")
    Optional<String> format = Optional.empty();

    @Option(names = "--json", description = "The same as --format json.")
    boolean json;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the rows to a file, whole or not at all.")
    Optional<Path> output = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = WholeNumbers.LongCount.class,
            description = "Rows a table shows; the others are counted. 0 shows all. Default: 1000.")
    long limit = 1000;

    @Option(
            names = "--recompute",
            description = "Compute the rows even if those of an earlier query are kept.")
    boolean recompute;

    QueryCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Format chosen = chosenFormat();
        if (output.isEmpty() && chosen == Format.PARQUET) {
            throw CliErrors.parquetNeedsFile();
        }
        if (output.isEmpty() && chosen == Format.ARROW && invocation.console().outIsTerminal()) {
            throw CliErrors.binaryOnTerminal(chosen);
        }
        String text = text();
        Cancellation cancellation = new Cancellation();
        return invocation
                .interrupts()
                .during(
                        cancellation::cancel,
                        () -> {
                            if (output.isPresent()) {
                                toFile(tarn, text, chosen, output.get(), cancellation);
                            } else {
                                toStandardOutput(tarn, text, chosen, cancellation);
                            }
                            return DONE;
                        });
    }

    private void toStandardOutput(
            Tarn tarn, String text, Format chosen, Cancellation cancellation) {
        try (Answer answer = answer(tarn, text, cancellation)) {
            write(answer, chosen, invocation.out(), invocation.console().outColumns());
        } catch (IOException e) {
            throw CliErrors.fileFailed("standard output", e);
        }
    }

    private Answer answer(Tarn tarn, String text, Cancellation cancellation) {
        return recompute
                ? tarn.queryAnew(text, At.parse(at), cancellation)
                : tarn.query(text, At.parse(at), cancellation);
    }

    private Format chosenFormat() {
        if (json) {
            return Format.JSON;
        }
        if (format.isPresent()) {
            String word = format.get();
            return Format.find(word).orElseThrow(() -> CliErrors.unknownFormat(word));
        }
        return output.map(QueryCommand::formatOf).orElse(Format.TABLE);
    }

    private static Format formatOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return Format.ofFile(name).orElseThrow(() -> CliErrors.unknownEnding(file));
    }

    private String text() {
        Path from = file.map(f -> invocation.console().directory().resolve(f)).orElse(null);
        try {
            String found =
                    sql.isPresent()
                            ? sql.get()
                            : from != null ? Files.readString(from) : standardInput();
            if (found.isBlank()) {
                throw CliErrors.noSql();
            }
            return found;
        } catch (IOException e) {
            throw CliErrors.fileUnreadable(from == null ? "standard input" : from.toString(), e);
        }
    }

    private String standardInput() throws IOException {
        Console console = invocation.console();
        return console.inIsTerminal()
                ? ""
                : new String(console.in().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Writes beside the file first, so that a failure leaves what was there. */
    private void toFile(
            Tarn tarn, String text, Format chosen, Path given, Cancellation cancellation) {
        Path target = invocation.console().directory().resolve(given);
        if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
            throw CliErrors.folderMissing(given);
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            long rows;
            if (chosen == Format.PARQUET) {
                rows = tarn.export(text, At.parse(at), part, cancellation);
            } else {
                try (Answer answer = answer(tarn, text, cancellation);
                        OutputStream out = Files.newOutputStream(part)) {
                    rows = write(answer, chosen, out, 0);
                }
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            invocation
                    .err()
                    .printf("%s written to %s%n", Amounts.count(rows, "row", "rows"), given);
        } catch (IOException e) {
            throw CliErrors.fileFailed(target.toString(), e);
        } finally {
            deleteQuietly(part);
        }
    }

    private long write(Answer answer, Format chosen, OutputStream out, int columns)
            throws IOException {
        return switch (chosen) {
            case TABLE -> RowWriter.table(answer, out, tableStyle(columns));
            case CSV -> RowWriter.csv(answer, out);
            case JSON -> RowWriter.json(answer, out);
            case NDJSON -> RowWriter.ndjson(answer, out);
            case ARROW -> answer.writeArrow(out);
            case PARQUET -> throw CliErrors.parquetNeedsFile();
        };
    }

    private RowWriter.TableStyle tableStyle(int columns) {
        return new RowWriter.TableStyle(
                output.isPresent() ? Paint.PLAIN : invocation.console().outPaint(),
                limit == 0 ? Long.MAX_VALUE : limit,
                columns,
                false);
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The rows are where they belong, or the error that matters is already on its way.
        }
    }
}
