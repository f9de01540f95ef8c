package dev.tarn.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How servers are talked to.
 *
 * @param timeout for one answer as a whole, from the first byte that is sent
 * @param retries after so many failures it is given up
 * @param mostBytes the longest answer
 * @param longestWait how long a server may ask to be left alone
 * @param pause between two requests
 * @param authority a file with certificates in PEM that are trusted
 */
record Transport(
        Duration timeout,
        int retries,
        long mostBytes,
        Duration longestWait,
        Duration pause,
        Optional<Path> authority) {}
