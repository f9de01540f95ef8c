package dev.tarn.containers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a cluster is, and as whom it is asked.
 *
 * @param url of its API server; empty: nobody has said it
 * @param namespace where jobs are made
 * @param token is asked for each request, since tokens are renewed; empty: requests have none
 * @param ca certificates that its own must come from; empty: those that Java trusts
 * @param account as which the containers run; empty: the namespace's default
 * @param poll how often a job that waits or works is looked at
 */
public record KubernetesConfig(
        Optional<String> url,
        String namespace,
        Optional<Supplier<String>> token,
        Optional<Path> ca,
        Optional<String> account,
        Duration poll) {}
