package dev.tarn.spi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

final class LedgerConnectorTest extends ConnectorContract {
    @TempDir Path folder;

    @Override
    protected ConnectorRig rig() throws IOException {
        Files.writeString(folder.resolve("rows"), "#id BIGINT\n");
        return new Rig(folder);
    }

    /** A ledger in a folder. */
    private static final class Rig implements ConnectorRig {
        private final Path folder;
        private String columns = "";

        Rig(Path folder) {
            this.folder = folder;
        }

        @Override
        public Connector connector() {
            return new LedgerConnector();
        }

        @Override
        public Connector.Request request() {
            return ConnectorRig.request("ledger", Map.of("path", "rows"), Optional.empty(), folder);
        }

        @Override
        public void add(int from, int to) {
            StringBuilder lines = new StringBuilder();
            for (int i = from; i <= to; i++) {
                lines.append("c\t").append(i).append(columns).append('\n');
            }
            append(lines.toString());
        }

        private void append(String text) {
            try {
                Files.writeString(folder.resolve("rows"), text, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean addColumn(String name) {
            append("#id BIGINT," + name + " VARCHAR\n");
            columns = "\tx";
            return true;
        }

        @Override
        public boolean down() throws IOException {
            Files.createFile(folder.resolve("rows.down"));
            return true;
        }

        @Override
        public void up() throws IOException {
            Files.delete(folder.resolve("rows.down"));
        }

        @Override
        public void close() {}
    }
}
