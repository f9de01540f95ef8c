package dev.tarn.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AssembleTest {
    @TempDir Path folder;

    @Test
    void theStarterNamesEveryJarInOrder() throws IOException {
        Path own = jar("tarn-cli-1.jar", "own");
        Path other = jar("b.jar", "other");

        Assemble.assemble(List.of(own, other), folder.resolve("app"), "Linux", "amd64");

        try (JarFile starter = new JarFile(folder.resolve("app/tarn.jar").toFile())) {
            var attributes = starter.getManifest().getMainAttributes();
            assertThat(attributes.getValue("Class-Path")).isEqualTo("tarn-cli-1.jar b.jar");
            assertThat(attributes.getValue("Main-Class")).isEqualTo("dev.tarn.cli.Cli");
            assertThat(attributes.getValue("Add-Opens")).isEqualTo("java.base/java.nio");
        }
        assertThat(folder.resolve("app/b.jar")).hasSameBinaryContentAs(other);
    }

    @Test
    void theEnginesLibraryLiesBesideItsJar() throws IOException {
        Path engine =
                jar(
                        "duckdb_jdbc-2.jar",
                        "org/duckdb/Some.class",
                        "libduckdb_java.so_linux_amd64",
                        "libduckdb_java.so_macos_arm64");

        Assemble.assemble(List.of(engine), folder.resolve("app"), "Mac OS X", "aarch64");

        assertThat(folder.resolve("app/libduckdb_java.so_macos_arm64"))
                .hasContent("libduckdb_java.so_macos_arm64");
        try (ZipFile slim = new ZipFile(folder.resolve("app/duckdb_jdbc-2.jar").toFile())) {
            assertThat(slim.stream().map(ZipEntry::getName))
                    .containsExactly("org/duckdb/Some.class");
        }
    }

    @Test
    void aPlatformWithoutALibraryKeepsTheJarWhole() throws IOException {
        Path engine = jar("duckdb_jdbc-2.jar", "libduckdb_java.so_linux_amd64");

        Assemble.assemble(List.of(engine), folder.resolve("app"), "Linux", "riscv64");

        assertThat(folder.resolve("app/duckdb_jdbc-2.jar")).hasSameBinaryContentAs(engine);
    }

    private Path jar(String name, String... entries) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(entry.getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return file;
    }
}
