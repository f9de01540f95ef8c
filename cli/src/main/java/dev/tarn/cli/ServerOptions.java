package dev.tarn.cli;

import picocli.CommandLine.Option;

/** Who does the work. */
final class ServerOptions {
    @Option(
            names = "--no-server",
            description = "Do it in this process, even if `tarn serve` could do it.")
    boolean unwanted;
}
