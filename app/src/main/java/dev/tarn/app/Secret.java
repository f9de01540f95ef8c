package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A reference to something secret, {@code env:NAME} or {@code file:PATH}. It prints as the
 * reference; what it stands for is read when it is needed and kept nowhere.
 */
public record Secret(String reference) {
    public Secret {
        if (!reference.startsWith("env:") && !reference.startsWith("file:")) {
            throw new TarnException(
                    ErrorCode.CONFIG_INVALID,
                    "A secret is given by reference, env:NAME or file:PATH, so that it never stands in a file of the project.");
        }
    }

    /** What the reference stands for. */
    String resolve(Map<String, String> environment) {
        if (reference.startsWith("env:")) {
            String name = reference.substring("env:".length());
            String value = environment.get(name);
            if (value == null) {
                throw new TarnException(
                        ErrorCode.CONFIG_INVALID,
                        "The environment variable %s, which holds a secret, is not set."
                                .formatted(name));
            }
            return value;
        }
        String file = reference.substring("file:".length());
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.CONFIG_INVALID,
                    "The file %s, which holds a secret, cannot be read.".formatted(file),
                    e);
        }
    }

    @Override
    public String toString() {
        return reference;
    }
}
