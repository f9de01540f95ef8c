package dev.tarn.storage;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import dev.tarn.model.TarnException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One server, to which a connection is made when it is needed. Safe for use by many threads. */
final class SftpServer implements AutoCloseable {
    private final SftpLocation at;
    private final SftpSettings settings;
    private final Semaphore turns;
    private final Deque<ChannelSftp> idle = new ArrayDeque<>();
    private @Nullable Session session;

    SftpServer(SftpLocation at, SftpSettings settings) {
        this.at = at;
        this.settings = settings;
        this.turns = new Semaphore(settings.connections());
    }

    /** What is done with a channel, by one thread. */
    interface Work<T> {
        T with(ChannelSftp channel) throws SftpException, java.io.IOException;
    }

    /**
     * Does something there.
     *
     * @param path what it is about, for messages
     */
    <T> T ask(String path, Work<T> work) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            throw StorageErrors.interrupted(at.location(path));
        }
        ChannelSftp channel = null;
        boolean usable = false;
        try {
            channel = channel();
            T result = work.with(channel);
            usable = true;
            return result;
        } catch (SftpException e) {
            usable = channel != null && channel.isConnected() && e.getCause() == null;
            if (!usable) {
                throw SftpErrors.away(at, SftpErrors.reason(e), e);
            }
            throw SftpErrors.of(at, path, e);
        } catch (java.io.IOException e) {
            throw SftpErrors.away(at, SftpErrors.reason(e), e);
        } finally {
            giveBack(channel, usable);
            turns.release();
        }
    }

    private synchronized ChannelSftp channel() {
        ChannelSftp known = idle.poll();
        while (known != null) {
            if (known.isConnected()) {
                return known;
            }
            known = idle.poll();
        }
        try {
            Session open = session;
            if (open == null || !open.isConnected()) {
                open = connect();
                session = open;
            }
            ChannelSftp channel = (ChannelSftp) open.openChannel("sftp");
            channel.connect(millis());
            return channel;
        } catch (JSchException e) {
            throw SftpErrors.away(at, SftpErrors.reason(e), e);
        }
    }

    private synchronized void giveBack(@Nullable ChannelSftp channel, boolean usable) {
        if (channel != null) {
            if (usable) {
                idle.push(channel);
            } else {
                channel.disconnect();
            }
        }
    }

    private int millis() {
        return (int) Math.min(settings.timeout().toMillis(), Integer.MAX_VALUE);
    }

    private Session connect() throws JSchException {
        String user = at.user().or(settings::user).orElseThrow(() -> SftpErrors.noUser(at));
        if (settings.password().isEmpty() && settings.key().isEmpty()) {
            throw SftpErrors.noAccount(at);
        }
        if (!Files.isReadable(settings.knownHosts())) {
            throw SftpErrors.noKnownHosts(at, settings.knownHosts());
        }
        JSch ssh = new JSch();
        ssh.setKnownHosts(settings.knownHosts().toString());
        settings.key().ifPresent(key -> addKey(ssh, key));
        Session made = ssh.getSession(user, at.host(), at.port());
        made.setConfig("StrictHostKeyChecking", "yes");
        made.setConfig("PreferredAuthentications", "publickey,password");
        settings.password()
                .ifPresent(password ->
                        made.setPassword(password.resolve().getBytes(StandardCharsets.UTF_8)));
        made.setTimeout(millis());
        made.setDaemonThread(true);
        try {
            made.connect(millis());
            return made;
        } catch (JSchException e) {
            made.disconnect();
            throw refusal(ssh, made, user, e);
        }
    }

    private void addKey(JSch ssh, SecretRef key) {
        try {
            Optional<SecretRef> password = settings.keyPassword();
            ssh.addIdentity(
                    "tarn",
                    (key.resolve() + "\n").getBytes(StandardCharsets.US_ASCII),
                    null,
                    password.map(p -> p.resolve().getBytes(StandardCharsets.UTF_8)).orElse(null));
            if (ssh.getIdentityRepository().getIdentities().stream()
                    .anyMatch(i -> i.isEncrypted())) {
                throw SftpErrors.badKey();
            }
        } catch (JSchException e) {
            throw SftpErrors.badKey();
        }
    }

    private TarnException refusal(JSch ssh, Session tried, String user, JSchException e) {
        HostKey key = tried.getHostKey();
        String type = key == null ? "unknown" : key.getType();
        String fingerprint = key == null ? "" : key.getFingerPrint(ssh);
        String text = String.valueOf(e.getMessage());
        if (e instanceof JSchUnknownHostKeyException) {
            return SftpErrors.unknownHost(at, settings.knownHosts(), type, fingerprint);
        }
        if (e instanceof JSchChangedHostKeyException) {
            return SftpErrors.otherHost(at, settings.knownHosts(), type, fingerprint);
        }
        if (text.startsWith("Auth ") || text.startsWith("Too many authentication")) {
            return SftpErrors.denied(at, user);
        }
        return SftpErrors.away(at, SftpErrors.reason(e), e);
    }

    @Override
    public synchronized void close() {
        idle.clear();
        Session open = session;
        session = null;
        if (open != null) {
            open.disconnect();
        }
    }
}
