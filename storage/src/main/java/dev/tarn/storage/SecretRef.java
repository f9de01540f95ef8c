package dev.tarn.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a secret can be found: {@code env:NAME} or {@code file:path}. It is looked up each time it
 * is needed, so that it can be changed without a restart, and it is kept nowhere.
 */
public sealed interface SecretRef {
    /** An environment variable. */
    record Environment(String name, Map<String, String> environment) implements SecretRef {
        @Override
        public String toString() {
            return "env:" + name;
        }
    }

    /** The content of a file, less white space around it. */
    record InFile(Path path) implements SecretRef {
        @Override
        public String toString() {
            return "file:" + path;
        }
    }

    /**
     * @param environment where {@code env:} references are looked up
     * @throws dev.tarn.model.TarnException {@code CONFIG_INVALID} for anything else, a secret
     *     written in plain included; the message does not repeat it
     */
    static SecretRef parse(String reference, Map<String, String> environment) {
        if (reference.startsWith("env:") && reference.length() > 4) {
            return new Environment(reference.substring(4), environment);
        }
        if (reference.startsWith("file:") && reference.length() > 5) {
            return new InFile(Path.of(reference.substring(5)));
        }
        throw StorageErrors.secretForm();
    }

    /** The secret itself. Not to be kept, logged or shown. */
    default String resolve() {
        return switch (this) {
            case Environment e -> {
                String value = e.environment().get(e.name());
                if (value == null || value.isEmpty()) {
                    throw StorageErrors.secretMissing(this, "the variable is not set");
                }
                yield value;
            }
            case InFile f -> {
                try {
                    yield Files.readString(f.path()).strip();
                } catch (IOException e) {
                    throw StorageErrors.secretMissing(this, "the file is missing or not readable");
                }
            }
        };
    }
}
