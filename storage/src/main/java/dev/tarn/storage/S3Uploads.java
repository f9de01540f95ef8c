package dev.tarn.storage;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts new objects into a bucket: small ones in one request, large ones in parts that become an
 * object all at once. Parts of an upload that failed are thrown away.
 */
final class S3Uploads {
    static final int PART_BYTES = 8 << 20;
    private static final long WHOLE_BYTES = 32L << 20;
    private static final int MOST_PARTS = 10_000;
    private static final int PARTS_AT_ONCE = 4;
    private static final String MARK = "tarn-write";
    private static final String CONTENT = "application/octet-stream";

    private final S3Client client;
    private volatile boolean conditional = true;

    S3Uploads(S3Client client) {
        this.client = client;
    }

    /** Sends a whole file. */
    void file(Path local, S3Location to) {
        try {
            long bytes = Files.size(local);
            if (bytes <= WHOLE_BYTES) {
                whole(RequestBody.fromFile(local), to);
            } else {
                long part = Math.max(2L * PART_BYTES, Math.ceilDiv(bytes, MOST_PARTS));
                inParts(local, bytes, part, to);
            }
        } catch (IOException e) {
            throw StorageErrors.ofLocal(local.toString(), e);
        }
    }

    /** Makes an object in one request. */
    void whole(RequestBody body, S3Location to) {
        String mark = mark();
        underCondition(
                to,
                mark,
                condition ->
                        client.putObject(
                                r -> {
                                    r.bucket(to.bucket()).key(to.key());
                                    r.metadata(Map.of(MARK, mark));
                                    if (condition) {
                                        r.ifNoneMatch("*");
                                    }
                                },
                                body));
    }

    /** Begins an upload in parts. */
    Upload begin(S3Location to) {
        try {
            String mark = mark();
            String id =
                    client.createMultipartUpload(r ->
                                    r.bucket(to.bucket())
                                            .key(to.key())
                                            .metadata(Map.of(MARK, mark)))
                            .uploadId();
            return new Upload(to, id, mark);
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(to.toString(), e);
        }
    }

    /**
     * @param number from 1
     */
    CompletedPart part(Upload upload, int number, RequestBody body) {
        S3Location to = upload.location();
        try {
            String tag =
                    client.uploadPart(
                                    r ->
                                            r.bucket(to.bucket())
                                                    .key(to.key())
                                                    .uploadId(upload.id())
                                                    .partNumber(number),
                                    body)
                            .eTag();
            return CompletedPart.builder().partNumber(number).eTag(tag).build();
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(to.toString(), e);
        }
    }

    /** Makes the parts an object. */
    void complete(Upload upload, List<CompletedPart> parts) {
        S3Location to = upload.location();
        underCondition(
                to,
                upload.mark(),
                condition ->
                        client.completeMultipartUpload(r -> {
                            r.bucket(to.bucket()).key(to.key()).uploadId(upload.id());
                            r.multipartUpload(m -> m.parts(parts));
                            if (condition) {
                                r.ifNoneMatch("*");
                            }
                        }));
    }

    /** Throws the parts away. What cannot be thrown away now is left to the bucket's own rules. */
    void abort(Upload upload, TarnException reason) {
        S3Location to = upload.location();
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(to.bucket()).key(to.key()).uploadId(upload.id()));
        } catch (SdkException e) {
            reason.addSuppressed(e);
        }
    }

    private void inParts(Path local, long bytes, long partBytes, S3Location to) {
        Upload upload = begin(to);
        Semaphore turns = new Semaphore(PARTS_AT_ONCE);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CompletedPart>> running = new ArrayList<>();
            for (long from = 0; from < bytes; from += partBytes) {
                Slice slice = new Slice(local, from, Math.min(partBytes, bytes - from));
                int number = running.size() + 1;
                running.add(
                        pool.submit(() -> {
                            turns.acquire();
                            try {
                                return part(upload, number, slice.body());
                            } finally {
                                turns.release();
                            }
                        }));
            }
            List<CompletedPart> parts = new ArrayList<>();
            for (Future<CompletedPart> part : running) {
                parts.add(part.get());
            }
            complete(upload, parts);
        } catch (ExecutionException e) {
            TarnException reason =
                    e.getCause() instanceof TarnException t
                            ? t
                            : StorageErrors.failed(to.toString(), "the upload broke", e);
            abort(upload, reason);
            throw reason;
        } catch (InterruptedException e) {
            TarnException reason = StorageErrors.interrupted(to.toString());
            abort(upload, reason);
            throw reason;
        } catch (TarnException e) {
            abort(upload, e);
            throw e;
        }
    }

    private void underCondition(S3Location to, String mark, Conditional request) {
        try {
            try {
                request.send(conditional);
            } catch (S3Exception e) {
                if (conditional && e.statusCode() == 501) {
                    conditional = false;
                    request.send(false);
                } else if (e.statusCode() != 412 || !isOurs(to, mark)) {
                    throw e;
                }
            }
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(to.toString(), e);
        }
    }

    /**
     * Whether the object that stands in the way is our own: when an answer gets lost, the request
     * is sent again, and then the key is no longer free.
     */
    private boolean isOurs(S3Location to, String mark) {
        return mark.equals(
                client.headObject(r -> r.bucket(to.bucket()).key(to.key())).metadata().get(MARK));
    }

    private static String mark() {
        return UUID.randomUUID().toString();
    }

    /** An upload in parts that has begun. */
    record Upload(S3Location location, String id, String mark) {}

    private interface Conditional {
        void send(boolean condition);
    }

    /** A stretch of a file. */
    private record Slice(Path file, long from, long bytes) implements ContentStreamProvider {
        RequestBody body() {
            return RequestBody.fromContentProvider(this, bytes, CONTENT);
        }

        @Override
        public InputStream newStream() {
            try {
                FileChannel channel = FileChannel.open(file);
                channel.position(from);
                return new BoundedInput(Channels.newInputStream(channel), bytes);
            } catch (IOException e) {
                throw StorageErrors.ofLocal(file.toString(), e);
            }
        }
    }
}
