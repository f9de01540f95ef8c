package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a source tree of its own, with JDKs and a Maven that only pretend. */
final class LauncherTest {
    /** Does what the launcher relies on, and otherwise says how it was called. */
    private static final String JAVA =
            """
            #!/bin/bash
            for word in "$@"; do
                case $word in
                    dev.tarn.cli.setup.Assemble) target=${!#}; mkdir -p "$target"; echo > "$target/tarn.jar"; exit ;;
                    -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) echo archive > "${word#*=}"; exit ;;
                esac
            done
            echo "java of $(basename "$(dirname "$(dirname "$0")")")"
            printf '[%s]\\n' "$@"
            """;

    private static final String MAVEN =
            """
            #!/bin/bash
            echo maven "$@" >> maven-calls
            echo "[INFO] Building Tarn Model 0.1.0        [1/2]"
            echo "[INFO] Building Tarn CLI 0.1.0        [2/2]"
            mkdir -p cli/target/surefire-reports cli/target/program
            echo x > cli/target/program/tarn-cli-0.1.0.jar
            echo > cli/target/program/classpath
            if [ -e breaks ]; then
                echo "[ERROR] /src/Some.java:[3,1] ';' expected"
                exit 1
            fi
            if [ -e report ]; then
                cp report cli/target/surefire-reports/TEST-some.xml
            fi
            """;

    @TempDir Path temp;

