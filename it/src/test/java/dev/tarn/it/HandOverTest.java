package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.ServerNotes;
import dev.tarn.cli.Cli;
import dev.tarn.cli.Console;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.spi.JobTables.RunFilter;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands beside a server of the same project, which is a process of its own. */
final class HandOverTest {
    private static final String TOKEN = "0123456789abcdef-of-the-server";
    private static final Pattern PORT = Pattern.compile("Pages: http://127\\.0\\.0\\.1:(\\d+)/");
    private static final String ENDLESS =
            "select count(*) as n from range(1000000000000) t(i) where hash(i) % 7 = 1";

    @TempDir Path folder;
    private final List<Program> servers = new ArrayList<>();
    private Workshop shop;

    @BeforeEach
    void open() {
        shop = new Workshop(folder);
        shop.put("models/a.sql", "select 1 as x union all select 2");
    }

    @AfterEach
    void close() throws Exception {
        for (Program server : servers) {
            server.kill();
        }
        shop.close();
    }

    private Program serve(String... more) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
        arguments.addAll(List.of(more));
        Program server =
                Program.start(
                        folder,
                        line -> {
                            if (line.startsWith("Warehouse:")) {
                                there.countDown();
                            }
                        },
                        arguments.toArray(String[]::new));
        servers.add(server);
        assertThat(there.await(10, TimeUnit.MINUTES)).as(server.output()).isTrue();
        return server;
    }

    /** A command in this process, which is not the server's. */
    private String tarn(int code, String... arguments) {
        return tarn(code, Map.of(), line -> {}, arguments);
    }

    private String tarn(
            int code,
            Map<String, String> environment,
            Consumer<String> heard,
            String... arguments) {
        Map<String, String> all = new HashMap<>(System.getenv());
        all.putAll(environment);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream out =
                new PrintStream(written, true, StandardCharsets.UTF_8) {
                    @Override
                    public void println(@Nullable String line) {
                        super.println(line);
                        heard.accept(String.valueOf(line));
                    }
                };
        int ended =
                Cli.run(
                        new Console(
                                out,
                                out,
                                InputStream.nullInputStream(),
                                false,
                                false,
                                false,
                                0,
                                folder,
                                all,
                                Clock.systemUTC()),
                        arguments);
        String output = written.toString(StandardCharsets.UTF_8);
        assertThat(ended).as(output).isEqualTo(code);
        return output;
    }

    private List<JobRun> handedOver() {
        return shop.tarn()
                .jobs()
                .runs(
                        new RunFilter(
                                Optional.of(JobName.ON_DEMAND),
                                java.util.Set.of(),
                                Optional.empty(),
                                100));
    }

    @Test
    void aServerDoesWhatIsTypedAndTheTerminalLooksTheSame() throws Exception {
        shop.put(
                "models/a.yml",
                """
                models:
                  - name: a
                    columns:
                      - {name: x, data_tests: [{accepted_values: {values: [1], quote: false}}]}
                """);
        String alone = tarn(1, "build", "--select", "a");
        Program server = serve("--token", "file:" + tokenFile());

        String handed = tarn(1, "build", "--select", "a", "--full");

        assertThat(handed).contains("The server does it: http://127.0.0.1:");
        assertThat(handedOver()).singleElement().extracting(JobRun::by).isEqualTo("API, tarn");
        assertThat(lasting(handed)).isEqualTo(lasting(alone));
        assertThat(lasting(handed))
                .contains("│ 2           │ 1         │")
                .contains("Failed: nothing was published to main")
                .contains("[CHECK_FAILED]");

        shop.remove("models/a.yml");
        assertThat(tarn(0, "retry"))
                .contains("The server does it:")
                .contains("Published publication");
        assertThat(shop.rows("select x from main.a order by x")).containsExactly("1", "2");
        assertThat(tarn(0, "run", "--json", "--select", "a")).contains("\"status\": \"unchanged\"");
        assertThat(handedOver()).hasSize(3);

        shop.put("models/b.sql", "select y from {{ ref('a') }}");
        assertThat(tarn(2, "build"))
                .contains("The server does it:")
                .contains(
                        "models/b.sql:1:8: Column 'y' does not exist in main.a. Did you mean 'x'? [COLUMN_NOT_FOUND]");
        assertThat(server.output()).doesNotContain(TOKEN);
    }

    private Path tokenFile() throws Exception {
        return Files.writeString(folder.resolve("token"), TOKEN);
    }

    /** The report, without what is of one run: names, times, and what took long. */
    private static String lasting(String output) {
        return output.lines()
                .filter(line -> !line.startsWith("The server does it") && !line.startsWith("run "))
                .filter(line -> !line.matches("Slowest:|  (model|test) .*"))
                .map(line ->
                        line.replaceAll("\\d{6}-\\d{6}-\\w{4,8}", "ID")
                                .replaceAll("[\\d.,]+ (ms|s)\\b", "TIME"))
                .sorted()
                .reduce("", (a, b) -> a + b + "\n");
    }

    @Test
    void whatAServerCannotBeToldIsDoneHere() throws Exception {
        shop.put("models/c.sql", "select '{{ env_var('COLOUR', 'red') }}' as colour");
        serve();

        assertThat(tarn(0, "build", "--no-server")).doesNotContain("server");
        assertThat(tarn(0, "build", "--empty"))
                .contains(
                        "note: the server of this project does not know --empty; doing this here.");
        assertThat(tarn(0, "build", "--vars", "n: 1"))
                .contains(
                        "note: the server of this project does not know --vars; doing this here.");
        assertThat(tarn(0, "build", "--threads", "61"))
                .contains(
                        "note: the server of this project has other settings than this command; doing this here.");
        String coloured = tarn(0, Map.of("COLOUR", "blue", "UNRELATED", "x"), line -> {}, "build");
        assertThat(coloured)
                .contains(
                        "note: the server of this project has other variables: COLOUR; doing this here.");
        assertThat(shop.rows("select colour from main.c")).containsExactly("blue");
        String inTask =
                tarn(0, Map.of("TARN_JOB_RUN", "j261121-101500-k3xq7a2b"), line -> {}, "build");
        assertThat(inTask).doesNotContain("server");
        shop.put("tarn.yml", "server: false\n");
        assertThat(tarn(0, "build")).doesNotContain("server");
        assertThat(handedOver()).isEmpty();
    }

    @Test
    void whatAKilledServerLeftIsKnownForWhatItIs() throws Exception {
        Program server = serve();
        server.kill();
        Path note = folder.resolve(".tarn/server");
        assertThat(note).exists();

        assertThat(tarn(0, "build"))
                .containsPattern(
                        "note: the server of this project \\(process \\d+\\) vanished; doing this here\\.")
                .contains("Published publication");

        Program next = serve();
        assertThat(tarn(0, "build")).contains("The server does it:");
        next.terminate();
        assertThat(note).doesNotExist();
        assertThat(tarn(0, "build")).doesNotContain("server");
    }

    @Test
    void whatOthersCouldHaveWrittenIsNotBelieved() throws Exception {
        serve();
        Path note = folder.resolve(".tarn/server");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note)))
                .isEqualTo("rw-------");
        assertThat(shop.tarn().serverNotes().lookAs(Optional.of("somebody-else")))
                .isInstanceOfSatisfying(
                        ServerNotes.Found.Unusable.class,
                        found ->
                                assertThat(found.why())
                                        .startsWith("belongs to another user (")
                                        .endsWith(")"));

        Files.setPosixFilePermissions(note, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(tarn(0, "build"))
                .contains("left %s, which is not for its owner alone".formatted(note))
                .contains("doing this here.");

        Files.setPosixFilePermissions(note, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(note, Files.readString(note).replaceFirst("host=.*", "host=192.0.2.1"));
        assertThat(tarn(0, "build"))
                .contains("says nothing in %s that makes sense".formatted(note));
        Files.writeString(note, "nonsense");
        assertThat(tarn(0, "build")).contains("that makes sense; doing this here.");
        Files.delete(note);
        Files.createSymbolicLink(note, Path.of("/etc/passwd"));
        assertThat(tarn(0, "build")).contains("which is not for its owner alone");
        assertThat(handedOver()).isEmpty();
    }

    @Test
    void theSecretOfTheNoteOpensTheServerAndNothingElseDoes() throws Exception {
        Program server = serve("--token", "file:" + tokenFile());
        Matcher port = PORT.matcher(server.output());
        assertThat(port.find()).isTrue();
        String ours =
                Files.readAllLines(folder.resolve(".tarn/server")).stream()
                        .filter(line -> line.startsWith("token="))
                        .map(line -> line.substring("token=".length()))
                        .findFirst()
                        .orElseThrow();
        assertThat(ours).hasSize(64);
        assertThat(status(port.group(1), ours)).isEqualTo(200);
        assertThat(status(port.group(1), TOKEN)).isEqualTo(200);
        assertThat(status(port.group(1), "")).isEqualTo(401);
        assertThat(status(port.group(1), ours.substring(1))).isEqualTo(401);
    }

    private static int status(String port, String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:%s/api/v1/jobs".formatted(port)))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void ctrlCStopsWhatTheServerDoes() throws Exception {
        shop.put("models/endless.sql", ENDLESS);
        Program server = serve();
        CountDownLatch works = new CountDownLatch(1);
        Program build =
                Program.start(
                        folder,
                        line -> {
                            if (line.contains("model a")) {
                                works.countDown();
                            }
                        },
                        "build");
        assertThat(works.await(10, TimeUnit.MINUTES)).as(build.output()).isTrue();

        // As when a terminal is closed; Ctrl-C takes the same way where it is heard.
        build.terminate();

        JobRun run;
        do {
            run = handedOver().getFirst();
        } while (!run.status().isEnd());
        assertThat(run.status()).as(build.output()).isEqualTo(JobRun.Status.CANCELLED);
        assertThat(shop.tarn().tables(At.MAIN)).isEmpty();
        shop.remove("models/endless.sql");
        assertThat(tarn(0, "build")).contains("The server does it:");
        assertThat(server.output()).doesNotContain("rror");
    }

    @Test
    void aServerThatVanishesMeanwhileIsTold() throws Exception {
        shop.put("models/endless.sql", ENDLESS);
        Program server = serve();
        CountDownLatch works = new CountDownLatch(1);
        CompletableFuture<String> build =
                CompletableFuture.supplyAsync(() ->
                        tarn(
                                3,
                                Map.of(),
                                line -> {
                                    if (line.contains("model a")) {
                                        works.countDown();
                                    }
                                },
                                "build"));
        assertThat(works.await(10, TimeUnit.MINUTES)).isTrue();

        server.kill();

        assertThat(build.get(10, TimeUnit.MINUTES))
                .containsPattern(
                        "The server at http://127\\.0\\.0\\.1:\\d+ went away\\. Run j\\S+ goes on when one is there again;")
                .contains("[RUN_LOST]");
    }
}
