package dev.tarn.storage;

import dev.tarn.model.TarnException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The bytes of a new object; closing it makes the object appear, unless a write failed. */
final class S3Output extends OutputStream {
    private final S3Uploads uploads;
    private final S3Location location;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final List<CompletedPart> parts = new ArrayList<>();
    private S3Uploads.@Nullable Upload upload;
    private boolean finished;

    S3Output(S3Uploads uploads, S3Location location) {
        this.uploads = uploads;
        this.location = location;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            int taken = Math.min(left, S3Uploads.PART_BYTES - buffer.size());
            buffer.write(bytes, from, taken);
            from += taken;
            left -= taken;
            if (buffer.size() == S3Uploads.PART_BYTES) {
                orAbort(this::sendPart);
            }
        }
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        orAbort(this::finish);
        finished = true;
    }

    private void finish() {
        S3Uploads.Upload begun = upload;
        if (begun == null) {
            uploads.whole(RequestBody.fromBytes(buffer.toByteArray()), location);
            return;
        }
        if (buffer.size() > 0) {
            sendPart();
        }
        uploads.complete(begun, parts);
    }

    private void sendPart() {
        S3Uploads.Upload begun = upload == null ? uploads.begin(location) : upload;
        upload = begun;
        RequestBody body = RequestBody.fromBytes(buffer.toByteArray());
        parts.add(uploads.part(begun, parts.size() + 1, body));
        buffer.reset();
    }

    private void orAbort(Runnable step) {
        try {
            step.run();
        } catch (TarnException e) {
            finished = true;
            S3Uploads.Upload begun = upload;
            if (begun != null) {
                uploads.abort(begun, e);
            }
            throw e;
        }
    }
}
