package dev.tarn.app;

import java.time.Duration;
import java.util.Optional;

/**
 * How a server works on jobs.
 *
 * @param workers tasks at a time; default: 64
 * @param builds tasks at a time that use the engine; default: two
 * @param poll how often it looks for what others changed; default: 250 ms
 * @param lease how long another server may be silent until its work is taken over; default: 15 s
 * @param look how often it looks for new tables and files; default: two seconds
 * @param history how long runs are remembered after their end; default: 90 days
 * @param containers what runs containers: {@code docker}, {@code podman}, {@code nerdctl}, {@code
 *     kubernetes}; default: a cluster if one is named, else the first that is there
 * @param kubernetes where a cluster is
 */
record JobSettings(
        int workers,
        int builds,
        Duration poll,
        Duration lease,
        Duration look,
        Duration history,
        Optional<String> containers,
        Kubernetes kubernetes) {

    /**
     * Where a cluster is.
     *
     * @param url of its API; default: the cluster in which this runs, if there is one
     * @param namespace default: that of the cluster in which this runs, else {@code default}
     * @param token a reference to the secret
     * @param ca a file of certificates to trust
     * @param account as which containers run
     */
    record Kubernetes(
            Optional<String> url,
            String namespace,
            Optional<String> token,
            Optional<String> ca,
            Optional<String> account) {}
}
