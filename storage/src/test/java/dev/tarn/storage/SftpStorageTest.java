package dev.tarn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Storage.StoredFile;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a real server of SFTP. */
final class SftpStorageTest {
    @TempDir Path folder;
    private Path files;
    private Path known;
    private SftpFolder server;

    @BeforeEach
    void begin() throws Exception {
        files = folder.resolve("files");
        server = SftpFolder.start(files);
        known = server.knownHosts(folder.resolve("known_hosts"));
    }

    @AfterEach
    void end() throws Exception {
        server.close();
    }

    private SftpStorage storage(String password) {
        return storage(Optional.of(password), Optional.empty());
    }

    private SftpStorage storage(Optional<String> password, Optional<String> key) {
        Map<String, String> environment =
                Map.of("PASSWORD", password.orElse(""), "KEY", key.orElse(""));
        return new SftpStorage(
                new SftpSettings(
                        Optional.empty(),
                        password.map(p -> SecretRef.parse("env:PASSWORD", environment)),
                        key.map(k -> SecretRef.parse("env:KEY", environment)),
                        Optional.empty(),
                        known,
                        2,
                        Duration.ofSeconds(30)));
    }

    private SftpStorage storage() {
        return storage(SftpFolder.PASSWORD);
    }

    private void write(String path, String text) throws Exception {
        Path file = files.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String at(String path) {
        return server.root() + "/" + path;
    }

    private static List<String> names(Storage storage, String folderOrGlob) {
        return storage.list(folderOrGlob).stream().map(StoredFile::location).toList();
    }

    private static TarnException failure(SftpStorage storage, String location) {
        try (storage) {
            storage.list(location);
        } catch (TarnException failure) {
            return failure;
        }
        throw new AssertionError("It was listed.");
    }

    @Test
    void foldersAndPatternsChooseFiles() throws Exception {
        write("in/a.csv", "a");
        write("in/b.csv", "b");
        write("in/deep/c.csv", "c");
        write("in/d.json", "d");
        write("in/_temporary/e.csv", "e");
        write("in/.f.csv", "f");
        try (SftpStorage storage = storage()) {
            assertThat(names(storage, at("in")))
                    .containsExactly(
                            at("in/a.csv"), at("in/b.csv"), at("in/d.json"), at("in/deep/c.csv"));
            assertThat(names(storage, at("in/*.csv")))
                    .containsExactly(at("in/a.csv"), at("in/b.csv"));
            assertThat(names(storage, at("in/**/[bc].csv")))
                    .containsExactly(at("in/b.csv"), at("in/deep/c.csv"));
            assertThat(names(storage, at("in/a.csv"))).containsExactly(at("in/a.csv"));
            assertThat(names(storage, at("~/in/deep"))).containsExactly(at("~/in/deep/c.csv"));
            assertThat(names(storage, at("nothing"))).isEmpty();
            assertThat(names(storage, at("nothing/*.csv"))).isEmpty();
        }
    }

    @Test
    void namesMayHaveAnyCharacters() throws Exception {
        List<String> odd =
                List.of(
                        "a b.csv",
                        "a#b.csv",
                        "a%20.csv",
                        "a*.csv",
                        "a?.csv",
                        "a[1].csv",
                        "a\nb.csv");
        for (String name : odd) {
            write("odd/" + name, name);
        }
        try (SftpStorage storage = storage()) {
            for (StoredFile file : storage.list(at("odd"))) {
                assertThat(new String(storage.open(file.location()).readAllBytes(), UTF_8))
                        .isEqualTo(file.location().substring(at("odd/").length()));
            }
            assertThat(storage.list(at("odd"))).hasSize(odd.size());
        }
    }

    @Test
    void aFileReadsAsItIsFromAnyPlaceAndByItsCopy() throws Exception {
        byte[] content = new byte[20_000_000];
        new Random(7).nextBytes(content);
        Files.write(files.resolve("large.bin"), content);
        Path cache = folder.resolve("cache");
        try (CachingStorage storage =
                new CachingStorage(storage(), cache, 1 << 30, Clock.systemUTC())) {
            StoredFile file = storage.find(at("large.bin")).orElseThrow();
            assertThat(file.bytes()).isEqualTo(content.length);
            assertThat(storage.local(file)).hasBinaryContent(content);
            try (InputStream in = storage.open(at("large.bin"), 19_999_990)) {
                assertThat(in.readAllBytes())
                        .isEqualTo(java.util.Arrays.copyOfRange(content, 19_999_990, 20_000_000));
            }
        }
    }

    @Test
    void aFileThatChangedWhileItWasReadIsNotTaken() throws Exception {
        write("a.csv", "id\n1\n");
        try (SftpStorage storage = storage()) {
            StoredFile before = storage.find(at("a.csv")).orElseThrow();
            Files.setLastModifiedTime(
                    files.resolve("a.csv"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            StoredFile after = storage.find(at("a.csv")).orElseThrow();
            assertThat(after.version()).isNotEqualTo(before.version());
            assertThatThrownBy(() -> storage.read(before, 0, ByteBuffer.allocate(5)))
                    .hasMessage(
                            at("a.csv")
                                    + " changed while it was read. Nothing of it was kept; run again. [SOURCE_CHANGED]");
        }
    }

    @Test
    void aServerThatIsNotKnownIsToldNothing() throws Exception {
        Files.writeString(known, "");
        TarnException failure = failure(storage(), at("in"));
        assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_DENIED);
        assertThat(failure)
                .hasMessage(
                        "The server %s is not known: it has the ecdsa-sha2-nistp256 key %s, and %s has none for it. Nothing was sent to it. Compare the fingerprint with what its owner says, then add it: ssh-keyscan -p %s 127.0.0.1 >> %s [STORAGE_DENIED]"
                                .formatted(
                                        server.address(),
                                        server.fingerprint(),
                                        known,
                                        server.address().replaceFirst(".*:", ""),
                                        known));
    }

    @Test
    void aServerWithAnotherKeyIsToldNothing() throws Exception {
        server.stop();
        server.startAsAnother();
        assertThat(failure(storage(), at("in")))
                .hasMessage(
                        "The server %s has another key than %s says: it has the ecdsa-sha2-nistp256 key %s now. Either it was set up anew, or somebody stands between it and us. Nothing was sent to it. Ask its owner before you change the file. [STORAGE_DENIED]"
                                .formatted(server.address(), known, server.fingerprint()));
    }

    @Test
    void aWrongPasswordIsSaidAndNotRepeated() {
        assertThat(failure(storage("wrong-sesame"), at("in")))
                .hasMessage(
                        "The server %s did not accept the account 'reader'. Check what sftp.password or sftp.key refers to. [STORAGE_DENIED]"
                                .formatted(server.address()));
    }

    private static String openSsh(KeyPair pair) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "tarn", null, out);
        return out.toString(UTF_8);
    }

