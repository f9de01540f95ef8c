package dev.tarn.app;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a server of this project says that it is there, and where commands look for it: a file in
 * the project's work folder that nobody but its owner can read. What another user left, what others
 * can read, and what a process left that is gone is not believed.
 */
public final class ServerNotes {
    private static final Logger log = LoggerFactory.getLogger(ServerNotes.class);
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final long SIZE_MAX = 1 << 20;
    private static final int TOKEN_BYTES = 32;

    /** Operating systems count the time of a start in ticks. */
    private static final Duration TICKS = Duration.ofSeconds(2);

    private final Path file;
    private final ServerFacts facts;

    ServerNotes(Path workDirectory, ServerFacts facts) {
        this.file = workDirectory.resolve("server");
        this.facts = facts;
    }

    /** What was found. */
    public sealed interface Found {
        /** No server said anything. */
        record Nobody() implements Found {}

        /**
         * A server that must not be asked.
         *
         * @param why half a sentence about the server
         */
        record Unusable(String why) implements Found {}

        /**
         * @param address such as {@code http://127.0.0.1:8181}
         */
        record There(String address, String token) implements Found {
            /** Without the token, which is a secret. */
            @Override
            public String toString() {
                return "There[%s]".formatted(address);
            }
        }
    }

    /** A secret that a server takes beside what it was told to. */
    public static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** What was written, until it is closed. */
    public interface Left extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Says that this process serves. Where that cannot be written, nobody hears of it: commands
     * then work by themselves.
     */
    public Left leave(String host, int port, String token) {
        ProcessHandle self = ProcessHandle.current();
        String text =
                new ServerNote(
                                host,
                                port,
                                self.pid(),
                                self.info().startInstant().orElse(Instant.EPOCH),
                                token,
                                facts.mine(token))
                        .text();
        try {
            Files.createDirectories(file.getParent());
            Path fresh =
                    Files.createTempFile(
                            file.getParent(),
                            "server",
                            ".new",
                            PosixFilePermissions.asFileAttribute(OWNER));
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UnsupportedOperationException e) {
            log.warn("Commands will not find this server: {} cannot be written", file, e);
        }
        return () -> remove(text);
    }

    /** Only what this process wrote: another server may have come since. */
    private void remove(String text) {
        try {
            if (Files.readString(file).equals(text)) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            log.debug("{} is gone already", file);
        } catch (IOException e) {
            log.warn("{} stays", file, e);
        }
    }

    /** The server that may do what this process was asked for. */
    public Found look() {
        return lookAs(ProcessHandle.current().info().user());
    }

    /**
     * The same.
     *
     * @param me the user who asks, if the operating system names one
     */
    public Found lookAs(Optional<String> me) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Found.Nobody();
        }
        try {
            Optional<String> doubt = doubt(me);
            if (doubt.isPresent()) {
                return new Found.Unusable(doubt.get());
            }
            Optional<ServerNote> note =
                    ServerNote.parse(Files.readString(file, StandardCharsets.UTF_8));
            if (note.isEmpty() || !isLoopback(note.get().host())) {
                return new Found.Unusable("says nothing in %s that makes sense".formatted(file));
            }
            return judge(note.get(), me);
        } catch (NoSuchFileException e) {
            return new Found.Nobody();
        } catch (IOException | UnsupportedOperationException e) {
            return new Found.Unusable("left %s, which cannot be read".formatted(file));
        }
    }

    private Found judge(ServerNote note, Optional<String> me) {
        if (!lives(note, me)) {
            return new Found.Unusable("(process %d) vanished".formatted(note.process()));
        }
        return facts.differ(note)
                .<Found>map(Found.Unusable::new)
                .orElseGet(() ->
                        new Found.There(
                                "http://%s:%d".formatted(inAddress(note.host()), note.port()),
                                note.token()));
    }

    /** A host as it stands in an address. */
    private static String inAddress(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** Why the file is not to be believed, whatever it says. */
    private Optional<String> doubt(Optional<String> me) throws IOException {
        PosixFileAttributes seen =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!seen.isRegularFile()
                || seen.size() > SIZE_MAX
                || !OWNER.containsAll(seen.permissions())) {
            return Optional.of("left %s, which is not for its owner alone".formatted(file));
        }
        return me.filter(seen.owner().getName()::equals).isPresent()
                ? Optional.empty()
                : Optional.of("belongs to another user (%s)".formatted(seen.owner().getName()));
    }

    private static boolean lives(ServerNote note, Optional<String> me) {
        return ProcessHandle.of(note.process())
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::info)
                .filter(info -> info.user().equals(me))
                .flatMap(ProcessHandle.Info::startInstant)
                .filter(at -> Duration.between(at, note.started()).abs().compareTo(TICKS) <= 0)
                .isPresent();
    }

    private static boolean isLoopback(String host) {
        // A name would have to be looked up, somewhere.
        try {
            return host.equals("localhost")
                    || (host.matches("[0-9.]+|[0-9a-fA-F:]+")
                            && InetAddress.getByName(host).isLoopbackAddress());
        } catch (IOException e) {
            return false;
        }
    }
}
