package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.pages.Pages;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Let other engines read and write the warehouse: an Iceberg REST catalog.",
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
        ServerConfig config = ServerConfig.of(host, port, token.map(tarn::secret));
        CountDownLatch stop = new CountDownLatch(1);
        try (Pages pages =
                        Pages.open(
                                tarn,
                                project.directory(invocation.console()),
                                invocation.console().clock());
                TarnServer server =
                        TarnServer.start(
                                config,
                                List.of(
                                        new Mount(ICEBERG, tarn.icebergRest(anyLocation)),
                                        new Mount("", pages)),
                                invocation.console().clock())) {
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
            invocation.out().flush();
            return invocation.interrupts().during(stop::countDown, () -> await(stop));
        }
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
