package dev.tarn.cli.dbt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The page that shows the documentation of a project. */
final class DocsPage {
    /** Where a page that reads no other files has them. */
    private static final String MARK = "const given = {};";

    private DocsPage() {}

    /** The page, which reads {@code manifest.json} and {@code catalog.json} beside it. */
    static String text() {
        try (InputStream in = DocsPage.class.getResourceAsStream("docs.html")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the page in a folder of artifacts, for whoever serves that folder. */
    static void write(Path folder) {
        put(folder.resolve("index.html"), text());
    }

    /** Leaves a page that needs no other file and no server. */
    static void writeStatic(Path folder) {
        String files =
                "const given = {\"manifest.json\": %s, \"catalog.json\": %s};"
                        .formatted(json(folder, "manifest.json"), json(folder, "catalog.json"));
        put(folder.resolve("static_index.html"), text().replace(MARK, files));
    }

    /** A file as a part of a script: nothing in it can end the script. */
    private static String json(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return "{}";
        }
        try {
            return Files.readString(file).replace("<", "\\u003c");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(Path file, String text) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
