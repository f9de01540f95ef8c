package dev.tarn.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/** A real server of SFTP on loopback, whose files are those of a folder. */
public final class SftpFolder implements AutoCloseable {
    /** Of the account {@code reader}. */
    public static final String PASSWORD = "open-sesame-7";

    private final Path files;
    private final int port;
    private KeyPair key;
    private SshServer server;
    private @Nullable PublicKey known;

    private SftpFolder(Path files) throws Exception {
        this.files = files;
        this.key = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        this.server = serve(0);
        this.port = server.getPort();
    }

    public static SftpFolder start(Path files) throws Exception {
        return new SftpFolder(Files.createDirectories(files));
    }

    private SshServer serve(int at) throws IOException {
        SshServer made = SshServer.setUpDefaultServer();
        made.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        made.setPort(at);
        made.setKeyPairProvider(KeyPairProvider.wrap(key));
        made.setPasswordAuthenticator(
                (user, password, session) -> user.equals("reader") && password.equals(PASSWORD));
        made.setPublickeyAuthenticator(
                (user, given, session) -> known != null && KeyUtils.compareKeys(known, given));
        made.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder().build()));
        made.setFileSystemFactory(new VirtualFileSystemFactory(files.toAbsolutePath()));
        made.start();
        return made;
    }

    /** Lets those in that have this key. */
    void trust(PublicKey given) {
        known = given;
    }

    /** Where it is, with the account that may read. */
    public String root() {
        return "sftp://reader@127.0.0.1:" + port;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    String fingerprint() {
        return KeyUtils.getFingerPrint(key.getPublic());
    }

    /** Writes down the server's key. */
    public Path knownHosts(Path file) throws IOException {
        Files.writeString(
                file,
                "[127.0.0.1]:%d %s%n".formatted(port, PublicKeyEntry.toString(key.getPublic())),
                StandardCharsets.US_ASCII);
        return file;
    }

    /** Goes away with all connections. */
    public void stop() throws IOException {
        server.stop(true);
    }

    /** Comes back. */
    public void startAgain() throws IOException {
        server = serve(port);
    }

    /** Comes back as another one. */
    void startAsAnother() throws Exception {
        key = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        server = serve(port);
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
