package dev.tarn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.app.Quarantine.Correction;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a file in which each line is a JSON object with {@code _file, _row, _raw}. */
final class Corrections {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Corrections() {}

    static List<Correction> read(Path file) throws IOException {
        List<Correction> corrections = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                corrections.add(correction(file, number, line));
            }
        }
        return corrections;
    }

    private static Correction correction(Path file, int number, String line) {
        try {
            JsonNode object = JSON.readTree(line);
            JsonNode raw = object.path("_raw");
            if (object.path("_file").isTextual() && !raw.isMissingNode()) {
                return new Correction(
                        object.path("_file").asText(),
                        object.path("_row").isNumber()
                                ? Optional.of(object.path("_row").asLong())
                                : Optional.empty(),
                        raw.isTextual() ? raw.asText() : raw.toString());
            }
        } catch (IOException e) {
            // Told below.
        }
        throw new TarnException(
                ErrorCode.USAGE,
                "%s:%d: A correction is a JSON object with _file, _row and _raw."
                        .formatted(file.getFileName(), number));
    }
}
