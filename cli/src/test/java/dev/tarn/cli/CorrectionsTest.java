package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.Quarantine.Correction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorrectionsTest {
    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("fixed.ndjson"), text);
    }

    @Test
    void aRecordIsATextOrAnObject() throws IOException {
        Path file =
                file(
                        """
                        {"_file":"a.csv","_row":3,"_raw":"1,\\"x\\""}

                        {"_raw": {"id": [1]}, "_file": "t/0", "_row": null}
                        """);
        assertThat(Corrections.read(file))
                .containsExactly(
                        new Correction("a.csv", Optional.of(3L), "1,\"x\""),
                        new Correction("t/0", Optional.empty(), "{\"id\": [1]}"));
    }

    @Test
    void aLineThatIsNoCorrectionIsNamed() throws IOException {
        assertThatThrownBy(() -> Corrections.read(file("{\"_file\":\"a\",\"_raw\":\"x\"}\n{}\n")))
                .hasMessage(
                        "fixed.ndjson:2: A correction is a JSON object with _file, _row and _raw. [USAGE]");
    }
}
