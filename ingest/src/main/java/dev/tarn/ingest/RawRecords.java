package dev.tarn.ingest;

import dev.tarn.ingest.IngestPlan.PlannedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON objects of records as they stood where they came from. Records of delimited text need
 * the header of their file.
 */
public final class RawRecords {
    private final IngestOptions options;
    private final Function<String, Optional<PlannedFile>> files;
    private final Function<PlannedFile, Optional<ScannedFile.Text>> look;
    private final Map<String, Optional<ScannedFile.Text>> seen = new HashMap<>();

    /**
     * @param files finds a file by the name that rows have for it
     * @param look reads its header
     */
    RawRecords(
            IngestOptions options,
            Function<String, Optional<PlannedFile>> files,
            Function<PlannedFile, Optional<ScannedFile.Text>> look) {
        this.options = options;
        this.files = files;
        this.look = look;
    }

    /**
     * A record that was read, or the reason why it was not.
     *
     * @param json an object
     */
    record Read(Optional<String> json, String reason) {
        static Read of(String json) {
            return new Read(Optional.of(json), "");
        }

        static Read not(String reason) {
            return new Read(Optional.empty(), reason);
        }
    }

    Read read(String file, String raw) {
        String text = raw.strip();
        if (text.startsWith("{") && text.endsWith("}")) {
            return Read.of(text);
        }
        if (text.isEmpty()) {
            return Read.not("there is no record; `tarn quarantine fix` can give one, as JSON");
        }
        Optional<ScannedFile.Text> header =
                seen.computeIfAbsent(file, name -> files.apply(name).flatMap(look));
        return header.map(h -> delimited(h, raw))
                .orElseGet(() ->
                        Read.not(
                                "the record is no JSON object, and there is no file that tells its columns"));
    }

    private Read delimited(ScannedFile.Text file, String raw) {
        List<String> names = file.seen().names();
        CsvScanner scanner =
                new CsvScanner(
                        new ByteArrayInputStream(raw.getBytes(StandardCharsets.UTF_8)),
                        file.delimiter(),
                        options);
        try {
            if (!scanner.next()) {
                return Read.not("the record is empty");
            }
            if (scanner.problem().isPresent()) {
                return Read.not("the record " + scanner.problem().get());
            }
            if (scanner.fields() != names.size()) {
                return Read.not(
                        "the record has %d fields, and there are %d columns"
                                .formatted(scanner.fields(), names.size()));
            }
            StringBuilder json = new StringBuilder("{");
            for (int i = 0; i < names.size(); i++) {
                json.append(i == 0 ? "" : ",").append(DocumentText.quoted(names.get(i)));
                json.append(':').append(value(scanner.field(i)));
            }
            json.append('}');
            return scanner.next()
                    ? Read.not("there is more than one record")
                    : Read.of(json.toString());
        } catch (IOException e) {
            return Read.not("the record cannot be read");
        }
    }

    private static String value(@Nullable String field) {
        return field == null ? "null" : DocumentText.quoted(field);
    }
}
