package dev.tarn.spi;

import dev.tarn.model.TarnException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs programs in containers. Safe for use by many threads. */
public interface Containers {
    /**
     * Runs one container to its end.
     *
     * @return what it wrote to the file that its variable {@code TARN_OUTPUT} names
     * @throws TarnException {@code NODE_FAILED} if it ended with another code than 0; {@code
     *     INTERRUPTED} if it was stopped; others for what keeps it from being run
     */
    String run(Order order, Watch watch);

    /**
     * What is to be run.
     *
     * @param name letters, digits and hyphens, 63 at most; there are never two of one name
     * @param command instead of what the image says; empty: what the image says
     * @param folders of this machine, each with the place where the container sees it
     * @param cpus a number of processors, such as {@code 0.5}
     */
    record Order(
            String name,
            String image,
            List<String> command,
            Map<String, String> environment,
            Map<String, String> folders,
            Optional<Long> memoryBytes,
            Optional<String> cpus) {
        public Order {
            command = List.copyOf(command);
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
            folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
        }
    }

    /** Who waits for it. */
    interface Watch {
        /** Text that the program printed, as it comes. */
        void print(String text);

        /** Does something when the program is to be stopped; at once if it already was. */
        void onStop(Runnable action);

        /** Whether it is to be stopped. */
        boolean isStopped();

        /** Whether another server goes on with it. */
        boolean isHandedOver();
    }
}
