package dev.tarn.storage;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.SftpException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Path;

/** What is said about servers of SFTP. No text has a secret in it. */
final class SftpErrors {
    private SftpErrors() {}

    static TarnException notALocation(String location) {
        String shown = location.replaceFirst("://[^/@]*:[^/@]*@", "://…@");
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "'%s' is no place on a server of SFTP. Write sftp://user@host:22/path; passwords and keys belong into tarn.yml, as sftp.password or sftp.key."
                        .formatted(shown));
    }

    static TarnException readOnly(String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Files are only read from servers of SFTP, and %s would be written. Use a local path or s3://bucket/key."
                        .formatted(location));
    }

    static TarnException noUser(SftpLocation at) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "Nobody says as whom to read from %s. Write sftp://user@host/path, or set sftp.user in tarn.yml."
                        .formatted(at.address()));
    }

    static TarnException noAccount(SftpLocation at) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "There is neither a password nor a key for %s. Set sftp.password or sftp.key in tarn.yml, as env:NAME or file:PATH."
                        .formatted(at.address()));
    }

    static TarnException badKey() {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "What sftp.key refers to is no private key, or sftp.key_password does not open it.");
    }

    /**
     * @param type of the server's key
     */
    static TarnException unknownHost(
            SftpLocation at, Path knownHosts, String type, String fingerprint) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                "The server %s is not known: it has the %s key %s, and %s has none for it. Nothing was sent to it. Compare the fingerprint with what its owner says, then add it: ssh-keyscan -p %d %s >> %s"
                        .formatted(
                                at.address(),
                                type,
                                fingerprint,
                                knownHosts,
                                at.port(),
                                at.host(),
                                knownHosts));
    }

    static TarnException otherHost(
            SftpLocation at, Path knownHosts, String type, String fingerprint) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                "The server %s has another key than %s says: it has the %s key %s now. Either it was set up anew, or somebody stands between it and us. Nothing was sent to it. Ask its owner before you change the file."
                        .formatted(at.address(), knownHosts, type, fingerprint));
    }

    static TarnException noKnownHosts(SftpLocation at, Path file) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The keys of servers cannot be read from %s, so %s cannot be known. Make the file, or set sftp.known_hosts in tarn.yml."
                        .formatted(file, at.address()));
    }

    static TarnException denied(SftpLocation at, String user) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                "The server %s did not accept the account '%s'. Check what sftp.password or sftp.key refers to."
                        .formatted(at.address(), user));
    }

    static TarnException away(SftpLocation at, String reason, Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The server %s does not answer: %s. Nothing of this batch has landed; run again when it is there."
                        .formatted(at.address(), reason),
                cause);
    }

    /** Sorts what a server said of a file into the product's codes. */
    static TarnException of(SftpLocation at, String path, SftpException e) {
        String location = at.location(path);
        return switch (e.id) {
            case ChannelSftp.SSH_FX_NO_SUCH_FILE -> StorageErrors.missing(location);
            case ChannelSftp.SSH_FX_PERMISSION_DENIED ->
                    new TarnException(
                            ErrorCode.STORAGE_DENIED,
                            "The server %s does not let this account read %s."
                                    .formatted(at.address(), path),
                            e);
            default ->
                    new TarnException(
                            ErrorCode.STORAGE_FAILED,
                            "Cannot read %s: %s.".formatted(location, reason(e)),
                            e);
        };
    }

    static String reason(Throwable e) {
        Throwable lowest = e;
        while (lowest.getCause() != null) {
            lowest = lowest.getCause();
        }
        String text = lowest.getMessage();
        return text == null || text.isBlank()
                ? lowest.getClass().getSimpleName()
                : text.strip().replaceFirst("\\.$", "");
    }
}
