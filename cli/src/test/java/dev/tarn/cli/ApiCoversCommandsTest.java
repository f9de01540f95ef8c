package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.server.api.Api;
import dev.tarn.spi.HttpProtocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever a command does can be asked over HTTP, or there is a reason why not. */
final class ApiCoversCommandsTest {
    private static final Pattern PATH = Pattern.compile("\"(/[^\"]*)\":\\{");
    private static final Pattern METHOD = Pattern.compile("\"(get|post|delete)\":\\{");

    /** What is asked instead of each command. */
    private static final Map<String, String> ROUTES = new TreeMap<>();

    /** Commands that are nothing for a server, each with the reason. */
    private static final Map<String, String> NOT_ASKED = new TreeMap<>();

    static {
        for (String verb : new String[] {"build", "ingest", "seed", "run", "test", "snapshot"}) {
            ROUTES.put(verb, "POST /builds");
        }
        ROUTES.put("retry", "POST /runs/{run}/again");
        ROUTES.put("ingest rewind", "POST /rewind");
        ROUTES.put("positions", "GET /sources");
        ROUTES.put("quarantine", "GET /quarantine");
        ROUTES.put("quarantine list", "GET /quarantine");
        ROUTES.put("quarantine show", "POST /query");
        ROUTES.put("quarantine fix", "POST /quarantine/fix");
        ROUTES.put("quarantine replay", "POST /quarantine/replay");
        ROUTES.put("ls", "GET /nodes");
        ROUTES.put("list", "GET /nodes");
        ROUTES.put("lineage", "GET /lineage");
        ROUTES.put("query", "POST /query");
        ROUTES.put("sql", "POST /statements");
        ROUTES.put("explain", "POST /explain");
        ROUTES.put("tables", "GET /tables");
        ROUTES.put("show", "GET /tables/{table}");
        ROUTES.put("history", "GET /publications");
        ROUTES.put("diff", "GET /diff");
        ROUTES.put("changes", "GET /tables/{table}/changes");
        ROUTES.put("runs", "GET /runs");
        ROUTES.put("runs show", "GET /runs/{run}");
        ROUTES.put("refs", "GET /refs");
        ROUTES.put("branch", "GET /refs");
        ROUTES.put("branch list", "GET /refs");
        ROUTES.put("branch diff", "GET /diff");
        ROUTES.put("branch create", "POST /branches");
        ROUTES.put("branch merge", "POST /branches/{branch}/merge");
        ROUTES.put("branch delete", "DELETE /refs/{ref}");
        ROUTES.put("tag", "GET /refs");
        ROUTES.put("tag list", "GET /refs");
        ROUTES.put("tag create", "POST /tags");
        ROUTES.put("tag delete", "DELETE /refs/{ref}");
        ROUTES.put("restore", "POST /tables/{table}/restore");
        ROUTES.put("drop", "POST /tables/{table}/drop");
        ROUTES.put("undrop", "POST /tables/{table}/undrop");
        ROUTES.put("clone", "POST /tables/{table}/copy");
        ROUTES.put("maintain", "POST /maintain");
        ROUTES.put("clean", "POST /clean");
        ROUTES.put("attach", "POST /attach");
        ROUTES.put("adopt", "POST /adopt");
        ROUTES.put("alert", "GET /alerts");
        ROUTES.put("alert list", "GET /alerts");
        ROUTES.put("alert ack", "POST /alerts/{alert}/ack");
        ROUTES.put("alert silence", "POST /silences");
        ROUTES.put("alert silences", "GET /silences");
        ROUTES.put("alert outbox", "GET /notices");
        ROUTES.put("alert test", "POST /channels/{channel}/test");
        ROUTES.put("job", "GET /jobs");
        ROUTES.put("job list", "GET /jobs");
        ROUTES.put("job show", "GET /jobs/{job}");
        ROUTES.put("job runs", "GET /job-runs");
        ROUTES.put("job run", "POST /jobs/{job}/runs");
        ROUTES.put("job rerun", "POST /job-runs/{run}/rerun");
        ROUTES.put("job pause", "POST /jobs/{job}/pause");
        ROUTES.put("job resume", "POST /jobs/{job}/resume");
        ROUTES.put("job cancel", "POST /job-runs/{run}/cancel");
        ROUTES.put("job mark", "POST /job-runs/{run}/tasks/{task}/mark");
        ROUTES.put("job approve", "POST /job-runs/{run}/tasks/{task}/decide");
        ROUTES.put("job log", "GET /job-runs/{run}/tasks/{task}/log");
        ROUTES.put("job backfill", "POST /jobs/{job}/backfills");
        ROUTES.put("job backfill pause", "POST /backfills/{backfill}/pause");
        ROUTES.put("job backfill resume", "POST /backfills/{backfill}/resume");
        ROUTES.put("job backfill cancel", "POST /backfills/{backfill}/cancel");
        NOT_ASKED.put("demo", "makes a folder on the machine of whoever types it");
        NOT_ASKED.put("init", "makes a folder on the machine of whoever types it");
        NOT_ASKED.put("deps", "changes files of the project, which belong to its repository");
        NOT_ASKED.put("compile", "writes files of the project; what is wrong is on /nodes");
        NOT_ASKED.put("dbt", "answers as another program does; its verbs are those of /builds");
        NOT_ASKED.put("feed", "goes on for as long as the process that tells it is wanted");
        NOT_ASKED.put("job import", "writes files of the project");
        NOT_ASKED.put("job export", "prints a file of a project's jobs for another scheduler");
        NOT_ASKED.put("shell", "is a terminal; what is typed there goes to /query, /statements");
        NOT_ASKED.put("serve", "is the server");
        NOT_ASKED.put("doctor", "looks at the machine it is typed on; a server has /health");
        NOT_ASKED.put("completion", "is for the shell it is typed in");
        NOT_ASKED.put("version", "is about the program that is typed");
        NOT_ASKED.put("warm-up", "is for the launcher");
        NOT_ASKED.put("bench", "is for the launcher");
    }

