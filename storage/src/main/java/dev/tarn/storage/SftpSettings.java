package dev.tarn.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach servers of SFTP.
 *
 * @param user where a location names none
 * @param key a private key, as OpenSSH or PEM writes it
 * @param knownHosts a file with the keys of servers, as OpenSSH writes it
 * @param connections how many files of one server are read at the same time
 * @param timeout for an answer
 */
public record SftpSettings(
        Optional<String> user,
        Optional<SecretRef> password,
        Optional<SecretRef> key,
        Optional<SecretRef> keyPassword,
        Path knownHosts,
        int connections,
        Duration timeout) {}
