package dev.tarn.server;

import dev.tarn.spi.HttpProtocol;

/**
 * A protocol and where it is served.
 *
 * @param path such as {@code /iceberg}; everything below it is the protocol's. Empty for what
 *     answers wherever no other mount does; it comes last
 */
public record Mount(String path, HttpProtocol protocol) {}
