package dev.tarn.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Files of an S3 bucket, at AWS or at any service that speaks its protocol. New files are written
 * under the condition that the key is free, where the service knows such conditions. Has no local
 * copies: put {@link CachingStorage} around it.
 */
public final class S3Storage implements RangedStorage {
    private final S3Settings settings;
    private @Nullable S3Client connected;
    private @Nullable S3Uploads uploads;

    /** Does not connect before a file is asked for. */
    public S3Storage(S3Settings settings) {
        this.settings = settings;
    }

    private synchronized S3Client client() {
        S3Client client = connected;
        if (client == null) {
            client = S3Clients.connect(settings);
            connected = client;
        }
        return client;
    }

    private synchronized S3Uploads uploads() {
        S3Uploads made = uploads;
        if (made == null) {
            made = new S3Uploads(client());
            uploads = made;
        }
        return made;
    }

    @Override
    public boolean handles(String location) {
        return location.startsWith(S3Location.SCHEME);
    }

    @Override
    public List<StoredFile> list(String folderOrGlob) {
        S3Location at = S3Location.parse(folderOrGlob);
        if (Glob.isGlob(folderOrGlob)) {
            Glob glob = Glob.of(folderOrGlob);
            String prefix = prefix(S3Location.parse(glob.root()).key());
            return list(at.withKey(prefix), glob::matches);
        }
        String prefix = prefix(at.key());
        int rootLength = at.withKey(prefix).toString().length();
        List<StoredFile> below =
                list(at.withKey(prefix), l -> !Glob.isHidden(l.substring(rootLength)));
        if (!below.isEmpty() || at.key().isEmpty() || at.key().endsWith("/")) {
            return below;
        }
        return find(folderOrGlob).map(List::of).orElse(List.of());
    }

    @Override
    public Optional<StoredFile> find(String location) {
        S3Location file = S3Location.ofFile(location);
        try {
            HeadObjectResponse head =
                    client().headObject(r -> r.bucket(file.bucket()).key(file.key()));
            return Optional.of(
                    new StoredFile(
                            location,
                            head.contentLength(),
                            head.lastModified(),
                            version(head.eTag())));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw StorageErrors.ofRemote(location, e);
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(location, e);
        }
    }

    @Override
    public InputStream open(String location) {
        return open(location, 0);
    }

    @Override
    public InputStream open(String location, long offset) {
        S3Location file = S3Location.ofFile(location);
        try {
            return new S3Input(
                    location,
                    client().getObject(r -> {
                        r.bucket(file.bucket()).key(file.key());
                        if (offset > 0) {
                            r.range("bytes=" + offset + "-");
                        }
                    }));
        } catch (SdkException e) {
            if (e instanceof S3Exception s && s.statusCode() == 416) {
                return InputStream.nullInputStream();
            }
            throw StorageErrors.ofRemote(location, e);
        }
    }

    @Override
    public void read(StoredFile stored, long offset, ByteBuffer target) {
        S3Location file = S3Location.ofFile(stored.location());
        String range = "bytes=" + offset + "-" + (offset + target.remaining() - 1);
        try (ResponseInputStream<GetObjectResponse> in =
                client().getObject(r ->
                        r.bucket(file.bucket())
                                .key(file.key())
                                .range(range)
                                .ifMatch('"' + stored.version() + '"'))) {
            byte[] buffer = new byte[Math.min(1 << 16, target.remaining())];
            while (target.hasRemaining()) {
                int read = in.read(buffer, 0, Math.min(buffer.length, target.remaining()));
                if (read < 0) {
                    throw StorageErrors.changed(stored.location());
                }
                target.put(buffer, 0, read);
            }
        } catch (IOException e) {
            throw StorageErrors.failed(stored.location(), "the connection broke", e);
        } catch (SdkException e) {
            if (e instanceof S3Exception s && (s.statusCode() == 412 || s.statusCode() == 416)) {
                throw StorageErrors.changed(stored.location());
            }
            throw StorageErrors.ofRemote(stored.location(), e);
        }
    }

    @Override
    public OutputStream create(String location) {
        return new S3Output(uploads(), S3Location.ofFile(location));
    }

    @Override
    public void moveIn(Path local, String location) {
        if (!Files.isRegularFile(local)) {
            throw StorageErrors.missing(local.toString());
        }
        uploads().file(local, S3Location.ofFile(location));
        try {
            Files.delete(local);
        } catch (IOException e) {
            throw StorageErrors.ofLocal(local.toString(), e);
        }
    }

    /**
     * @throws dev.tarn.model.TarnException {@code UNSUPPORTED}: copies belong in a cache
     */
    @Override
    public Path local(StoredFile file) {
        throw StorageErrors.noCache(file.location());
    }

    @Override
    public void delete(String location) {
        S3Location file = S3Location.ofFile(location);
        try {
            client().deleteObject(r -> r.bucket(file.bucket()).key(file.key()));
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(location, e);
        }
    }

    @Override
    public synchronized void close() {
        if (connected != null) {
            connected.close();
        }
    }

    private List<StoredFile> list(S3Location prefix, Predicate<String> wanted) {
        List<StoredFile> found = new ArrayList<>();
        try {
            for (S3Object object :
                    client().listObjectsV2Paginator(
                                    r -> r.bucket(prefix.bucket()).prefix(prefix.key()))
                            .contents()) {
                String location = prefix.withKey(object.key()).toString();
                if (!object.key().endsWith("/") && wanted.test(location)) {
                    found.add(
                            new StoredFile(
                                    location,
                                    object.size(),
                                    object.lastModified(),
                                    version(object.eTag())));
                }
            }
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(prefix.toString(), e);
        }
        found.sort(Comparator.comparing(StoredFile::location));
        return List.copyOf(found);
    }

    private static String prefix(String folder) {
        return folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
    }

    private static String version(String tag) {
        return tag.replace("\"", "");
    }
}
