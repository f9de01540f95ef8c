package dev.tarn.server;

import dev.tarn.spi.HttpProtocol;

/**
 * A protocol and where it is served.
 *
 * @param path such as {@code /iceberg}; everything below it is the protocol's
 */
public record Mount(String path, HttpProtocol protocol) {}
