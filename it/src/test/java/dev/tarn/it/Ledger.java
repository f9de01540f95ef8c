package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** A project with the table {@code bronze.notes}, which comes from a ledger. */
final class Ledger implements AutoCloseable {
    private final Workshop shop;
    private final Path file;
    private final String config;

    /**
     * @param settings of the source's block, a line each
     */
    Ledger(Path folder, String settings) {
        this(folder, settings, "{}");
    }

    /**
     * @param config of the table
     */
    Ledger(Path folder, String settings, String config) {
        this.config = config;
        shop = new Workshop(folder);
        file = folder.resolve("notes.ledger");
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings(settings);
    }

    void settings(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: ledger
                    schema: bronze
                    tables:
                      - name: notes
                        config: %s
                        ingest:
                          connector: ledger
                          path: notes.ledger
                %s
                """
                        .formatted(config, settings.indent(10).stripTrailing()));
        shop.reopen();
    }

    /** Adds lines; blanks in them stand for tabs. */
    Ledger add(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line.startsWith("#") ? line : line.replace(' ', '\t')).append('\n');
        }
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Workshop shop() {
        return shop;
    }

    Path file() {
        return file;
    }

    RunReport ingest() {
        return ingest(false);
    }

    RunReport ingest(boolean full) {
        return shop.tarn().ingest(request(full), false, RunListener.SILENT, new Cancellation());
    }

    static BuildRequest request(boolean full) {
        return new BuildRequest(
                "ingest",
                EnumSet.of(NodeKind.SOURCE),
                List.of(),
                List.of(),
                RefName.MAIN,
                full,
                false,
                Optional.empty());
    }

    static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    List<String> rows(String sql) {
        return shop.rows(sql, "main");
    }

    @Override
    public void close() {
        shop.close();
    }
}
