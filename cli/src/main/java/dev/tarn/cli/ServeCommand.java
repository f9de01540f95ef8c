package dev.tarn.cli;

import dev.tarn.alert.AlertDesk;
import dev.tarn.app.Jobs;
import dev.tarn.app.Pushing;
import dev.tarn.app.ServerNotes;
import dev.tarn.app.Tarn;
import dev.tarn.cli.log.LogSettings;
import dev.tarn.pages.Pages;
import dev.tarn.schedule.Scheduler;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import dev.tarn.server.api.Api;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Run jobs, show pages, and let other engines in: an Iceberg REST catalog.",
            "",
            "Programs ask it below /api/v1; /api/v1/openapi.json says what.",
            "",
            "Every ref is a warehouse of its own: main, a branch, a tag, run:ID. Only programs of"
                    + " this machine can reach it. Ctrl-C stops it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn serve",
            "  tarn serve --port 9000 --token env:TARN_TOKEN    clients must send this token"
        })
final class ServeCommand extends ProjectCommand {
    private static final String ICEBERG = "/iceberg";
    private static final String API = "/api/v1";
    private static final String INGEST = "/ingest";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Where to listen; 0 for any free port. Default: 8181.")
    int port = ServerConfig.PORT_DEFAULT;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "An address of this machine only. Default: 127.0.0.1.")
    String host = ServerConfig.HOST_DEFAULT;

    @Option(
            names = "--token",
            paramLabel = "REFERENCE",
            description = "What clients must send, as env:NAME or file:PATH.")
    Optional<String> token = Optional.empty();

    /** Ways to log. */
    enum LogFormat {
        TEXT,
        JSON
    }

    /** Heard while options are read: later the log is set up already. */
    @Option(
            names = "--log",
            paramLabel = "text|json",
            description = "json: write the log to standard error too, in ECS shape.")
    void log(LogFormat format) {
        if (format == LogFormat.JSON) {
            LogSettings.alsoAsJson();
        }
    }

    @Option(
            names = "--any-location",
            description = "Let clients have tables outside of the warehouse's folder.")
    boolean anyLocation;

    ServeCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        if (port < 0 || port > 65_535) {
            throw CliErrors.badPort(port);
        }
        String ours = ServerNotes.newToken();
        ServerConfig config = ServerConfig.of(host, port, token.map(tarn::secret)).withOurs(ours);
        CountDownLatch stop = new CountDownLatch(1);
        Jobs jobs = tarn.jobs();
        jobs.problems().forEach(p -> invocation.console().err().println(p));
        try (Scheduler unused = jobs.work();
                Pushing pushing = tarn.pushing();
                Pages pages =
                        Pages.open(
                                tarn,
                                project.directory(invocation.console()),
                                invocation.console().clock());
                TarnServer server =
                        TarnServer.start(
                                config,
                                List.of(
                                        new Mount(
                                                ICEBERG,
                                                tarn.watched(
                                                        ICEBERG, tarn.icebergRest(anyLocation))),
                                        new Mount(
                                                API, tarn.watched(API, new Api(tarn, anyLocation))),
                                        new Mount(INGEST, tarn.watched(INGEST, pushing.protocol())),
                                        new Mount("", tarn.watched("/", pages))),
                                invocation.console().clock())) {
            tarn.alerts().problems().forEach(p -> invocation.console().err().println(p));
            try (AlertDesk unusedDesk =
                            tarn.alerts().work("http://%s:%d".formatted(host, server.port()));
                    ServerNotes.Left unusedNote =
                            tarn.serverNotes().leave(host, server.port(), ours)) {
                return serve(tarn, pushing, server, stop);
            }
        }
    }

    private int serve(Tarn tarn, Pushing pushing, TarnServer server, CountDownLatch stop) {
        invocation
                .out()
                .printf(
                        """
                        Pages: http://%s:%d/
                        Iceberg REST catalog: http://%s:%d%s
                        Warehouse: %s. Stop with Ctrl-C.
                        """,
                        host,
                        server.port(),
                        host,
                        server.port(),
                        ICEBERG,
                        tarn.settings().warehouse());
        pushing.problems().forEach(p -> invocation.console().err().println(p));
        pushing.paths()
                .forEach(path ->
                        invocation
                                .out()
                                .printf(
                                        "Rows can be sent to http://%s:%d%s%s%n",
                                        host, server.port(), INGEST, path));
        invocation.out().flush();
        return invocation.interrupts().during(stop::countDown, () -> await(stop));
    }

    private static int await(CountDownLatch stop) {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return DONE;
    }
}