    private Path root = Path.of(".");
    private Path jdks = Path.of(".");
    private final Map<String, String> environment = new HashMap<>();

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void makeSourceTree() throws IOException {
        root = Files.createDirectories(temp.resolve("source tree"));
        jdks = Files.createDirectories(temp.resolve("jdks"));
        Files.copy(Path.of("../tarn"), root.resolve("tarn"));
        script(root.resolve("mvnw"), MAVEN);
        Files.createDirectories(root.resolve("cli/src/main"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("cli/pom.xml"), "<project/>");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", temp.toString());
        environment.put("TARN_JDK_FOLDERS", jdks.toString());
        environment.put("JAVA_HOME", jdk("17.0.1").toString());
    }

    @Test
    void theNewestLongTermReleaseIsTaken() throws Exception {
        jdk("21.0.5");
        jdk("25");
        jdk("26.0.1");

        assertThat(tarn("ls").out()).startsWith("java of jdk-25\n");
    }

    @Test
    void withoutALongTermReleaseTheNewestIsTaken() throws Exception {
        jdk("23");
        jdk("24.0.1");

        assertThat(tarn("ls").out()).startsWith("java of jdk-24.0.1\n");
    }

    @Test
    void anExplicitChoiceWins() throws Exception {
        jdk("25");
        environment.put("TARN_JAVA_HOME", jdk("21").toString());

        assertThat(tarn("ls").out()).startsWith("java of jdk-21\n");

        environment.remove("TARN_JAVA_HOME");
        environment.put("JAVA_HOME", jdk("22").toString());

        assertThat(tarn("ls").out()).startsWith("java of jdk-22\n");
    }

    @Test
    void anExplicitChoiceThatIsTooOldIsRefused() throws Exception {
        jdk("25");
        environment.put("TARN_JAVA_HOME", jdk("1.8.0_292").toString());

        Result result = tarn("ls");

        assertThat(result.err())
                .isEqualTo(
                        "tarn: TARN_JAVA_HOME is a JDK 8; Tarn needs 21 or newer. Set it to another"
                                + " JDK, or unset it.\n");
        assertThat(result.code()).isEqualTo(3);
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Path jreOnly = jdk("25");
        Files.delete(jreOnly.resolve("bin/javac"));
        environment.put("PATH", temp.resolve("bin").toString());
        environment.put("JAVA_HOME", jdks.resolve("jdk-17.0.1").toString());
        Path bin = Files.createDirectories(temp.resolve("bin"));
        for (String tool : List.of("bash", "dirname", "readlink", "env")) {
            script(bin.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
        }

        Result result = tarn("ls");

        assertThat(result.err())
                .isEqualTo(
                        """
                        tarn: Tarn needs a JDK, version 21 or newer, and found none.
                        Too old:
                          17 in %s/jdk-17.0.1
                        Install one and try again:
                          Debian, Ubuntu:   sudo apt install openjdk-21-jdk-headless
                          Fedora, RHEL:     sudo dnf install java-21-openjdk-devel
                          macOS:            brew install openjdk@21
                          anywhere:         https://adoptium.net, unpacked into ~/.jdks
                        or set TARN_JAVA_HOME to the folder of a JDK that is already there.
                        """
                                .formatted(jdks));
        assertThat(result.code()).isEqualTo(3);
    }

    @Test
    void theFirstUseBuildsAndTheNextDoesNot() throws Exception {
        jdk("25");

        Result first = tarn("tables", "two words", "*");
        Result second = tarn("tables");

        assertThat(first.err())
                .startsWith(
                        """
                        tarn: building with JDK 25 (first use, or sources have changed)
                          1/2  Tarn Model
                          2/2  Tarn CLI
                        """)
                .contains("tarn: built in ")
                .endsWith("tarn: preparing quick starts\n");
        assertThat(first.out())
                .contains("[--sun-misc-unsafe-memory-access=allow]\n", "[-XX:AOTCache=")
                .endsWith("tarn.jar]\n[tables]\n[two words]\n[*]\n");
        assertThat(second.err()).isEmpty();
        assertThat(mavenCalls()).isEqualTo(1);
    }

    @Test
    void changedSourcesAreBuiltUnlessRefused() throws Exception {
        jdk("21");
        tarn("ls");
        Path source = Files.writeString(root.resolve("cli/src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        environment.put("TARN_NO_BUILD", "1");
        tarn("ls");
        assertThat(mavenCalls()).isEqualTo(1);

        environment.remove("TARN_NO_BUILD");
        assertThat(tarn("ls").out()).contains("[-XX:SharedArchiveFile=");
        assertThat(mavenCalls()).isEqualTo(2);
    }

    @Test
    void aBuildThatFailsIsToldAndNeverUsed() throws Exception {
        jdk("25");
        Files.createFile(root.resolve("breaks"));

        Result result = tarn("ls");

        assertThat(result.err())
                .contains("tarn: the build failed. The end of " + root.toRealPath())
                .endsWith("  [ERROR] /src/Some.java:[3,1] ';' expected\n");
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(3);

        Files.delete(root.resolve("breaks"));
        assertThat(tarn("ls").out()).endsWith("[ls]\n");
        assertThat(mavenCalls()).isEqualTo(2);
    }

    @Test
    void itWorksThroughLinksFromAnyFolder() throws Exception {
        jdk("25");
        Path bin = Files.createDirectories(temp.resolve("some bin"));
        Path inner = Files.createSymbolicLink(bin.resolve("inner"), root.resolve("tarn"));
        Path link = Files.createSymbolicLink(bin.resolve("tarn"), inner.getFileName());

        Result result = start(bin, link, "test");

        assertThat(result.out()).endsWith("[test]\n");
    }

    @Test
    void testInTheSourceTreeTestsTarnItselfAndCounts() throws Exception {
        jdk("25");
        Files.writeString(
                root.resolve("report"),
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="some" time="0.4"
                    tests="7" errors="1" skipped="2" failures="0" flakes="0">
                  <properties><property name="x" value=" tests=&quot;9&quot;"/></properties>
                </testsuite>
                """);

        Result result = tarn("test", "cli");

        assertThat(result.out()).isEqualTo("4 passed, 1 failed, 2 skipped\n");
        assertThat(result.code()).isEqualTo(1);
        assertThat(Files.readString(root.resolve("maven-calls")))
                .isEqualTo("maven -B -T1C verify --fail-at-end -pl cli -am\n");
    }

    @Test
    void noTestsAtAllAreNoSuccess() throws Exception {
        jdk("25");

        Result result = tarn("test");

        assertThat(result.out()).isEqualTo("0 passed, 0 failed, 0 skipped\n");
        assertThat(result.code()).isEqualTo(1);
    }

    private Path jdk(String version) throws IOException {
        Path home = jdks.resolve("jdk-" + version);
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), JAVA);
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private long mavenCalls() throws IOException {
        return Files.readAllLines(root.resolve("maven-calls")).size();
    }

    private Result tarn(String... args) throws Exception {
        return start(root, root.resolve("tarn"), args);
    }

    private Result start(Path directory, Path launcher, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(Arrays.asList(args));
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Result(
                code,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
