package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit of the Iceberg project, against the program as people start it; see the module kits. */
final class IcebergRestKitTest {
    private static final Path KITS = Path.of("..", "kits");
    private static final String SAID = "Iceberg REST catalog: ";

    @TempDir Path folder;

    @Test
    void nothingFails() throws Exception {
        Path jars = KITS.resolve("target").resolve("iceberg-rest.classpath");
        assertThat(jars).as("made by `./mvnw -pl kits generate-resources`").exists();
        CompletableFuture<String> uri = new CompletableFuture<>();
        Program server =
                Program.start(
                        Files.createDirectory(folder.resolve("project")),
                        line -> {
                            if (line.startsWith(SAID)) {
                                uri.complete(line.substring(SAID.length()));
                            }
                        },
                        "serve",
                        "--port",
                        "0",
                        "--any-location");
        try {
            List<String> told = judged(uri.get(), Files.readString(jars).strip());
            assertThat(told).noneMatch(line -> line.startsWith("failed"));
            // Names without a namespace have no place in the protocol; one the kit skips itself.
            assertThat(told.stream().filter(line -> line.startsWith("skipped")))
                    .hasSize(6)
                    .allMatch(line ->
                            line.toLowerCase(Locale.ROOT).contains("emptynamespace")
                                    || line.contains("createTableInUniqueLocation"));
            assertThat(told.getLast()).isEqualTo("pass=151 fail=0 skip=6");
        } finally {
            server.kill();
        }
    }

    private List<String> judged(String uri, String jars) throws Exception {
        Path out = folder.resolve("out");
        Process kit =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Duri=" + uri,
                                "-Dwarehouse=main",
                                "-cp",
                                jars,
                                KITS.resolve("IcebergRestKit.java").toString())
                        .redirectOutput(out.toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        try {
            kit.waitFor();
            List<String> told = Files.readAllLines(out, StandardCharsets.UTF_8);
            assertThat(told)
                    .as(() -> {
                        try {
                            return Files.readString(folder.resolve("err"));
                        } catch (java.io.IOException e) {
                            return e.toString();
                        }
                    })
                    .isNotEmpty();
            return told;
        } finally {
            kit.destroyForcibly();
        }
    }
}
