package dev.tarn.taps;

import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorRig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A program of a few lines of shell that tells the lines of a file as records. */
final class TapRig implements ConnectorRig {
    private static final String SECRET = "s3cret-token";
    private static final String PROGRAM =
            """
            case " $* " in
            *discover*) echo 'CATALOG'; exit 0 ;;
            esac
            config= state=
            while [ $# -gt 0 ]; do
              case $1 in
              --config) config=$2 ;;
              --state) state=$2 ;;
              esac
              shift
            done
            grep -q 's3cret-token' "$config" || { echo 'wrong token' >&2; exit 4; }
            folder=$(sed 's/.*"folder":"\\([^"]*\\)".*/\\1/' "$config")
            [ -e "$folder/down" ] && { echo "no answer for $(cat "$config")" >&2; exit 3; }
            from=0
            [ -n "$state" ] && from=$(sed 's/.*"at":\\([0-9]*\\).*/\\1/' "$state")
            awk -v from="$from" '
              NR > from { printf "RECORD\\n", $0 }
              NR > from && NR % 2 == 0 { printf "STATE\\n", NR }
              END { printf "STATE\\n", NR }' "$folder/rows"
            """;

    private final String name;
    private final Path folder;
    private String more = "";

    TapRig(String name, Path folder) throws IOException {
        this.name = name;
        this.folder = folder;
        boolean airbyte = name.equals("airbyte");
        String catalog =
                airbyte
                        ? "{\"type\":\"CATALOG\",\"catalog\":{\"streams\":[{\"name\":\"rows\",\"supported_sync_modes\":[\"full_refresh\",\"incremental\"]}]}}"
                        : "{\"streams\":[{\"stream\":\"rows\",\"tap_stream_id\":\"rows\",\"schema\":{}}]}";
        String row =
                airbyte
                        ? "{\"type\":\"RECORD\",\"record\":{\"stream\":\"rows\",\"data\":%s,\"emitted_at\":1}}"
                        : "{\"type\":\"RECORD\",\"stream\":\"rows\",\"record\":%s}";
        String state =
                airbyte
                        ? "{\"type\":\"STATE\",\"state\":{\"type\":\"STREAM\",\"stream\":{\"stream_descriptor\":{\"name\":\"rows\"},\"stream_state\":{\"at\":%d}}}}"
                        : "{\"type\":\"STATE\",\"value\":{\"at\":%d}}";
        Files.writeString(
                folder.resolve("tap.sh"),
                PROGRAM.replace("CATALOG", catalog)
                        .replace("RECORD\\n", inAwk(row))
                        .replace("STATE\\n", inAwk(state)));
        Files.writeString(folder.resolve("rows"), "");
    }

    private static String inAwk(String text) {
        return text.replace("\"", "\\\"") + "\\n";
    }

    @Override
    public Connector connector() {
        return TapConnector.all().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Connector.Request request() {
        Map<String, String> written =
                Map.of(
                        "command",
                        "sh '" + folder.resolve("tap.sh") + "'",
                        "stream",
                        "rows",
                        "config.folder",
                        folder.toString(),
                        "config.token",
                        "env:TOKEN");
        Connector.Request asked = ConnectorRig.request(name, written, Optional.empty(), folder);
        Map<String, String> settings = new HashMap<>(written);
        settings.put("config.token", SECRET);
        return new Connector.Request(
                asked.table(), asked.ingest(), settings, folder, folder, asked.clock());
    }

    @Override
    public void add(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i <= to; i++) {
            lines.append("{\"id\":").append(i).append(more).append("}\n");
        }
        try {
            Files.writeString(folder.resolve("rows"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean addColumn(String column) {
        more = ",\"" + column + "\":\"x\"";
        return true;
    }

    @Override
    public boolean down() throws IOException {
        Files.createFile(folder.resolve("down"));
        return true;
    }

    @Override
    public void up() throws IOException {
        Files.delete(folder.resolve("down"));
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(SECRET);
    }

    @Override
    public void close() {}
}
