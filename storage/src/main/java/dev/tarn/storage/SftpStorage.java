package dev.tarn.storage;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.ChannelSftp.LsEntry;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Files of servers of SFTP, to be read only. A file's version is its size and its time of change in
 * seconds: that is what the protocol tells. Has no local copies: put {@link CachingStorage} around
 * it.
 */
public final class SftpStorage implements RangedStorage {
    private static final String HOME = "/~/";
    private static final int DEEPEST = 64;

    private final SftpSettings settings;
    private final Map<String, SftpServer> servers = new ConcurrentHashMap<>();

    /** Does not connect before a file is asked for. */
    public SftpStorage(SftpSettings settings) {
        this.settings = settings;
    }

    private SftpServer server(SftpLocation at) {
        return servers.computeIfAbsent(at.server(), s -> new SftpServer(at, settings));
    }

    @Override
    public boolean handles(String location) {
        return location.startsWith(SftpLocation.SCHEME);
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        SftpLocation at = SftpLocation.parse(folderOrGlob);
        List<StoredFile> found = new ArrayList<>();
        if (Glob.isGlob(at.path())) {
            Glob glob = Glob.of(at.path());
            walk(at, glob.root(), glob.depth(), path -> true, glob::matches, found);
        } else {
            String folder = at.path().replaceFirst("/+$", "");
            Optional<StoredFile> file = folder.isEmpty() ? Optional.empty() : find(folderOrGlob);
            if (file.isPresent()) {
                return List.of(file.get());
            }
            Predicate<String> visible = path -> !Glob.isHidden(path.substring(folder.length() + 1));
            walk(at, folder, DEEPEST, visible, path -> true, found);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return found;
    }

    /** Adds the files below a folder; one that is not there has none. */
    private void walk(
            SftpLocation at,
            String folder,
            int depth,
            Predicate<String> visible,
            Predicate<String> wanted,
            List<StoredFile> found) {
        List<LsEntry> entries = entries(at, folder.isEmpty() ? "/" : folder);
        for (LsEntry entry : entries) {
            String path = folder + "/" + entry.getFilename();
            if (!visible.test(path)) {
                continue;
            }
            SftpATTRS attributes = entry.getAttrs();
            if (attributes.isDir()) {
                if (depth > 1) {
                    walk(at, path, Math.min(depth, DEEPEST) - 1, visible, wanted, found);
                }
            } else if (wanted.test(path)) {
                file(at, path, attributes.isLink() ? stat(at, path) : Optional.of(attributes))
                        .ifPresent(found::add);
            }
        }
    }

    private List<LsEntry> entries(SftpLocation at, String folder) {
        return server(at)
                .ask(
                        folder,
                        channel -> {
                            List<LsEntry> entries = new ArrayList<>();
                            try {
                                channel.ls(
                                        quoted(real(channel, folder)),
                                        entry -> {
                                            if (!List.of(".", "..").contains(entry.getFilename())) {
                                                entries.add(entry);
                                            }
                                            return ChannelSftp.LsEntrySelector.CONTINUE;
                                        });
                            } catch (SftpException e) {
                                if (e.id != ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                                    throw e;
                                }
                            }
                            return entries;
                        });
    }

    /** A path without the sign for the user's own folder. */
    private static String real(ChannelSftp channel, String path) throws SftpException {
        return (path + "/").startsWith(HOME)
                ? channel.getHome() + path.substring(HOME.length() - 1)
                : path;
    }

    /** As the library wants it, which takes wildcards for wildcards. */
    private static String quoted(String path) {
        return path.replaceAll("([\\\\*?])", "\\\\$1");
    }

    private Optional<SftpATTRS> stat(SftpLocation at, String path) {
        return server(at)
                .ask(
                        path,
                        channel -> {
                            try {
                                return Optional.of(channel.stat(quoted(real(channel, path))));
                            } catch (SftpException e) {
                                if (e.id != ChannelSftp.SSH_FX_NO_SUCH_FILE) {
                                    throw e;
                                }
                                return Optional.empty();
                            }
                        });
    }

    private static Optional<StoredFile> file(
            SftpLocation at, String path, Optional<SftpATTRS> attributes) {
        return attributes
                .filter(SftpATTRS::isReg)
                .map(a ->
                        new StoredFile(
                                at.location(path),
                                a.getSize(),
                                Instant.ofEpochSecond(Integer.toUnsignedLong(a.getMTime())),
                                a.getSize() + "-" + Integer.toUnsignedLong(a.getMTime())));
    }

    @Override
    public Optional<StoredFile> find(String location) {
        SftpLocation at = SftpLocation.parse(location);
        return file(at, at.path(), stat(at, at.path()));
    }

    @Override
    public InputStream open(String location) {
        return open(location, 0);
    }

    @Override
    public InputStream open(String location, long offset) {
        StoredFile file = find(location).orElseThrow(() -> StorageErrors.missing(location));
        return new SftpInput(this, file, offset);
    }

    @Override
    public void read(StoredFile file, long offset, ByteBuffer target) {
        SftpLocation at = SftpLocation.parse(file.location());
        server(at)
                .ask(
                        at.path(),
                        channel -> {
                            fill(channel, quoted(real(channel, at.path())), offset, target);
                            return true;
                        });
        String now = find(file.location()).map(StoredFile::version).orElse("");
        if (!now.equals(file.version()) || target.hasRemaining()) {
            throw StorageErrors.changed(file.location());
        }
    }

    private static void fill(ChannelSftp channel, String path, long offset, ByteBuffer target)
            throws SftpException, IOException {
        InputStream in = channel.get(path, null, offset);
        try {
            byte[] buffer = new byte[1 << 16];
            int read = 0;
            while (read >= 0 && target.hasRemaining()) {
                read = in.read(buffer, 0, Math.min(buffer.length, target.remaining()));
                target.put(buffer, 0, Math.max(0, read));
            }
        } catch (EOFException e) {
            // The file is shorter than it was: its version says so.
        } catch (IOException e) {
            // To close it first would wait for everything that it has asked for.
            channel.disconnect();
            throw e;
        }
        in.close();
    }

    @Override
    public OutputStream create(String location) {
        throw SftpErrors.readOnly(location);
    }

    @Override
    public void moveIn(Path local, String location) {
        throw SftpErrors.readOnly(location);
    }

    @Override
    public Path local(StoredFile file) {
        throw StorageErrors.noCache(file.location());
    }

    @Override
    public void delete(String location) {
        throw SftpErrors.readOnly(location);
    }

    @Override
    public void close() {
        servers.values().forEach(SftpServer::close);
    }
}
