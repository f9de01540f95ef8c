package dev.tarn.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.app.Quarantine.Correction;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a file in which each line is a JSON object with {@code _file, _row, _raw}. */
final class Corrections {
    private static final JsonFactory JSON = new JsonFactory();

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
        String from = null;
        Long row = null;
        String raw = null;
        String seen = null;
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "_file" -> from = json.getValueAsString();
                    case "_row" -> row = value == JsonToken.VALUE_NULL ? null : json.getLongValue();
                    case "_raw" -> raw = record(line, json, value);
                    case "_seen" -> seen = record(line, json, value);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            raw = null;
        }
        if (from == null || raw == null) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "%s:%d: A correction is a JSON object with _file, _row and _raw."
                            .formatted(file.getFileName(), number));
        }
        return new Correction(from, Optional.ofNullable(row), raw, Optional.ofNullable(seen));
    }

    /** A text, or the object as it stands there. */
    private static @Nullable String record(String line, JsonParser json, JsonToken value)
            throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return json.getValueAsString();
        }
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        return line.substring(start, (int) json.currentLocation().getCharOffset());
    }
}
