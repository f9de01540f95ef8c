package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.storage.SftpFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a real server of SFTP become tables, each file once. */
final class SftpIngestTest {
    @TempDir Path folder;
    private Path files;
    private SftpFolder server;
    private Workshop shop;

    @BeforeEach
    void begin() throws Exception {
        files = folder.resolve("files");
        server = SftpFolder.start(files);
        server.knownHosts(Files.createDirectories(folder.resolve("project")).resolve("known"));
        Files.writeString(folder.resolve("password"), SftpFolder.PASSWORD);
        shop = new Workshop(folder.resolve("project"));
        shop.put(
                "tarn.yml",
                "sftp:\n  password: file:%s\n  known_hosts: known\n"
                        .formatted(folder.resolve("password")));
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: raw
                    schema: bronze
                    tables:
                      - name: orders
                        ingest: {location: "%s/out/*.csv"}
                """
                        .formatted(server.root()));
        Files.createDirectories(files.resolve("out"));
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
        server.close();
    }

    private void put(String name, String text) throws Exception {
        Files.writeString(files.resolve("out").resolve(name), text);
    }

    private RunReport ingest() {
        shop.reopen();
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                false,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    @Test
    void eachFileLandsOnce() throws Exception {
        put("a.csv", "id,name\n1,anna\n2,bert\n");
        assertThat(ingest().run().status()).isEqualTo(RunStatus.PUBLISHED);
        put("b.csv", "id,name\n3,carl\nx\n");
        assertThat(ingest().run().status()).isEqualTo(RunStatus.PUBLISHED);
        ingest();
        assertThat(shop.rows("select id, name, _file from bronze.orders order by id"))
                .containsExactly(
                        "1|anna|" + server.root() + "/out/a.csv",
                        "2|bert|" + server.root() + "/out/a.csv",
                        "3|carl|" + server.root() + "/out/b.csv");
        assertThat(shop.rows("select _row, _raw from bronze.orders__quarantine"))
                .containsExactly("3|x");
    }

    @Test
    void aServerThatIsAwayLandsNothingAndIsReadOnLater() throws Exception {
        put("a.csv", "id\n1\n");
        ingest();
        put("b.csv", "id\n2\n");
        server.stop();
        String told;
        try {
            told = Workshop.told(ingest().problems());
        } catch (TarnException failure) {
            told = Workshop.told(failure);
        }
        assertThat(told).contains("does not answer").doesNotContain(SftpFolder.PASSWORD);
        server.startAgain();
        ingest();
        assertThat(shop.rows("select id from bronze.orders order by id")).containsExactly("1", "2");
    }
}
