package dev.tarn.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that a task starts. */
final class Greeter {
    private Greeter() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("working in " + Path.of("").toAbsolutePath());
        if (arguments[0].equals("fail")) {
            System.out.println("it failed");
            System.exit(4);
        }
        Files.writeString(
                Path.of(System.getenv("TARN_OUTPUT")),
                "%s %s %s"
                        .formatted(arguments[0], System.getenv("WHO"), System.getProperty("mood")));
    }
}
