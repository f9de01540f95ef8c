package dev.tarn.spi;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a ledger: a text file to which lines are added. It is small, real, and complete, so it can
 * be read as an example of a connector.
 *
 * <p>A line is a kind and the values of a row, with tabs between them. A line that begins with
 * {@code #} says which columns the lines behind it have: {@code #id BIGINT,name VARCHAR}. Types are
 * {@code BIGINT}, {@code VARCHAR} and {@code TIMESTAMPTZ}. No value is null, {@code ~} one that the
 * change does not tell. While there is a file with {@code .down} behind its name, the ledger is not
 * available.
 */
public final class LedgerConnector implements Connector {
    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                new Setting("path", true, false),
                new Setting("changes", false, false),
                new Setting("token", false, true));
    }

    @Override
    public OpenSource open(Request request) {
        Path file = request.project().resolve(request.setting("path").orElseThrow());
        if (!Files.isRegularFile(file)) {
            throw new TarnException(
                    ErrorCode.SOURCE_UNREADABLE,
                    "There is no ledger '%s'. Nothing was landed.".formatted(file.getFileName()));
        }
        boolean changes = request.setting("changes").orElse("false").equals("true");
        return new LedgerSource(
                file, changes, request.ingest().connector().orElseThrow().key(), request.clock());
    }
}
