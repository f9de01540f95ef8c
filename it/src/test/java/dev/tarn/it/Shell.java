package dev.tarn.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Commands of this machine. */
final class Shell {
    private Shell() {}

    /** Returns why it did not work; empty if it did. */
    static String run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : "failed: " + output;
        } catch (IOException e) {
            return e.toString();
        }
    }
}
