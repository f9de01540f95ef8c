package dev.tarn.storage;

/**
 * A place in an object store.
 *
 * @param key empty for the bucket as a whole
 */
record S3Location(String bucket, String key) {
    static final String SCHEME = "s3://";

    static S3Location parse(String location) {
        if (!location.startsWith(SCHEME)) {
            throw StorageErrors.notALocation(location);
        }
        String rest = location.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        if (bucket.isEmpty()) {
            throw StorageErrors.notALocation(location);
        }
        return new S3Location(bucket, slash < 0 ? "" : rest.substring(slash + 1));
    }

    /** Parses the location of a file, which cannot be a bucket as a whole. */
    static S3Location ofFile(String location) {
        S3Location parsed = parse(location);
        if (parsed.key.isEmpty() || parsed.key.endsWith("/")) {
            throw StorageErrors.notALocation(location);
        }
        return parsed;
    }

    S3Location withKey(String newKey) {
        return new S3Location(bucket, newKey);
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}
