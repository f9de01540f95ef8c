package dev.tarn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of a storage, and secrets. */
final class StoragesTest {
    @TempDir Path folder;

    @Test
    void eachLocationGoesToTheStorageThatHandlesIt() throws IOException {
        Files.writeString(folder.resolve("x"), "content");
        try (Storages storages = new Storages(List.of(new LocalStorage(Clock.systemUTC())))) {
            assertThat(storages.list(folder.toString())).hasSize(1);
            assertThat(storages.handles("s3://bucket/x")).isFalse();
            assertThatThrownBy(() -> storages.find("gs://bucket/x"))
                    .hasMessage(
                            "No storage is set up for gs://bucket/x. Use a local path,"
                                    + " s3://bucket/key or sftp://user@host/path. [UNSUPPORTED]");
        }
    }

    @Test
    void bucketsAndFoldersAreNoFiles() {
        assertThatThrownBy(() -> S3Location.parse("s3:///x"))
                .hasMessage(
                        "'s3:///x' is no place for a file. Write a path or s3://bucket/key."
                                + " [CONFIG_INVALID]");
        assertThatThrownBy(() -> S3Location.ofFile("s3://bucket/x/"))
                .hasMessageStartingWith("'s3://bucket/x/' is no place for a file.");
    }

    @Test
    void secretsComeFromTheEnvironmentAndFromFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "  s3cret\n");

        assertThat(SecretRef.parse("env:KEY", Map.of("KEY", "value")).resolve()).isEqualTo("value");
        assertThat(SecretRef.parse("file:" + file, Map.of()).resolve()).isEqualTo("s3cret");
    }

    @Test
    void aSecretIsNeverShown() {
        SecretRef reference = SecretRef.parse("env:KEY", Map.of("KEY", "hidden"));

        assertThat(reference).hasToString("env:KEY");
        assertThatThrownBy(() -> SecretRef.parse("AKIA:hidden", Map.of()))
                .hasMessage(
                        "A secret must be a reference, env:NAME or file:path. Move the secret into"
                                + " an environment variable or a file and refer to it."
                                + " [CONFIG_INVALID]");
        assertThatThrownBy(() -> SecretRef.parse("env:OTHER", Map.of("KEY", "hidden")).resolve())
                .hasMessage(
                        "The secret env:OTHER cannot be read: the variable is not set."
                                + " [CONFIG_INVALID]");
    }
}