    @TempDir Path folder;

    private static void collect(String prefix, CommandLine command, Set<String> names) {
        command.getSubcommands()
                .forEach((name, below) -> {
                    names.add(prefix + name);
                    collect(prefix + name + " ", below, names);
                });
    }

    private Set<String> commands() {
        Set<String> names = new TreeSet<>();
        Invocation invocation = new Invocation(new TestConsole(folder).console(), new Interrupts());
        collect("", Commands.createFor(invocation, new String[0]), names);
        return names;
    }

    private Set<String> routes() {
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            byte[] body =
                    new Api(tarn)
                            .answer(
                                    new HttpProtocol.Call(
                                            "GET",
                                            "/openapi.json",
                                            Map.of(),
                                            Map.of(),
                                            new byte[0],
                                            ""))
                            .body();
            Set<String> routes = new LinkedHashSet<>();
            String text = new String(body, StandardCharsets.UTF_8);
            String paths = text.substring(text.indexOf("\"paths\""));
            Matcher path = PATH.matcher(paths);
            while (path.find()) {
                int end = paths.indexOf("\"/", path.end());
                String own = paths.substring(path.end(), end < 0 ? paths.length() : end);
                Matcher method = METHOD.matcher(own);
                while (method.find()) {
                    routes.add(
                            method.group(1).toUpperCase(java.util.Locale.ROOT)
                                    + " "
                                    + path.group(1));
                }
            }
            return routes;
        }
    }

    @Test
    void whatACommandDoesCanBeAskedOrThereIsAReasonWhyNot() {
        Set<String> told = new TreeSet<>(ROUTES.keySet());
        told.addAll(NOT_ASKED.keySet());
        assertThat(told).containsAll(commands());
        assertThat(routes()).containsAll(ROUTES.values());
    }
}