    @Test
    void aKeyOpensTheDoorToo() throws Exception {
        KeyPair pair = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair stranger = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        write("in/a.csv", "a");
        server.trust(pair.getPublic());
        String key = openSsh(pair);
        try (SftpStorage storage = storage(Optional.empty(), Optional.of(key))) {
            assertThat(names(storage, at("in"))).containsExactly(at("in/a.csv"));
        }
        assertThat(
                        failure(storage(Optional.empty(), Optional.of(openSsh(stranger))), at("in"))
                                .code())
                .isEqualTo(ErrorCode.STORAGE_DENIED);
        assertThat(failure(storage(Optional.empty(), Optional.of("no key")), at("in")))
                .hasMessage(
                        "What sftp.key refers to is no private key, or sftp.key_password does not open it. [CONFIG_INVALID]");
    }

    @Test
    void aServerThatWentAwayAndCameBackIsReadOn() throws Exception {
        write("in/a.csv", "a");
        try (SftpStorage storage = storage()) {
            assertThat(names(storage, at("in"))).hasSize(1);
            server.stop();
            assertThatThrownBy(() -> storage.list(at("in")))
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                                assertThat(e.getMessage())
                                        .startsWith(
                                                "The server %s does not answer: "
                                                        .formatted(server.address()));
                            });
            server.startAgain();
            assertThat(names(storage, at("in"))).hasSize(1);
        }
    }

    @Test
    void whatIsMissingInTheSettingsIsSaid() {
        assertThat(failure(storage(Optional.empty(), Optional.empty()), at("in")))
                .hasMessage(
                        "There is neither a password nor a key for %s. Set sftp.password or sftp.key in tarn.yml, as env:NAME or file:PATH. [CONFIG_INVALID]"
                                .formatted(server.address()));
        assertThat(failure(storage(), "sftp://" + server.address() + "/in"))
                .hasMessage(
                        "Nobody says as whom to read from %s. Write sftp://user@host/path, or set sftp.user in tarn.yml. [CONFIG_INVALID]"
                                .formatted(server.address()));
        assertThat(failure(storage(), "sftp://me:secret@host/in"))
                .hasMessage(
                        "'sftp://…@host/in' is no place on a server of SFTP. Write sftp://user@host:22/path; passwords and keys belong into tarn.yml, as sftp.password or sftp.key. [CONFIG_INVALID]");
        known = folder.resolve("none");
        assertThat(failure(storage(), at("in")))
                .hasMessage(
                        "The keys of servers cannot be read from %s, so %s cannot be known. Make the file, or set sftp.known_hosts in tarn.yml. [CONFIG_INVALID]"
                                .formatted(known, server.address()));
        try (SftpStorage storage = storage()) {
            assertThatThrownBy(() -> storage.create(at("x")))
                    .hasMessage(
                            "Files are only read from servers of SFTP, and %s would be written. Use a local path or s3://bucket/key. [UNSUPPORTED]"
                                    .formatted(at("x")));
        }
    }
}
