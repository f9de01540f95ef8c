package dev.tarn.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The bytes of an object. Closing it early gives up the connection instead of reading on. */
final class S3Input extends FilterInputStream {
    private final String location;
    private final ResponseInputStream<GetObjectResponse> response;
    private boolean atEnd;

    S3Input(String location, ResponseInputStream<GetObjectResponse> response) {
        super(response);
        this.location = location;
        this.response = response;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int read = response.read(bytes, offset, length);
            atEnd = read < 0;
            return read;
        } catch (SdkException e) {
            throw StorageErrors.ofRemote(location, e);
        } catch (IOException e) {
            throw StorageErrors.failed(location, "the connection broke", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (atEnd) {
            response.close();
        } else {
            response.abort();
        }
    }
}
