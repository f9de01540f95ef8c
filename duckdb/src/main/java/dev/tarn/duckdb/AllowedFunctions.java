package dev.tarn.duckdb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The functions that a query somebody typed may use, from the list in the resources. */
record AllowedFunctions(Set<String> anywhere, Set<String> asTable) {
    private static final String LIST = "allowed-functions.txt";
    private static final String TABLES = "# Table functions";

    static AllowedFunctions read() {
        try (InputStream in = AllowedFunctions.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException(LIST + " is missing from the program");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int tables = text.indexOf(TABLES);
            return new AllowedFunctions(
                    names(text.substring(0, tables)), names(text.substring(tables)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .filter(name -> !name.isEmpty())
                .map(name -> name.replace("\\s", " ").toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
