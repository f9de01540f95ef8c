package dev.tarn.it;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.rest.RESTCatalog;

/** A project with a server on it, and clients that know nothing of Tarn. */
final class RestServer implements AutoCloseable {
    private final Workshop workshop;
    private final Path project;
    private Tarn tarn;
    private TarnServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    RestServer(Path project) {
        this.project = project;
        workshop = new Workshop(project);
        tarn = Tarn.open(OpenRequest.of(project));
        server = started(tarn);
    }

    private static TarnServer started(Tarn tarn) {
        return TarnServer.start(
                ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                List.of(new Mount("/iceberg", tarn.icebergRest(false))),
                Clock.systemUTC());
    }

    /** Another server on the same warehouse; clients have to be made anew. */
    void restart() {
        server.close();
        tarn.close();
        tarn = Tarn.open(OpenRequest.of(project));
        server = started(tarn);
    }

    Workshop workshop() {
        return workshop;
    }

    String uri() {
        return "http://127.0.0.1:%d/iceberg".formatted(server.port());
    }

    /** Iceberg's own client on the warehouse of a ref. */
    RESTCatalog catalog(String ref, String... settings) {
        Map<String, String> properties = new HashMap<>();
        properties.put("uri", uri());
        properties.put("warehouse", ref);
        properties.put("io-impl", ForeignIceberg.LocalIo.class.getName());
        for (int i = 0; i + 1 < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        RESTCatalog catalog = new RESTCatalog();
        catalog.initialize("tarn", properties);
        return catalog;
    }

    /** A request by hand; headers are names and values by turns. */
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.close();
        tarn.close();
        workshop.close();
    }
}
